"""From what two networks say to a probability, and the threshold that follows: `python -m ml.training.calibrate`.

Weights never see a real amount; here some hundreds of them say what the networks' words are worth. Figures are
measured both ways round: calibrated and chosen on one half, counted on the other, and pooled. What ships is calibrated
on all of them, and its card says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.agree import Calibration, Evidence, may_pass
from ml.reading.classify import Classifier
from ml.reading.elements import ONE_NUMBER, Limits
from ml.reading.load import load_pages
from ml.reading.read import MODELS, SHIPPED_NETWORK, SHIPPED_READER, SHIPPED_STRINGS, Reader, numbers_on
from ml.reading.transcribe import Transcriber
from ml.training.acceptance import NEVER, OperatingPoint, Outcome, choose_threshold, operating_point, read_strings
from ml.training.amounts import Writers, compose_amount
from ml.training.datasets import Written, data_folder, load_courtesy_amounts, load_mnist, mnist_folder, split
from ml.training.strings import compose_strings, png

ERROR_RATE = 0.01
COMPOSED, COMPOSED_SEED = 3_000, 11
_UNCALIBRATED = Calibration(0.0, 1.0, 0.0, 0.0)
_PRIOR = 1.0
"""How firmly weights are held near zero (the inverse of a normal prior's variance), inputs at unit variance."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What the two networks said of a value, and whether it was right.

    Attributes:
        value: What was read; empty where nothing was found.
        evidence: None where nothing was found.
        may_pass: The reader lets it pass, given confidence enough.
        right: The value is what is written.
        by_digits: So is the reading by digits.
        as_string: So is the reading as a whole.
    """

    value: str
    evidence: Evidence | None
    may_pass: bool
    right: bool
    by_digits: bool
    as_string: bool


def observe(written: Iterable[Written], reader: Reader) -> list[Observed]:
    """Read strips as one number each."""
    return [_observed(one, reader) for one in written]


def _observed(written: Written, reader: Reader) -> Observed:
    pages = load_pages(written.data, reader.limits)
    numbers = [number for page in pages for number in numbers_on(page, ONE_NUMBER, reader)]
    if len(numbers) != 1:
        return Observed("", None, may_pass=False, right=False, by_digits=False, as_string=False)
    (number,) = numbers
    by_digits, as_string = (value == written.digits for value in (number.decoded.value, number.transcript.digits))
    passes = may_pass(number, number.together(ONE_NUMBER, reader.calibration), ONE_NUMBER)
    return Observed(number.value, number.evidence, passes, number.value == written.digits, by_digits, as_string)


def fitted(observed: list[Observed]) -> Calibration:
    """The logistic regression that makes what was observed likeliest, by Newton's method.

    Raises:
        ValueError: Nothing was found on any strip.
    """
    found = [one for one in observed if one.evidence is not None]
    if not found:
        raise ValueError("no strip was read: there is nothing to calibrate on")
    rows = np.array([one.evidence.row for one in found if one.evidence is not None])
    right = np.array([one.right for one in found], float)
    scale = rows.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = rows / scale
    hold = _PRIOR * np.eye(rows.shape[1])
    hold[0, 0] = 1e-6  # the bias is free
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        curve = inputs.T @ (inputs * (chances * (1 - chances))[:, None]) + hold
        weights += np.linalg.solve(curve, inputs.T @ (right - chances) - hold @ weights)
    return Calibration(*(weights / scale).tolist())


def outcomes(observed: list[Observed], calibration: Calibration) -> list[Outcome]:
    """How sure a calibration is of what was observed; 0 where a person is asked however sure it is."""
    return [
        Outcome(one.right, calibration.confidence(one.evidence) if one.evidence and one.may_pass else 0.0)
        for one in observed
    ]


def threshold_for(judged: list[Outcome], error_rate: float) -> float:
    """The lowest threshold at which the share of errors among what passes is at most `error_rate`, as it was seen.

    No guarantee: a few hundred amounts cannot give one at one error in a hundred.
    """
    ordered = sorted(judged, key=lambda outcome: -outcome.confidence)
    wrong = np.cumsum([not outcome.right for outcome in ordered])
    few = np.flatnonzero(wrong <= error_rate * np.arange(1, len(ordered) + 1))
    return ordered[int(few[-1])].confidence if len(few) and ordered[int(few[-1])].confidence > 0 else NEVER


@dataclass(frozen=True, slots=True)
class BothWays:
    """Calibrated and chosen on one half, counted on the other, both ways round, pooled.

    Attributes:
        point: What passed and what of it was wrong; its threshold is of no half.
        outcomes: Of each, as sure as the other half's calibration is of it; in their order.
        read_rate_at_error: Share that passes at just the error rate, ranked by those confidences.
    """

    point: OperatingPoint
    outcomes: tuple[Outcome, ...]
    read_rate_at_error: float


def both_ways(observed: list[Observed], halves: NDArray[np.bool_], error_rate: float = ERROR_RATE) -> BothWays:
    """How the calibration and its threshold fare on amounts that they have not seen."""
    pooled: dict[int, Outcome] = {}
    passed = wrong = 0
    for half in (True, False):
        own, other = np.flatnonzero(halves == half).tolist(), np.flatnonzero(halves != half).tolist()
        calibration = fitted([observed[index] for index in other])
        threshold = threshold_for(outcomes([observed[index] for index in other], calibration), error_rate)
        judged = outcomes([observed[index] for index in own], calibration)
        point = operating_point(judged, threshold)
        passed, wrong = passed + point.passed, wrong + point.wrong
        pooled.update(zip(own, judged, strict=True))
    every = [pooled[index] for index in range(len(observed))]
    at_error = operating_point(every, threshold_for(every, error_rate))
    return BothWays(OperatingPoint(0.0, len(observed), passed, wrong), tuple(every), at_error.read_rate)


def composed(count: int, seed: int) -> list[Written]:
    """Amounts composed of held-out digits and drawn ones, as files."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    rng, writers = np.random.default_rng(seed), Writers(held_out)
    amounts = (compose_amount(writers, rng) for _ in range(count))
    return [Written(f"composed-{number}", png(amount.image), amount.digits) for number, amount in enumerate(amounts)]


def _figures(point: OperatingPoint) -> dict[str, Any]:
    return {
        "strings": point.strings,
        "read_rate": round(point.read_rate, 4),
        "passed": point.passed,
        "wrong": point.wrong,
        "error_rate": round(point.error_rate, 5),
        "interval_95": [round(bound, 5) for bound in point.interval],
    }


def calibrate(models: Path) -> dict[str, Any]:
    """Calibrate the networks in a folder and write `reader.json` beside them; returns the card."""
    folder = data_folder()
    networks = Classifier.load(models / SHIPPED_NETWORK.name), Transcriber.load(models / SHIPPED_STRINGS.name)
    reader = Reader(*networks, _UNCALIBRATED, 0.0, Limits())
    real = load_courtesy_amounts(folder)
    observed = observe(real or composed(COMPOSED, COMPOSED_SEED), reader)
    calibration = fitted(observed)
    reader = replace(reader, calibration=calibration)
    strip = threshold_for(outcomes(observed, calibration), ERROR_RATE)
    _, held_out = split(load_mnist("train", mnist_folder(folder)))
    page = choose_threshold(read_strings(compose_strings(held_out, COMPOSED, COMPOSED_SEED), reader), ERROR_RATE)
    what = "courtesy amounts from real cheques, read as one number" if real else "composed amounts, read as one number"
    card: dict[str, Any] = {
        "networks": {network.name: _sha256(models / network.name) for network in (SHIPPED_NETWORK, SHIPPED_STRINGS)},
        "calibration": asdict(calibration),
        "calibrated_on": {"what": what, "strings": len(observed)},
        "acceptance": {"threshold": max(strip, page.threshold), "error_rate": ERROR_RATE, "provisional": True},
        "any_number_on_a_page": {"what": "composed of held-out digits", "threshold": page.threshold, **_figures(page)},
    }
    if real:
        halves = np.array([one.first_half for one in real])
        fare = both_ways(observed, halves)
        alone = fitted(observe(composed(COMPOSED, COMPOSED_SEED), reader))
        card["one_number"] = {
            "what": "courtesy amounts, calibrated on one half and counted on the other, both ways round",
            "threshold": strip,
            "right_all_read": round(sum(one.right for one in observed) / len(observed), 4),
            **_figures(fare.point),
            "read_rate_at_the_error_rate": round(fare.read_rate_at_error, 4),
            "the_same_calibrated_on_composed_amounts_alone": round(
                operating_point(judged := outcomes(observed, alone), threshold_for(judged, ERROR_RATE)).read_rate,
                4,
            ),
        }
    (models / SHIPPED_READER.name).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS, help="folder with both networks")
    sys.stdout.write(json.dumps(calibrate(parser.parse_args(arguments).models), indent=2) + "\n")


if __name__ == "__main__":
    main()
