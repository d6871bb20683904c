"""Operating points: what each error rate costs, and whether it is proved."""

from __future__ import annotations

import pytest

from ml.training.calibration.acceptance import Outcome, guaranteed_threshold, threshold_for
from ml.training.calibration.calibrate import ERROR_RATES, operating_points


def test_offers_say_what_each_error_rate_costs_and_whether_it_is_proved() -> None:
    judged = [Outcome(right=index % 400 != 399, confidence=1 - index / 10_000) for index in range(4_000)]
    found = operating_points(judged, judged)
    assert [point.error_rate for point in found] == sorted(ERROR_RATES)
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
    found = {offer.error_rate: offer for offer in operating_points(judged, judged)}
    assert guaranteed_threshold(judged, 0.02) > threshold_for(judged, 0.01)
    assert found[0.01].threshold == found[0.02].threshold == pytest.approx(threshold_for(judged, 0.01))
    assert not found[0.02].proved


def test_a_threshold_has_to_do_for_other_hands_too() -> None:
    judged = [Outcome(right=index % 400 != 399, confidence=1 - index / 10_000) for index in range(4_000)]
    others = [Outcome(right=index < 300, confidence=1 - index / 10_000) for index in range(400)]
    for alone, both in zip(operating_points(judged, judged), operating_points(judged, judged, others), strict=True):
        assert both.threshold >= alone.threshold
        assert sum(not one.right for one in others if one.confidence >= both.threshold) <= both.error_rate * 400
