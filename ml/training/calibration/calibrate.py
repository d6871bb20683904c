"""Calibrates the reading of numbers: `python -m ml.training.calibration.calibrate`.

Strips with their labels go in; `reader.json` comes out, with the weights of the recognisers, the calibration of
confidences, and an operating point for each error rate. The networks' weights never see a real amount; the calibration
is fitted on some hundreds of them. Figures are cross-validated: calibration and threshold come from one half, and the
other half is counted. The calibration that ships is fitted on all of them, and its card says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.files.limits import Limits
from ml.reading.operating_points import MODELS, SHIPPED_READER, OperatingPoint
from ml.reading.reader import SHIPPED_NETWORK, SHIPPED_STRINGS, Reader, SecondReaderStage
from ml.reading.recognisers.calibration import Calibration, DecisionRule
from ml.reading.recognisers.classify import Classifier
from ml.reading.recognisers.second_reader import SecondReader
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.calibration.acceptance import (
    ERROR_RATE,
    Outcome,
    counts_at,
    guaranteed_threshold,
    more_needed,
    threshold_for,
    upper_bound,
)
from ml.training.calibration.strips import (
    ALWAYS,
    Calibrations,
    ObservedStrip,
    always_ask_second,
    cross_validate,
    observe,
)
from ml.training.datasets import LabelledNumber, data_folder, load_courtesy_amounts, load_mnist, mnist_folder, split
from ml.training.fields.amounts import compose_amount
from ml.training.fields.digits import Writers
from ml.training.synthesis.strings import compose_strings, png

ERROR_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
"""The error rates that an operator may choose."""

COMPOSED, COMPOSED_SEED = 2_000, 11
"""Composed amounts, where no real ones are at hand."""

OTHERS, OTHERS_SEED = 800, 21
"""Composed numbers for which the thresholds of strips must do too. Real amounts are of one country's hands. A threshold
chosen on them alone let a third more errors pass on numbers of MNIST's digits than intended."""

_UNCALIBRATED = Calibration((0.5, 0.5), 0.0, 1.0, 0.0, 0.0)
_UNCALIBRATED_SECOND = Calibration((0.5, 0.5, 0.5), 0.0, 1.0, 0.0, 0.0)


def operating_points(
    shipped: list[Outcome], unseen: list[Outcome], others: list[Outcome] | None = None
) -> tuple[OperatingPoint, ...]:
    """The operating points that an operator may choose from, the least error rate first.

    Args:
        shipped: Outcomes with the confidences of the calibration that ships: thresholds are chosen on these.
        unseen: Outcomes of the same values, with the confidences of calibrations that have not seen them: guarantees
            hold for these, and what passes and is wrong is counted on them.
        others: Outcomes of values in other hands, with the confidences of the calibration that ships: thresholds must
            do for these too.
    """
    points: list[OperatingPoint] = []
    lowest = math.inf
    for rate in sorted(ERROR_RATES):
        guaranteed = guaranteed_threshold(unseen, rate)
        # A greater error rate never lets fewer values pass: its guarantee must not ask for more than a lesser rate.
        lowest = min(threshold_for(shipped, rate) if guaranteed is None else guaranteed, lowest)
        elsewhere = threshold_for(others, rate) if others is not None else 0.0
        # A threshold chosen on other values is proved by these values without dividing delta among steps.
        provable = lowest == guaranteed or elsewhere > lowest
        threshold = max(lowest, elsewhere)
        point = counts_at(unseen, threshold)
        bound = round(upper_bound(point.wrong, point.passed), 5)
        more = 0 if provable and bound <= rate else max(1, more_needed(point, rate))
        points.append(OperatingPoint(rate, round(threshold, 6), point.strings, point.passed, point.wrong, bound, more))
    return tuple(points)


