"""Calibration: what the readings' words are worth, counted on what it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.recognisers.calibration import Calibration, CandidateScores
from ml.training.calibration.acceptance import Outcome, guaranteed_threshold, read_rate_at, threshold_for
from ml.training.calibration.calibrate import ERROR_RATES, Manners, Strip, both_ways, offers
from ml.training.calibration.pooling import Observed, fitted

TRUTH = Calibration(weights=(0.3, 0.9), bias=0.0, pooled=1.0, ours=0.0, all=0.0)


def observations(count: int, seed: int) -> list[Observed]:
    """Two values proposed for each, of which one is right as often as a known pool says."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        shares = rng.uniform(0.01, 0.99, 2)
        logs = np.log(np.stack([shares, 1 - shares]))
        best_values = tuple("351" if share > 0.5 else "361" for share in shares)
        scores = CandidateScores(("351", "361"), logs, best_values)
        written = "351" if rng.random() < TRUTH.posterior(scores)[0] else "361"
        found.append(Observed(scores, written))
    return found


def strips(count: int, seed: int) -> list[Strip]:
    return [Strip(one, one) for one in observations(count, seed)]


def test_the_weights_of_a_pool_are_found_again() -> None:
    found = fitted(observations(20_000, 1))
    assert found.weights == pytest.approx(TRUTH.weights, abs=0.05)
    assert found.pooled == pytest.approx(1.0, abs=0.1)
    assert found.bias == pytest.approx(0.0, abs=0.1)


def test_confidence_is_the_share_that_is_right() -> None:
    calibration = fitted(observations(5_000, 3))
    judged = [one.outcome(calibration) for one in observations(5_000, 2)]
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        band = [outcome for outcome in judged if low <= outcome.confidence < high]
        mean = np.mean([outcome.confidence for outcome in band])
        assert np.mean([outcome.right for outcome in band]) == pytest.approx(mean, abs=0.05)


@pytest.mark.parametrize(
    "scores", [None, CandidateScores((), np.empty((0, 2)), ("", ""))], ids=["no number", "no digits"]
)
def test_what_was_not_read_never_passes(scores: CandidateScores | None) -> None:
    nothing = Observed(scores, "351")
    assert nothing.outcome(TRUTH) == Outcome(right=False, confidence=0.0)
    with pytest.raises(ValueError, match="nothing to calibrate"):
        fitted([nothing])


def test_what_a_person_is_asked_about_anyway_never_passes() -> None:
    one = observations(1, 5)[0]
    barred = Observed(one.scores, one.written, barred=True)
    assert one.outcome(TRUTH).confidence > 0
    assert barred.outcome(TRUTH) == Outcome(one.outcome(TRUTH).right, 0.0)


def test_the_second_reader_speaks_where_ours_are_not_sure() -> None:
    sure = Observed(CandidateScores(("351",), np.log([[0.99, 0.99]]), ("351", "351")), "351")
    other = Observed(CandidateScores(("361",), np.log([[0.99, 0.99, 0.99]]), ("361",) * 3), "351")
    calibration = Calibration((0.5, 0.5), 2.0, 1.0, 1.0, 1.0)
    with_second = Calibration((0.5, 0.5, 0.5), 2.0, 1.0, 1.0, 1.0)
    for asked_below, right in ((0.0, True), (2.0, False)):
        manners = Manners(calibration, with_second, asked_below)
        assert manners.outcome(Strip(sure, other), second=True).right is right
        assert manners.outcome(Strip(sure, other), second=False).right


def test_figures_are_counted_on_the_half_that_was_not_calibrated_on() -> None:
    observed = strips(4_000, 4)
    halves = np.arange(4_000) % 2 == 0
    fare = both_ways(observed, halves, second=False, error_rate=0.05)
    assert fare.point.strings == 4_000
    assert 0 < fare.point.passed < 4_000
    assert fare.point.error_rate == pytest.approx(0.05, abs=0.02)
    assert 0 < read_rate_at(fare.outcomes, 0.05) < 1
    # What one half says is not what is counted on it: with its answers turned round, few of the other's pass right.
    swap = {"351": "361", "361": "351"}
    turned = [
        Strip(*(Observed(one.alone.scores, swap[one.alone.written] if half else one.alone.written),) * 2)
        for one, half in zip(observed, halves, strict=True)
    ]
    assert both_ways(turned, halves, second=False, error_rate=0.05).point.error_rate > 0.2


def test_offers_say_what_each_error_rate_costs_and_whether_it_is_proved() -> None:
    judged = [Outcome(right=index % 400 != 399, confidence=1 - index / 10_000) for index in range(4_000)]
    found = offers(judged, judged)
    assert [offer.error_rate for offer in found] == sorted(ERROR_RATES)
    assert [offer.threshold for offer in found] == sorted((offer.threshold for offer in found), reverse=True)
    least, *_, most = found
    assert not least.proved
    assert least.more_needed > 1_000
    assert most.proved
    assert most.bound <= most.error_rate
    assert most.read_rate > least.read_rate


def test_the_proof_of_a_greater_error_rate_does_not_bind_who_asks_for_a_lesser_one() -> None:
    # Six errors stand close together: among so few values each rate's own choice is easier met than two rates' proof.
    wrong = {470, 474, 478, 482, 486, 490}
    judged = [Outcome(right=index not in wrong, confidence=1 - index / 2_000) for index in range(688)]
    found = {offer.error_rate: offer for offer in offers(judged, judged)}
    assert guaranteed_threshold(judged, 0.02) > threshold_for(judged, 0.01)
    assert found[0.01].threshold == found[0.02].threshold == pytest.approx(threshold_for(judged, 0.01))
    assert not found[0.02].proved


def test_a_threshold_has_to_do_for_other_hands_too() -> None:
    judged = [Outcome(right=index % 400 != 399, confidence=1 - index / 10_000) for index in range(4_000)]
    others = [Outcome(right=index < 300, confidence=1 - index / 10_000) for index in range(400)]
    for alone, both in zip(offers(judged, judged), offers(judged, judged, others), strict=True):
        assert both.threshold >= alone.threshold
        assert sum(not one.right for one in others if one.confidence >= both.threshold) <= both.error_rate * 400
