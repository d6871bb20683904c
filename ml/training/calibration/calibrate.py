"""Calibrates numbers: how probable a combined value is, and what passes at which error rate.

Run it with `python -m ml.training.calibration.calibrate`.

Weights never see a real amount; here some hundreds of them say what the networks' words are worth. Figures are
measured both ways round: calibrated and chosen on one half, counted on the other, and pooled. What ships is calibrated
on all of them, and its card says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Limits
from ml.reading.fields.numbers import numbers_on
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.operating_points import MODELS, SHIPPED_READER, OperatingPoint
from ml.reading.reader import SHIPPED_NETWORK, SHIPPED_STRINGS, Reader, SecondReaderStage
from ml.reading.recognisers.calibration import Calibration, DecisionRule
from ml.reading.recognisers.classify import Classifier
from ml.reading.recognisers.combine import CombinedNumber, candidate_scores, combine
from ml.reading.recognisers.second_reader import SecondReader
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.calibration.acceptance import (
    Outcome,
    ThresholdCounts,
    counts_at,
    guaranteed_threshold,
    more_needed,
    threshold_for,
    upper_bound,
)
from ml.training.calibration.pooling import Observed, fitted
from ml.training.datasets import Written, data_folder, load_courtesy_amounts, load_mnist, mnist_folder, split
from ml.training.fields.amounts import Writers, compose_amount
from ml.training.synthesis.strings import compose_strings, png

ERROR_RATE = 0.01
"""What ships as the operator's choice until another is made."""

ERROR_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
COMPOSED, COMPOSED_SEED = 2_000, 11
OTHERS, OTHERS_SEED = 800, 21
"""Real amounts are of one country's hands. On numbers of MNIST's, a threshold chosen on them alone let a third more
errors pass than were meant: it has to do for both."""

_UNCALIBRATED = Calibration((0.5, 0.5), 0.0, 1.0, 0.0, 0.0)
_UNCALIBRATED_SECOND = Calibration((0.5, 0.5, 0.5), 0.0, 1.0, 0.0, 0.0)
_ALWAYS = 2.0
"""The second reader is asked about everything where our networks have to be surer than this."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip as our own networks read it, and with the second reader's opinion.

    Attributes:
        alone: By our own networks.
        asked: With the second reader's; the same as `alone` where there is none.
        by_digits: What the reading by digits says.
        as_string: What the reading as a whole says.
        second: What the second reader says; empty where there is none.
    """

    alone: Observed
    asked: Observed
    by_digits: str = ""
    as_string: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """Calibrations of both ways to settle a value.

    Attributes:
        alone: Of our own networks.
        asked: With the second reader.
        asked_below: It is asked where ours are less sure than this.
    """

    alone: Calibration
    asked: Calibration
    asked_below: float

    @classmethod
    def fitted(cls, strips: Sequence[Strip]) -> Manners:
        """Both, on the same strips; the second reader is asked where ours err more often than an operator wants."""
        alone, asked = (fitted([getattr(strip, name) for strip in strips]) for name in ("alone", "asked"))
        return cls(alone, asked, 1 - ERROR_RATE)

    def outcome(self, strip: Strip, *, second: bool) -> Outcome:
        """What comes of a strip, with the second reader at hand or without."""
        own = strip.alone.outcome(self.alone)
        return strip.asked.outcome(self.asked) if second and own.confidence < self.asked_below else own


def observe(written: Iterable[Written], reader: Reader) -> list[Strip]:
    """Read strips as one number each; a reader with a second one asks it about all."""
    return [_strip(one, reader) for one in written]


def _strip(written: Written, reader: Reader) -> Strip:
    numbers = [
        number for page in load_pages(written.data, reader.limits) for number in numbers_on(page, ONE_NUMBER, reader)
    ]
    if len(numbers) != 1:
        nothing = Observed(None, written.digits)
        return Strip(nothing, nothing)
    (number,) = numbers
    barred = bool(number.decoded.checks)
    alone = Observed(candidate_scores(replace(number, second=None)), written.digits, barred)
    asked = Observed(candidate_scores(number), written.digits, barred)
    return Strip(alone, asked, *number.best_values)


