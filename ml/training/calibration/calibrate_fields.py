"""How sure the readings of fields are together, and what passes: `python -m ml.training.calibration.calibrate_fields`.

On amounts and dates composed of digits that no network learned from, and on real amounts, whose digits are known but
not their marks. Figures are measured both ways round, as in `ml.training.calibration.calibrate`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.elements import Box, Limits, Place
from ml.reading.fields.candidate_lines import read_lines
from ml.reading.fields.decide import candidate_scores
from ml.reading.fields.interpret import interpret
from ml.reading.fields.recognise import recogniser_posteriors
from ml.reading.files.load import load_pages
from ml.reading.forms.dates import Order
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import Convention
from ml.reading.ink.zones import ZoneLine
from ml.reading.operating_points import MODELS
from ml.reading.reader import FIELDS_READER, FIRST_FIELDS, SHIPPED_FIELDS, FieldNetwork, Reader
from ml.reading.recognisers.calibration import Calibration, CandidateScores, DecisionRule
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.calibration.acceptance import Outcome, ThresholdCounts, counts_at, threshold_for
from ml.training.calibration.calibrate import ERROR_RATE, offers
from ml.training.calibration.pooling import Observed, fitted
from ml.training.datasets import data_folder, load_courtesy_amounts, load_mnist, mnist_folder, split
from ml.training.fields.amounts import Writers
from ml.training.fields.courtesy import write_amount
from ml.training.fields.dates import write_date
from ml.training.fields.pen import Pen
from ml.training.fields.writings import SIGNS_ROOM, scan

AMOUNTS, DATES, SEED = 700, 300, 31
"""Composed, about as many as there are real amounts: these know hands, those know marks."""

_REAL = 3
"""A real amount counts as so many composed fields: those come from where the networks of fields learned, and flatter
them beside the other readers."""

_WHOLE = Place(0.0, 0.0, 1.0, 1.0)
_CONVENTIONS = (
    Convention("USD", ".", cents_always=True),
    Convention("EUR", ",", cents_always=True),
    Convention("INR", ".", cents_always=False),
)
_ORDERS: tuple[Order, ...] = ("mdy", "dmy", "ymd")
_DIGITS = LayoutField("number", Kind.DIGITS, _WHOLE)


@dataclass(frozen=True, slots=True, eq=False)
class FilledIn:
    """A field as somebody filled it in.

    Attributes:
        picture: uint8, height × width × 3, RGB.
        field: What it is.
        value: What it means.
        first_half: Which half it is counted with.
    """

    picture: NDArray[np.uint8]
    field: LayoutField
    value: str
    first_half: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What all readings said of a field, without the second reader and with it."""

    alone: Observed
    asked: Observed
    first_half: bool


