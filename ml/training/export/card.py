"""The card of the network of digits: what it is, what made it, and its errors. Records in, a JSON object out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import NO_DIGIT
from ml.reading.operating_points import wilson
from ml.training.datasets import Digits

DATA = {
    "mnist": "MNIST training set, 55,000 of 60,000 (LeCun, Cortes, Burges; CC BY-SA 3.0)",
    "drawn": "Marks drawn by ml.training.synthesis.marks, partly from those digits",
    "found": "Digits and marks that reading finds in amounts composed by ml.training.fields.amounts of those digits "
    "and of our own strokes",
    "letters": "Omniglot (Lake et al., MIT) and Devanagari letters (Acharya et al., DHCD, CC BY 4.0), "
    "without Sanskrit, Tagalog and Early Aramaic",
}


def digit_figures(chances: NDArray[np.float32], digits: Digits) -> dict[str, Any]:
    """Errors on single digits. The likeliest of all 11 classes counts, so a digit called no digit is an error.

    Args:
        chances: float32, count × 11: the network's probabilities.
        digits: The digits that it looked at, with their labels.
    """
    classes = chances.argmax(axis=1)
    wrong = int((classes != digits.labels).sum())
    return {
        "digits": len(classes),
        "wrong": wrong,
        "error": round(wrong / len(classes), 6),
        "interval_95": [round(bound, 6) for bound in wilson(wrong, len(classes))],
        "called_no_digit": int((classes == NO_DIGIT).sum()),
    }


def model_card(
    record: dict[str, Any], form: dict[str, Any], held_out: dict[str, Any], test: dict[str, Any]
) -> dict[str, Any]:
    """The card without the checksum.

    Args:
        record: The record of training, from `history.json`.
        form: Name of the file's form, number of weights, and the forms that were measured.
        held_out: Figures on the 5,000 held out.
        test: Figures on MNIST's test set, read once, after everything was chosen.
    """
    settings = record["settings"]
    sources = {name: what for name, what in DATA.items() if name == "mnist" or record["marks"].get(name)}
    return {
        "name": "digits",
        "input": "float32, N × 28 × 28 × 1, paper 0.0, ink 1.0, normalised by ml.reading.recognisers.normalise",
        "output": "float32, N × 11: the probabilities of 0 to 9 and of no digit",
        "command": f"python -m ml.training.runs.train_digits --epochs {settings['epochs']} --seed {settings['seed']}",
        "date": datetime.now(UTC).date().isoformat(),
        "data": {
            name: {"what": what, "count": record["marks"].get(name, record["digits"])} for name, what in sources.items()
        },
        "found_digits": record.get("found_digits", 0),
        "settings": settings,
        "history": "digits.history.json",
        **form,
        "held_out": held_out,
        "mnist_test": test,
    }
