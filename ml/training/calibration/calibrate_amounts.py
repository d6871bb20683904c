"""Calibrates amounts beside which words stand: `python -m ml.training.calibration.calibrate_amounts --fonts FOLDER`.

Drawn cheques, and real ones to build on, go in; `amounts_reader.json` comes out, with a model of acceptance and an
operating point for each error rate. One of five drawn cheques contradicts itself: it counts as wrong, whatever is read.
Figures are of parts that the model did not see; a threshold has to hold as well where whole banks of real cheques are
left out. It has to be made again whenever the way to the words changes: their line, what is read on it, what it costs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

# Threads that share small matrices spend their time waiting for one another. It must be set before NumPy is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from ml.reading.acceptance.evidence import AmountFeatures
from ml.reading.acceptance.model import AcceptanceModel, Features, Judged
from ml.reading.elements import Reading
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.operating_points import AMOUNTS_READER, FIELDS_READER, MODELS
from ml.reading.read import read_scan
from ml.reading.reader import WORDS_NETWORK, FieldNetwork, Reader
from ml.reading.recognisers.line_network import LineNetwork
from ml.training.calibration.acceptance import ERROR_RATE
from ml.training.calibration.calibrate_pages import model_card
from ml.training.calibration.judged import JudgedNumber, held_out_writers
from ml.training.datasets import data_folder
from ml.training.real_cheques import RealCheque, american_cheques, indian_cheques
from ml.training.sheets.cheques import CLEAN, OTHERS, PHOTOGRAPHED, DrawnCheque, draw_cheques
from ml.training.synthesis.strings import png
from ml.training.words.fonts import fonts_folder
from ml.training.words.sources import known_and_unseen

CHEQUES, SEED, PARTS = 1600, 51, 5
"""Drawn cheques, and in how many parts they are judged."""

CONTRADICTING = 0.2
"""Share of the drawn cheques that contradict themselves."""

_CONTRADICTING_WEIGHT, _REAL_WEIGHT = 0.5, 3.0
"""Most people write the same twice; a real cheque counts as much as this number of drawn ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Listening(AcceptanceModel):
    """In place of a model: it lets all pass that no rule bars, and keeps the evidence that it is given."""

    heard: list[Features] = field(default_factory=list)

    @classmethod
    def to_amounts(cls) -> Listening:
        """One that hears nothing yet."""
        return cls(AmountFeatures, 0.0, (), ())

    def judge(self, features: Features) -> Judged:
        """Keep the evidence."""
        self.heard.append(features)
        return Judged(1.0, "", is_known=True)

    def threshold(self, error_rate: float) -> float:
        """All pass, whatever the error rate."""
        return 0.0


def judged_amount(scan: bytes, reader: Reader) -> tuple[Features, dict[str, Reading]] | None:
    """The evidence for the amount on a cheque, and the readings of all its fields; None where no amount was found.

    Args:
        scan: A file.
        reader: It reads the figures, and the words.
    """
    listening = Listening.to_amounts()
    listener = replace(reader, acceptance={**reader.acceptance, "amount": listening})
    for page in read_scan(scan, shipped_layouts(), listener):
        fields = {reading.field: reading for reading in page.fields}
        if "amount" in fields and listening.heard:
            return listening.heard[-1], fields
    return None


def drawn_amounts(cheques: Iterable[DrawnCheque], reader: Reader) -> Iterator[JudgedNumber]:
    """The amounts that are found on drawn cheques, judged."""
    for number, cheque in enumerate(cheques):
        found = judged_amount(png(cheque.picture), reader)
        if found is not None:
            right = found[1]["amount"].value == cheque.filled.values["amount"] and not cheque.contradicts
            source = f"{cheque.filled.layout.name}, {'contradicting' if cheque.contradicts else cheque.way}"
            weight = _CONTRADICTING_WEIGHT if cheque.contradicts else 1.0
            part = f"drawn {number // 2 % PARTS}"
            yield _judged(found[0], found[1]["amount"], source, (part, part), right=right, weight=weight)


def real_amounts(kind: str, cheques: Iterable[RealCheque], reader: Reader) -> Iterator[JudgedNumber]:
    """The amounts that are found on real cheques, judged; `kind` names them."""
    for number, cheque in enumerate(cheques):
        found = judged_amount(cheque.file.read_bytes(), reader) if "amount" in cheque.values else None
        if found is not None:
            right = found[1]["amount"].value == cheque.values["amount"]
            folds = f"{kind}, bank {_bank(found[1])}", f"{kind} {number % PARTS}"
            yield _judged(found[0], found[1]["amount"], kind, folds, right=right, weight=_REAL_WEIGHT)


def _bank(fields: dict[str, Reading]) -> str:
    """The bank's number: the middle three digits of a sort code, the first four of a routing number."""
    if "sort_code" in fields:
        return fields["sort_code"].value[3:6] or "unknown"
    return fields["routing_number"].value[:4] or "unknown" if "routing_number" in fields else "unknown"


def _judged(
    features: Features, reading: Reading, source: str, folds: tuple[str, str], *, right: bool, weight: float
) -> JudgedNumber:
    return JudgedNumber("amount", source, *folds, right, features.row, not reading.accepted, weight)


def calibrate(models: Path, fonts: Path, cheques: range = range(CHEQUES)) -> dict[str, Any]:
    """Fit the model for the shipped networks and write `amounts_reader.json` to a folder; returns the card.

    Args:
        models: The folder.
        fonts: The fonts of handwriting.
        cheques: The drawn cheques, by their number.

    Raises:
        ValueError: The second reader is not installed.
    """
    reader = replace(Reader.of_numbers(), fields=FieldNetwork.shipped(), words=LineNetwork.load(WORDS_NETWORK))
    if reader.second is None:
        raise ValueError("The model is for a reader with the second reader, which is not installed.")
    known, _ = known_and_unseen(fonts)
    ways = (*CLEAN, *PHOTOGRAPHED, *OTHERS)
    drawn = draw_cheques(known, held_out_writers(), cheques, SEED, ways=ways, contradicting=CONTRADICTING)
    numbers = list(drawn_amounts(drawn, reader))
    if folder := data_folder():
        numbers += real_amounts("US cheques", american_cheques(folder), reader)
        numbers += real_amounts("Indian cheques", indian_cheques(folder), reader)
    card = {
        "reader": reader.sha256,
        "fields_reader": hashlib.sha256(FIELDS_READER.read_bytes()).hexdigest(),
        "error_rate": ERROR_RATE,
        "with_second": model_card(AmountFeatures, numbers),
    }
    (models / AMOUNTS_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, help="where `npm install` put the fonts; else COUNTERSIGN_FONTS")
    parser.add_argument("--models", type=Path, default=MODELS, help="the folder that the card is written to")
    parser.add_argument("--cheques", type=int, default=CHEQUES, help="drawn cheques")
    options = parser.parse_args(arguments)
    card = calibrate(options.models, fonts_folder(options.fonts), range(options.cheques))
    sys.stdout.write(json.dumps(card, indent=2) + "\n")


if __name__ == "__main__":
    main()