def asking_always(reader: Reader) -> Reader:
    """The same reader where the second one is asked about everything."""
    return replace(reader, second=replace(reader.second, asked_below=_ALWAYS)) if reader.second else reader


@dataclass(frozen=True, slots=True)
class BothWays:
    """Calibrated and chosen on one half, counted on the other, both ways round, pooled.

    Attributes:
        point: What passed and what of it was wrong; its threshold is of no half.
        outcomes: Of each, as sure as the other half's calibration is of it; in their order.
    """

    point: ThresholdCounts
    outcomes: tuple[Outcome, ...]


def both_ways(
    strips: Sequence[Strip], halves: NDArray[np.bool_], *, second: bool, error_rate: float = ERROR_RATE
) -> BothWays:
    """How calibration and threshold fare on amounts that they have not seen."""
    pooled: dict[int, Outcome] = {}
    passed = wrong = 0
    for half in (True, False):
        own, other = np.flatnonzero(halves == half).tolist(), np.flatnonzero(halves != half).tolist()
        manners = Manners.fitted([strips[index] for index in other])
        chosen_on = [manners.outcome(strips[index], second=second) for index in other]
        judged = [manners.outcome(strips[index], second=second) for index in own]
        point = counts_at(judged, threshold_for(chosen_on, error_rate))
        passed, wrong = passed + point.passed, wrong + point.wrong
        pooled.update(zip(own, judged, strict=True))
    return BothWays(
        ThresholdCounts(0.0, len(strips), passed, wrong), tuple(pooled[index] for index in range(len(strips)))
    )


def offers(
    shipped: list[Outcome], unseen: list[Outcome], others: list[Outcome] | None = None
) -> tuple[OperatingPoint, ...]:
    """What an operator may choose, the least error rate first.

    Args:
        shipped: As sure as what ships is: the threshold is chosen on these.
        unseen: The same values, as sure as a calibration is that has not seen them: a guarantee holds for these, and
            what passes and is wrong is counted on them.
        others: Values of other hands, as sure as what ships is: the threshold has to do for them too.
    """
    found: list[OperatingPoint] = []
    own: list[float] = []
    for rate in sorted(ERROR_RATES):
        sure = guaranteed_threshold(unseen, rate)
        # Who allows for more errors never has less passed: proof of a greater rate asks for no more than a lesser one.
        own.append(min([threshold_for(shipped, rate) if sure is None else sure, *own]))
        elsewhere = threshold_for(others, rate) if others is not None else 0.0
        # What was chosen on other values is proved by these without sharing the doubt among steps.
        provable = own[-1] == sure or elsewhere > own[-1]
        threshold = max(own[-1], elsewhere)
        point = counts_at(unseen, threshold)
        bound = round(upper_bound(point.wrong, point.passed), 5)
        more = 0 if provable and bound <= rate else max(1, more_needed(point, rate))
        found.append(OperatingPoint(rate, round(threshold, 6), point.strings, point.passed, point.wrong, bound, more))
    return tuple(found)


def page_outcomes(count: int, seed: int, reader: Reader) -> tuple[list[Outcome], list[Outcome]]:
    """Composed numbers, each on a page of which nothing is known: by our own networks, and with the second reader."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    pairs = [outcomes_on_page(png(one.image), one.digits, reader) for one in compose_strings(held_out, count, seed)]
    return [alone for alone, _ in pairs], [asked for _, asked in pairs]


def outcomes_on_page(data: bytes, written: str, reader: Reader) -> tuple[Outcome, Outcome]:
    """What our own networks alone make of a page with one number, and what the reader does."""
    numbers = [one for page in load_pages(data, reader.limits) for one in numbers_on(page, ANY_NUMBER, reader)]
    alone = [combine(replace(one, second=None), ANY_NUMBER, reader.rule_alone.calibration) for one in numbers]
    return _on_page(alone, written), _on_page([reader.combined(one, ANY_NUMBER) for one in numbers], written)


def _on_page(combined: list[CombinedNumber], written: str) -> Outcome:
    """Two numbers found where one stands are wrong, as sure as the surer of them."""
    right = len(combined) == 1 and combined[0].decoded.value == written
    return Outcome(right, max((one.decoded.confidence for one in combined if one.may_pass), default=0.0))


def composed(count: int, seed: int) -> list[Written]:
    """Amounts composed of held-out digits and drawn ones, as files."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    rng, writers = np.random.default_rng(seed), Writers(held_out)
    amounts = (compose_amount(writers, rng) for _ in range(count))
    return [Written(f"composed-{number}", png(amount.image), amount.digits) for number, amount in enumerate(amounts)]


