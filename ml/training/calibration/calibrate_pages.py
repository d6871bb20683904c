"""Calibrates numbers without a layout, by the place where they stand.

`python -m ml.training.calibration.calibrate_pages`: drawn pages of every kind, and real ones to build on, go in;
`pages_reader.json` comes out, with a model of acceptance for each place, and an operating point for each error rate.
Everything is judged by a model that was fitted without it: drawn pages fold by fold, real ones a whole set at a time.
Thresholds are chosen on these judgements.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

# Threads that share small matrices spend their time waiting for one another. It must be set before NumPy is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from ml.reading.acceptance.evidence import EVIDENCE
from ml.reading.acceptance.model import Features, confidences
from ml.reading.operating_points import MODELS, NEVER, PAGES_READER, OperatingPoint, threshold_of, wilson
from ml.reading.reader import PRINT_NETWORK, FieldNetwork, Reader
from ml.reading.recognisers.line_network import LineNetwork
from ml.training.calibration.acceptance import (
    ERROR_RATE,
    LEAST_THRESHOLD,
    Outcome,
    counts_at,
    more_needed,
    upper_bound,
)
from ml.training.calibration.additive import curves_card, fit_curves
from ml.training.calibration.calibrate import ERROR_RATES
from ml.training.calibration.judged import JudgedNumber, drawn_numbers, empty_strips, real_numbers
from ml.training.datasets import data_folder

PAGES, SEED = 40, 41
"""Drawn pages of each kind."""

EMPTY, EMPTY_SEED = 600, 44
"""Patches without writing."""

_SLACK = 0.5
"""Standard deviations by which errors that were counted may lie above an error rate."""

_ERRORS_TO_COUNT = 3
"""So many errors at an error rate are enough to be counted."""


def model_card(features: type[Features], numbers: Sequence[JudgedNumber]) -> dict[str, Any]:
    """A card with the model, and its operating points; the figures are of parts that the model did not see.

    Thresholds must do as well for whole sets that it did not see.

    Args:
        features: The evidence.
        numbers: Of one place.

    Raises:
        ValueError: The numbers are of one fold alone, so that none can be left out.
    """
    rows, right = np.stack([number.row for number in numbers]), np.array([number.right for number in numbers])
    weights = np.array([number.weight for number in numbers])

    def unseen(folds: list[str]) -> list[Outcome]:
        """Every number judged by a model that was fitted on the other folds."""
        if len(set(folds)) < 2:
            raise ValueError("there is only one fold: none can be left out")
        judged = np.zeros(len(numbers))
        for fold in sorted(set(folds)):
            here = np.array([one == fold for one in folds])
            bias, curves = fit_curves(features, rows[~here], right[~here], weights[~here])
            judged[here] = confidences(bias, curves, rows[here])
        passing = zip(numbers, judged, strict=True)
        return [Outcome(number.right, 0.0 if number.barred else float(one)) for number, one in passing]

    bias, curves = fit_curves(features, rows, right, weights)
    outcomes = unseen([number.part for number in numbers])
    points = points_for(outcomes, unseen([number.fold for number in numbers]))
    return {
        "bias": round(bias, 4),
        "curves": curves_card(features, curves),
        "points": [asdict(point) for point in points],
        "sources": _sources_card(numbers, outcomes, threshold_of(points, ERROR_RATE)),
    }


def points_for(seen: list[Outcome], unseen: list[Outcome]) -> tuple[OperatingPoint, ...]:
    """The operating points, the least error rate first.

    Args:
        seen: Outcomes of numbers by models that have seen others of their set: what is counted is counted on these.
        unseen: The same by models that saw nothing of the set: thresholds must do for these too.
    """
    points: list[OperatingPoint] = []
    for rate in sorted(ERROR_RATES):
        before = points[-1].threshold if points else NEVER
        threshold = min(max(_least_threshold(seen, rate), _least_threshold(unseen, rate)), before)
        point = counts_at(seen, threshold)
        bound = upper_bound(point.wrong, point.passed) if point.passed else 1.0
        more = 0 if bound <= rate else max(1, more_needed(point, rate))
        points.append(
            OperatingPoint(rate, round(threshold, 6), point.strings, point.passed, point.wrong, round(bound, 5), more)
        )
    return tuple(points)


def _least_threshold(outcomes: list[Outcome], rate: float) -> float:
    """The lowest threshold at which the errors that were counted do not tell of a greater rate; `NEVER` if none is.

    Half a standard deviation is allowed for: else one error more or less among the surest moves it from end to end.
    Where too few pass to count errors at this rate, the model's own expectation has to keep it too.
    """
    for step in sorted({max(outcome.confidence, LEAST_THRESHOLD) for outcome in outcomes}):
        point = counts_at(outcomes, step)
        doubt = sum(1 - outcome.confidence for outcome in outcomes if outcome.confidence >= step)
        is_expected = point.passed * rate >= _ERRORS_TO_COUNT or doubt <= rate * point.passed
        if is_expected and wilson(point.wrong, point.passed, _SLACK)[0] <= rate:
            return step
    return NEVER


def _sources_card(
    numbers: Sequence[JudgedNumber], outcomes: Sequence[Outcome], threshold: float
) -> dict[str, dict[str, int]]:
    """By source how many numbers were found, were right, pass at the shipped error rate, and are wrong among these."""
    counted = {name: Counter[str]() for name in sorted({number.source for number in numbers})}
    for number, outcome in zip(numbers, outcomes, strict=True):
        passes = outcome.confidence >= threshold
        counted[number.source].update(found=1, right=outcome.right, passed=passes, wrong=passes and not outcome.right)
    return {source: dict(counts) for source, counts in counted.items()}


def calibrate(models: Path, pages: int = PAGES) -> dict[str, Any]:
    """Fit the models for the shipped networks and write `pages_reader.json` to a folder; returns the card.

    Args:
        models: The folder.
        pages: Drawn pages of each kind.
    """
    printing = LineNetwork.load(PRINT_NETWORK)
    reader = replace(Reader.of_numbers(), fields=FieldNetwork.shipped(), printing=printing)
    card: dict[str, Any] = {"networks": reader.own_networks, "error_rate": ERROR_RATE}
    readers = {"alone": replace(reader, second=None)} | ({"with_second": reader} if reader.second else {})
    for name, each in readers.items():
        card[name] = _part(each, pages)
    (models / PAGES_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def _part(reader: Reader, pages: int) -> dict[str, Any]:
    """The card's part on one reader: a model for each place."""
    folder = data_folder()
    numbers = [
        *drawn_numbers(pages, SEED, reader),
        *empty_strips(EMPTY, EMPTY_SEED, reader),
        *real_numbers(folder, reader),
    ]
    return {
        place: model_card(features, [number for number in numbers if number.place == place])
        for place, features in EVIDENCE.items()
    }


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS, help="the folder that the card is written to")
    parser.add_argument("--pages", type=int, default=PAGES, help="drawn pages of each kind")
    options = parser.parse_args(arguments)
    sys.stdout.write(json.dumps(calibrate(options.models, options.pages), indent=2) + "\n")


if __name__ == "__main__":
    main()
