"""Calibrates the reading of fields: `python -m ml.training.calibration.calibrate_fields`.

Fields with their labels go in; `fields_reader.json` comes out, with the weights of the recognisers, the calibration of
confidences, and an operating point for each error rate. The fields are amounts and dates composed of digits that no
network learned from, and real amounts, whose digits are labelled but not their marks. Figures are cross-validated as in
`ml.training.calibration.calibrate`.
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

from ml.reading.elements import Box, Place
from ml.reading.fields.candidate_lines import read_lines
from ml.reading.fields.decide import candidate_scores
from ml.reading.fields.interpret import interpret
from ml.reading.fields.recognise import recogniser_posteriors
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.forms.dates import Order
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import Convention
from ml.reading.ink.zones import ZoneLine
from ml.reading.operating_points import FIELDS_READER, MODELS
from ml.reading.reader import FIRST_FIELDS, NOTES, SHIPPED_FIELDS, FieldNetwork, Reader
from ml.reading.recognisers.calibration import Calibration, CandidateScores, DecisionRule
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.calibration.acceptance import ERROR_RATE, Outcome, ThresholdCounts, counts_at, threshold_for
from ml.training.calibration.calibrate import operating_points
from ml.training.calibration.fitting import Observation, fit_calibration
from ml.training.datasets import data_folder, load_courtesy_amounts, load_mnist, mnist_folder, split
from ml.training.fields.courtesy import write_amount
from ml.training.fields.dates import write_date
from ml.training.fields.digits import Writers
from ml.training.fields.pen import Pen
from ml.training.fields.writings import MOST_SIGNS, scan_writing

AMOUNTS, DATES, SEED = 700, 300, 31
"""Composed fields, about as many as there are real amounts: the composed ones show marks, the real ones hands."""

_REAL_WEIGHT = 3
"""A real amount counts as much as this number of composed fields. Composed fields are like those that the networks of
fields learned from, so they flatter these networks beside the other recognisers."""

_WHOLE = Place(0.0, 0.0, 1.0, 1.0)
_CONVENTIONS = (
    Convention("USD", ".", cents_always=True),
    Convention("EUR", ",", cents_always=True),
    Convention("INR", ".", cents_always=False),
)
_ORDERS: tuple[Order, ...] = ("mdy", "dmy", "ymd")
_DIGITS = LayoutField("number", Kind.DIGITS, _WHOLE)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledField:
    """A picture of a field that was filled in, with its label.

    Attributes:
        picture: uint8, height × width × 3, RGB.
        field: The field of a layout.
        value: The field's value.
        first_half: Whether it belongs to the first of the two halves of the cross-validation.
    """

    picture: NDArray[np.uint8]
    field: LayoutField
    value: str
    first_half: bool


@dataclass(frozen=True, slots=True)
class ObservedField:
    """A field as the recognisers read it.

    Attributes:
        alone: Scores without the second reader.
        with_second: Scores with the second reader.
        first_half: Whether it belongs to the first of the two halves of the cross-validation.
    """

    alone: Observation
    with_second: Observation
    first_half: bool


def composed_fields(amounts: int, dates: int, seed: int) -> Iterator[LabelledField]:
    """Amounts and dates composed of held-out digits, each in a convention in which its value is free of doubt."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    rng, writers = np.random.default_rng(seed), Writers(held_out)
    for kind, count in ((Kind.AMOUNT, amounts), (Kind.DATE, dates)):
        done = 0
        while done < count:
            labelled = _compose_field(kind, writers, rng)
            if labelled is not None:
                done += 1
                yield replace(labelled, first_half=done % 2 == 0)


def _compose_field(kind: Kind, writers: Writers, rng: Generator) -> LabelledField | None:
    """Compose one field; None where its value is in doubt in every convention."""
    pen = Pen.random(MOST_SIGNS, writers, rng)
    text = write_amount(pen, rng) if kind is Kind.AMOUNT else write_date(pen, rng)
    writing = scan_writing(pen, text, rng)
    fields = (
        [LayoutField("amount", kind, _WHOLE, convention=convention) for convention in _CONVENTIONS]
        if kind is Kind.AMOUNT
        else [LayoutField("date", kind, _WHOLE, order=order) for order in _ORDERS]
    )
    for field in fields:
        interpretation = interpret(text, field)
        if interpretation is not None and not interpretation.doubts:
            return LabelledField(
                np.repeat(writing.image[:, :, None], 3, axis=2), field, interpretation.value, first_half=True
            )
    return None


def real_fields(folder: Path | None) -> Iterator[LabelledField]:
    """Courtesy amounts from real cheques, of which the digits are labelled."""
    for amount in load_courtesy_amounts(folder):
        for page in load_pages(amount.data, Limits()):
            yield LabelledField(page.pixels, _DIGITS, amount.digits, amount.first_half)