def composed_strings(count: int, seed: int) -> list[Written]:
    """Numbers composed of held-out digits, as files."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    return [Written("", png(one.image), one.digits) for one in compose_strings(held_out, count, seed)]


def calibrate(models: Path) -> dict[str, Any]:
    """Calibrate the networks in a folder and write `reader.json` beside them; returns the card."""
    networks = Classifier.load(models / SHIPPED_NETWORK.name), Transcriber.load(models / SHIPPED_STRINGS.name)
    open_reader = SecondReader.load()
    nothing = DecisionRule(_UNCALIBRATED, (), ())
    second = (
        SecondReaderStage(open_reader, DecisionRule(_UNCALIBRATED_SECOND, (), ()), _ALWAYS) if open_reader else None
    )
    reader = Reader(*networks, nothing, second, ERROR_RATE, Limits())
    real = load_courtesy_amounts(data_folder())
    written = real or composed(COMPOSED, COMPOSED_SEED)
    strips = observe(written, reader)
    halves = np.array([one.first_half for one in real]) if real else np.arange(len(strips)) % 2 == 0
    manners = Manners.fitted(strips)
    reader = replace(
        reader,
        rule_alone=replace(nothing, calibration=manners.alone),
        second=second
        and replace(second, decision_rule=DecisionRule(manners.asked, (), ()), asked_below=manners.asked_below),
    )
    card: dict[str, Any] = {
        "networks": {network.name: _sha256(models / network.name) for network in (SHIPPED_NETWORK, SHIPPED_STRINGS)},
        "error_rate": ERROR_RATE,
        "strips_are": "courtesy amounts from real cheques" if real else "composed amounts",
        "strips_do_for": "numbers composed of held-out digits",
        "pages_are": "numbers composed of held-out digits",
        "second": {"sha256": open_reader.sha256, "asked_below": manners.asked_below} if open_reader else None,
    }
    pages = page_outcomes(COMPOSED, COMPOSED_SEED, reader)
    others = observe(composed_strings(OTHERS, OTHERS_SEED), asking_always(reader))
    card["alone"] = _manner(strips, halves, manners, others, pages[0], second=False)
    if open_reader:
        card["with_second"] = _manner(strips, halves, manners, others, pages[1], second=True)
    (models / SHIPPED_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def _manner(
    strips: list[Strip],
    halves: NDArray[np.bool_],
    manners: Manners,
    others: list[Strip],
    pages: list[Outcome],
    *,
    second: bool,
) -> dict[str, Any]:
    """One way to settle values, for the card."""
    shipped = [manners.outcome(strip, second=second) for strip in strips]
    of_others = [manners.outcome(strip, second=second) for strip in others]
    fare = both_ways(strips, halves, second=second)
    return {
        "calibration": asdict(manners.asked if second else manners.alone),
        "both_ways": {
            "right_all_read": round(sum(one.right for one in fare.outcomes) / len(strips), 4),
            "error_rate_chosen": ERROR_RATE,
            "passed": fare.point.passed,
            "wrong": fare.point.wrong,
            "interval_95": [round(bound, 5) for bound in fare.point.interval],
        },
        "strips": [asdict(offer) for offer in offers(shipped, list(fare.outcomes), of_others)],
        "pages": [asdict(offer) for offer in offers(pages, pages)],
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