def composed_amounts(count: int, seed: int) -> list[LabelledNumber]:
    """Amounts composed of held-out digits and drawn ones, as files."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    rng, writers = np.random.default_rng(seed), Writers(held_out)
    amounts = (compose_amount(writers, rng) for _ in range(count))
    return [
        LabelledNumber(f"composed-{number}", png(amount.image), amount.digits) for number, amount in enumerate(amounts)
    ]


def composed_strings(count: int, seed: int) -> list[LabelledNumber]:
    """Numbers composed of held-out digits, as files."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    strings = compose_strings(held_out, count, seed)
    return [LabelledNumber("", png(string.image), string.digits) for string in strings]


def calibrate(models: Path) -> dict[str, Any]:
    """Calibrate the networks in a folder and write `reader.json` beside them; returns the card."""
    reader = _uncalibrated_reader(models)
    real = load_courtesy_amounts(data_folder())
    strips = observe(real or composed_amounts(COMPOSED, COMPOSED_SEED), reader)
    halves = np.array([amount.first_half for amount in real]) if real else np.arange(len(strips)) % 2 == 0
    calibrations = Calibrations.fit(strips)
    second = reader.second
    reader = replace(
        reader,
        rule_alone=DecisionRule(calibrations.alone, ()),
        second=second
        and replace(
            second,
            decision_rule=DecisionRule(calibrations.with_second, ()),
            asked_below=calibrations.asked_below,
        ),
    )
    card: dict[str, Any] = {
        "networks": {network.name: _sha256(models / network.name) for network in (SHIPPED_NETWORK, SHIPPED_STRINGS)},
        "error_rate": ERROR_RATE,
        "strips_are": "courtesy amounts from real cheques" if real else "composed amounts",
        "strips_do_for": "numbers composed of held-out digits",
        "second": {"sha256": second.reader.sha256, "asked_below": calibrations.asked_below} if second else None,
    }
    others = observe(composed_strings(OTHERS, OTHERS_SEED), always_ask_second(reader))
    card["alone"] = _rule_card(strips, halves, calibrations, others, second=False)
    if second:
        card["with_second"] = _rule_card(strips, halves, calibrations, others, second=True)
    (models / SHIPPED_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def _uncalibrated_reader(models: Path) -> Reader:
    """A reader with the networks in a folder that counts all recognisers equally, and always asks the second reader."""
    networks = Classifier.load(models / SHIPPED_NETWORK.name), Transcriber.load(models / SHIPPED_STRINGS.name)
    second_reader = SecondReader.load()
    rule = DecisionRule(_UNCALIBRATED_SECOND, ())
    second = SecondReaderStage(second_reader, rule, ALWAYS) if second_reader else None
    return Reader(*networks, DecisionRule(_UNCALIBRATED, ()), second, ERROR_RATE, Limits())


def _rule_card(
    strips: list[ObservedStrip],
    halves: NDArray[np.bool_],
    calibrations: Calibrations,
    others: list[ObservedStrip],
    *,
    second: bool,
) -> dict[str, Any]:
    """The card's part on the decision rule without the second reader, or with it."""
    shipped = [calibrations.outcome(strip, second=second) for strip in strips]
    in_other_hands = [calibrations.outcome(strip, second=second) for strip in others]
    validation = cross_validate(strips, halves, second=second)
    return {
        "calibration": asdict(calibrations.with_second if second else calibrations.alone),
        "both_ways": {
            "right_all_read": round(sum(outcome.right for outcome in validation.outcomes) / len(strips), 4),
            "error_rate_chosen": ERROR_RATE,
            "passed": validation.point.passed,
            "wrong": validation.point.wrong,
            "interval_95": [round(bound, 5) for bound in validation.point.interval],
        },
        "points": [asdict(point) for point in operating_points(shipped, list(validation.outcomes), in_other_hands)],
    }


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder with both networks")
    sys.stdout.write(json.dumps(calibrate(parser.parse_args(arguments).models), indent=2) + "\n")


if __name__ == "__main__":
    main()