def observe(labelled: LabelledField, reader: Reader) -> ObservedField:
    """Read a field with all recognisers."""
    height, width = labelled.picture.shape[:2]
    line = ZoneLine(Box(0, 0, width, height), labelled.picture, (0, 0), float(height))
    (candidate,) = read_lines([line], labelled.field, reader)
    if not candidate.posterior.best:
        nothing = Observation(None, labelled.value)
        return ObservedField(nothing, nothing, labelled.first_half)
    alone = recogniser_posteriors(candidate, labelled.field, replace(reader, second=None), None)
    with_second = recogniser_posteriors(candidate, labelled.field, reader, None) if reader.second else alone
    return ObservedField(_combine(alone, labelled), _combine(with_second, labelled), labelled.first_half)


def _combine(posteriors: Sequence[Any], labelled: LabelledField) -> Observation:
    """All recognisers' scores of a field. It is barred where a value that one holds likeliest is in doubt."""
    scores: CandidateScores = candidate_scores(posteriors)
    doubts = {
        value: interpretation.doubts
        for posterior in posteriors
        for value, (_, interpretation) in posterior.texts.items()
    }
    return Observation(scores, labelled.value, barred=any(doubts.get(value) for value in scores.best_values))


def _outcomes(observations: Sequence[Observation], calibration: Calibration) -> list[Outcome]:
    return [observation.outcome(calibration) for observation in observations]


def _repeat_real(
    observations: Sequence[Observation], places: Sequence[int], counted: NDArray[np.bool_]
) -> list[Observation]:
    """The observations at some places, the counted ones several times where not all are counted."""
    times = 1 if counted.all() else _REAL_WEIGHT
    return [observations[place] for place in places for _ in range(times if counted[place] else 1)]


def rule_card(
    observations: Sequence[Observation], halves: NDArray[np.bool_], counted: NDArray[np.bool_]
) -> dict[str, Any]:
    """The card's part on one decision rule: calibrated on all observations, its figures cross-validated.

    Args:
        observations: All with scores of the same recognisers.
        halves: bool, one for each observation: whether it is in the first half.
        counted: bool, one for each observation: whether it is counted, and thresholds must do for it. Nobody can read
            some of the composed fields, so where there are real ones thresholds are for these.
    """
    unseen, (passed, wrong) = _cross_validate(observations, halves, counted)
    calibration = fit_calibration(_repeat_real(observations, range(len(observations)), counted))
    kept = np.flatnonzero(counted).tolist()
    shipped, unseen = _outcomes([observations[place] for place in kept], calibration), [unseen[at] for at in kept]
    return {
        "calibration": asdict(calibration),
        "both_ways": {
            "right_all_read": round(sum(outcome.right for outcome in unseen) / len(kept), 4),
            "error_rate_chosen": ERROR_RATE,
            "fields": len(kept),
            "passed": passed,
            "wrong": wrong,
            "interval_95": [round(bound, 5) for bound in ThresholdCounts(0.0, len(kept), passed, wrong).interval],
        },
        "points": [asdict(point) for point in operating_points(shipped, unseen)],
    }


def _cross_validate(
    observations: Sequence[Observation], halves: NDArray[np.bool_], counted: NDArray[np.bool_]
) -> tuple[list[Outcome], tuple[int, int]]:
    """Outcomes of all observations by the other half's calibration, and how many counted ones passed and were wrong."""
    unseen: list[Outcome] = [Outcome(right=False, confidence=0.0)] * len(observations)
    passed = wrong = 0
    for half in (True, False):
        judged, fitted = np.flatnonzero(halves == half).tolist(), np.flatnonzero(halves != half).tolist()
        calibration = fit_calibration(_repeat_real(observations, fitted, counted))
        for place in judged:
            unseen[place] = observations[place].outcome(calibration)
        chosen_on = _outcomes([observations[place] for place in fitted if counted[place]], calibration)
        point = counts_at([unseen[at] for at in judged if counted[at]], threshold_for(chosen_on, ERROR_RATE))
        passed, wrong = passed + point.passed, wrong + point.wrong
    return unseen, (passed, wrong)


def calibrate(models: Path) -> dict[str, Any]:
    """Calibrate the networks of fields in a folder and write `fields_reader.json` beside them; returns the card."""
    network, earlier = (Transcriber.load(models / file.name) for file in (SHIPPED_FIELDS, FIRST_FIELDS))
    nothing = DecisionRule(Calibration((0.5, 0.5), 0.0, 1.0, 0.0, 0.0), ())
    reader = replace(
        Reader.of_numbers(), fields=FieldNetwork(network, earlier, Transcriber.load(NOTES), nothing, nothing)
    )
    labelled = [*composed_fields(AMOUNTS, DATES, SEED), *real_fields(data_folder())]
    observed = [observe(field, reader) for field in labelled]
    halves = np.array([field.first_half for field in observed])
    count = len(labelled) - AMOUNTS - DATES
    counted = np.arange(len(labelled)) >= (AMOUNTS + DATES if count else 0)
    card = {
        "networks": [network.sha256, earlier.sha256],
        "counted": "the real amounts" if count else "all",
        "fields_are": f"{AMOUNTS} amounts and {DATES} dates composed of held-out digits, {count} real courtesy amounts",
        "alone": rule_card([field.alone for field in observed], halves, counted),
        "with_second": rule_card([field.with_second for field in observed], halves, counted),
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