def composed(amounts: int, dates: int, seed: int) -> Iterator[FilledIn]:
    """Amounts and dates of held-out digits, each in a convention in which it is free of doubt."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    rng, writers = np.random.default_rng(seed), Writers(held_out)
    for kind, count in ((Kind.AMOUNT, amounts), (Kind.DATE, dates)):
        done = 0
        while done < count:
            filled = _composed(kind, writers, rng)
            if filled is not None:
                done += 1
                yield replace(filled, first_half=done % 2 == 0)


def _composed(kind: Kind, writers: Writers, rng: Generator) -> FilledIn | None:
    pen = Pen.some(SIGNS_ROOM, writers, rng)
    text = write_amount(pen, rng) if kind is Kind.AMOUNT else write_date(pen, rng)
    writing = scan(pen, text, rng)
    fields = (
        [LayoutField("amount", kind, _WHOLE, convention=one) for one in _CONVENTIONS]
        if kind is Kind.AMOUNT
        else [LayoutField("date", kind, _WHOLE, order=one) for one in _ORDERS]
    )
    for field in fields:
        interpretation = interpret(text, field)
        if interpretation is not None and not interpretation.doubts:
            return FilledIn(
                np.repeat(writing.image[:, :, None], 3, axis=2), field, interpretation.value, first_half=True
            )
    return None


def real(folder: Path | None) -> Iterator[FilledIn]:
    """Courtesy amounts from real cheques, of which the digits are known."""
    for amount in load_courtesy_amounts(folder):
        for page in load_pages(amount.data, Limits()):
            yield FilledIn(page.pixels, _DIGITS, amount.digits, amount.first_half)


def observe(filled: FilledIn, reader: Reader) -> Seen:
    """Read a field in all ways."""
    height, width = filled.picture.shape[:2]
    line = ZoneLine(Box(0, 0, width, height), filled.picture, (0, 0), float(height))
    (found,) = read_lines([line], filled.field, reader)
    if not found.posterior.best:
        nothing = Observed(None, filled.value)
        return Seen(nothing, nothing, filled.first_half)
    alone = recogniser_posteriors(found, filled.field, replace(reader, second=None), None)
    asked = recogniser_posteriors(found, filled.field, reader, None) if reader.second else alone
    return Seen(_observed(alone, filled), _observed(asked, filled), filled.first_half)


def _observed(scores: Sequence[Any], filled: FilledIn) -> Observed:
    pool: CandidateScores = candidate_scores(scores)
    doubts = {value: interpretation.doubts for one in scores for value, (_, interpretation) in one.texts.items()}
    return Observed(pool, filled.value, barred=any(doubts.get(value) for value in pool.best_values))


def _outcomes(seen: Sequence[Observed], calibration: Calibration) -> list[Outcome]:
    return [one.outcome(calibration) for one in seen]


def _weighed(seen: Sequence[Observed], places: Sequence[int], counted: NDArray[np.bool_]) -> list[Observed]:
    """Some of what was seen, the counted ones more than once where there are others."""
    times = 1 if counted.all() else _REAL
    return [seen[at] for at in places for _ in range(times if counted[at] else 1)]


def manner_of(seen: Sequence[Observed], halves: NDArray[np.bool_], counted: NDArray[np.bool_]) -> dict[str, Any]:
    """How values are settled, for the card: calibrated on all, counted both ways round.

    Args:
        seen: All of the same readings.
        halves: bool, one each: which half it is counted with.
        counted: bool, one each: whether a threshold has to do for it, and it is counted at all. Of composed fields some
            cannot be read by anybody; where there are real ones, thresholds are for these.
    """
    unseen: list[Outcome] = [Outcome(right=False, confidence=0.0)] * len(seen)
    passed = wrong = 0
    for half in (True, False):
        own, other = np.flatnonzero(halves == half).tolist(), np.flatnonzero(halves != half).tolist()
        calibration = fitted(_weighed(seen, other, counted))
        judged = _outcomes([seen[at] for at in own], calibration)
        chosen_on = _outcomes([seen[at] for at in other if counted[at]], calibration)
        point = counts_at(
            [one for at, one in zip(own, judged, strict=True) if counted[at]], threshold_for(chosen_on, ERROR_RATE)
        )
        passed, wrong = passed + point.passed, wrong + point.wrong
        for at, outcome in zip(own, judged, strict=True):
            unseen[at] = outcome
    calibration = fitted(_weighed(seen, range(len(seen)), counted))
    kept = np.flatnonzero(counted).tolist()
    fare = ThresholdCounts(0.0, len(kept), passed, wrong)
    shipped, unseen = _outcomes([seen[at] for at in kept], calibration), [unseen[at] for at in kept]
    return {
        "calibration": asdict(calibration),
        "both_ways": {
            "right_all_read": round(sum(one.right for one in unseen) / len(kept), 4),
            "error_rate_chosen": ERROR_RATE,
            "fields": len(kept),
            "passed": passed,
            "wrong": wrong,
            "interval_95": [round(bound, 5) for bound in fare.interval],
        },
        "strips": [asdict(offer) for offer in offers(shipped, unseen)],
        "pages": [],
    }


def calibrate(models: Path) -> dict[str, Any]:
    """Calibrate the networks of fields in a folder and write `fields_reader.json` beside them; returns the card."""
    network, earlier = (Transcriber.load(models / file.name) for file in (SHIPPED_FIELDS, FIRST_FIELDS))
    nothing = DecisionRule(Calibration((0.5, 0.5), 0.0, 1.0, 0.0, 0.0), (), ())
    reader = replace(Reader.of_numbers(), fields=FieldNetwork(network, earlier, nothing, nothing))
    filled = [*composed(AMOUNTS, DATES, SEED), *real(data_folder())]
    seen = [observe(one, reader) for one in filled]
    halves = np.array([one.first_half for one in seen])
    count = len(filled) - AMOUNTS - DATES
    counted = np.arange(len(filled)) >= (AMOUNTS + DATES if count else 0)
    card = {
        "networks": [network.sha256, earlier.sha256],
        "counted": "the real amounts" if count else "all",
        "fields_are": f"{AMOUNTS} amounts and {DATES} dates composed of held-out digits, {count} real courtesy amounts",
        "alone": manner_of([one.alone for one in seen], halves, counted),
        "with_second": manner_of([one.asked for one in seen], halves, counted),
    }
    (models / FIELDS_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder with the networks")
    sys.stdout.write(json.dumps(calibrate(parser.parse_args(arguments).models), indent=2) + "\n")


if __name__ == "__main__":
    main()
