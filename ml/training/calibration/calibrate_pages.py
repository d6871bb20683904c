"""Calibrates numbers on any page: `python -m ml.training.calibration.calibrate_pages`.

Drawn pages of every kind, and real ones to build on, go in; `pages_reader.json` comes out, with the model of acceptance
and an operating point for each error rate. Everything is judged by a model that was fitted without it: drawn pages fold
by fold, real ones a whole set at a time. Thresholds are chosen on these judgements.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.ink.ink import find_ink
from ml.reading.numbers.read import NumberEvidence, evidence_on
from ml.reading.operating_points import MODELS, threshold_of
from ml.reading.reader import PAGES_READER, FieldNetwork, Reader
from ml.reading.recognisers.acceptance import confidences
from ml.reading.tables.read import read_tables
from ml.training.calibration.acceptance import ERROR_RATE, Outcome
from ml.training.calibration.additive import curves_card, fit_curves
from ml.training.calibration.calibrate import operating_points
from ml.training.datasets import data_folder, load_mnist, mnist_folder, split
from ml.training.fields.digits import Writers
from ml.training.pages.kinds import KINDS, draw_page
from ml.training.pages.page import DrawnPage
from ml.training.pages.real import PageSet, sets_to_build_on

PAGES, SEED = 60, 41
"""Drawn pages of each kind."""

_FOLDS = 5
"""Drawn pages are judged in so many folds, each with pages of every kind. Real ones are judged a set at a time."""

_REAL_WEIGHT = 3.0
"""A number of a real page counts as much as this number of drawn ones."""

_OVERLAP = 0.3
"""A reading is of the number of which its box covers this share, or that covers this share of it."""

_SAME_SIGN = str.maketrans(",", ".")


@dataclass(frozen=True, slots=True, eq=False)
class JudgedNumber:
    """A number that was found on a page, judged.

    Attributes:
        source: The kind of drawn page, or the set of real ones.
        fold: It is judged by a model that was fitted on the other folds.
        right: Whether exactly this is written there.
        row: float64, its features.
        barred: Whether a person is asked in any case.
        weight: How much it counts in the fit.
    """

    source: str
    fold: str
    right: bool
    row: NDArray[np.float64]
    barred: bool
    weight: float


def drawn_numbers(count: int, seed: int, reader: Reader) -> Iterator[JudgedNumber]:
    """The numbers that a reader finds on drawn pages, `count` of each kind, in held-out hands."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    writers = Writers(held_out)
    for at, kind in enumerate(KINDS):
        for number in range(count):
            page = draw_page(kind, writers, np.random.default_rng((seed, at, number)))
            found = _found_on(Page(page.pixels, 1, None, ""), reader)
            yield from judged_on(page, found, f"drawn pages {number % _FOLDS}")


def _found_on(page: Page, reader: Reader) -> list[NumberEvidence]:
    """The numbers outside of tables: cells have a rule of their own (`ml.reading.tables.accept`)."""
    return evidence_on(page, read_tables(page, find_ink(page), reader).ink, ANY_NUMBER, reader)


def _pages_of(folder: Path | None) -> list[PageSet]:
    """The sets of whole pages: of a cut-out cell it is known that it is one number."""
    return [one for one in sets_to_build_on(folder) if not one.one_number]


def judged_on(page: DrawnPage, found: Sequence[NumberEvidence], fold: str) -> Iterator[JudgedNumber]:
    """Judge what was found on a drawn page: each written number counts once."""
    left = list(page.numbers)
    for one in found:
        there = [written for written in left if _overlap(one.box, written.box) > _OVERLAP]
        right = len(there) == 1 and _is_same(one.value, there[0].value)
        if right:
            left.remove(there[0])
        yield _judged(page.kind, fold, one, right=right, weight=1.0)


def _overlap(found: Box, written: Box) -> float:
    """The share of the smaller box that lies in the other."""
    across = min(found.right, written.right) - max(found.left, written.left)
    down = min(found.bottom, written.bottom) - max(found.top, written.top)
    smaller = min(found.width * found.height, written.width * written.height)
    return max(0, across) * max(0, down) / smaller


def _is_same(value: str, written: str) -> bool:
    """Whether a value is what is written; a decimal comma is a point."""
    return value.translate(_SAME_SIGN) == written.translate(_SAME_SIGN)


def real_numbers(sets: Sequence[PageSet], reader: Reader) -> Iterator[JudgedNumber]:
    """The numbers that a reader finds on real pages. Where they stand is not known: a page's values are used up."""
    for one_set in sets:
        for page in one_set.pages:
            left = Counter(value.rstrip("?").translate(_SAME_SIGN) for value in page.values)
            for picture in load_pages(page.file.read_bytes(), reader.limits):
                for one in _found_on(picture, reader):
                    value = one.value.translate(_SAME_SIGN)
                    right = left[value] > 0
                    left[value] -= right
                    yield _judged(one_set.name, one_set.name, one, right=right, weight=_REAL_WEIGHT)


def _judged(source: str, fold: str, one: NumberEvidence, *, right: bool, weight: float) -> JudgedNumber:
    return JudgedNumber(source, fold, right, one.features.row, one.is_barred, weight)


def model_card(numbers: Sequence[JudgedNumber]) -> dict[str, Any]:
    """A card with the model, and its operating points; the figures are of folds that the model did not see.

    Raises:
        ValueError: The numbers are of one fold alone, so that none can be left out.
    """
    folds = np.array([number.fold for number in numbers])
    if len(set(folds)) < 2:
        raise ValueError("there is only one fold: none can be left out")
    rows, right = np.stack([number.row for number in numbers]), np.array([number.right for number in numbers])
    weights = np.array([number.weight for number in numbers])
    unseen = np.zeros(len(numbers))
    for fold in sorted(set(folds)):
        here = folds == fold
        bias, curves = fit_curves(rows[~here], right[~here], weights[~here])
        unseen[here] = confidences(bias, curves, rows[here])
    bias, curves = fit_curves(rows, right, weights)
    outcomes = [
        Outcome(number.right, 0.0 if number.barred else float(confidence))
        for number, confidence in zip(numbers, unseen, strict=True)
    ]
    points = operating_points(outcomes, outcomes)
    return {
        "bias": round(bias, 4),
        "curves": curves_card(curves),
        "pages": [asdict(point) for point in points],
        "sources": _sources_card(numbers, outcomes, threshold_of(points, ERROR_RATE)),
    }


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
    """Fit the model for the shipped networks and write `pages_reader.json` to a folder; returns the card.

    Args:
        models: The folder.
        pages: Drawn pages of each kind.
    """
    reader = replace(Reader.of_numbers(), fields=FieldNetwork.shipped())
    card: dict[str, Any] = {"networks": reader.own_networks, "error_rate": ERROR_RATE}
    readers = {"alone": replace(reader, second=None)} | ({"with_second": reader} if reader.second else {})
    for name, each in readers.items():
        numbers = [*drawn_numbers(pages, SEED, each), *real_numbers(_pages_of(data_folder()), each)]
        card[name] = model_card(numbers)
    (models / PAGES_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS, help="the folder that the card is written to")
    parser.add_argument("--pages", type=int, default=PAGES, help="drawn pages of each kind")
    options = parser.parse_args(arguments)
    sys.stdout.write(json.dumps(calibrate(options.models, options.pages), indent=2) + "\n")


if __name__ == "__main__":
    main()
