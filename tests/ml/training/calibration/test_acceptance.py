import pytest

from ml.reading.operating_points import NEVER
from ml.training.calibration.acceptance import (
    LEAST_THRESHOLD,
    Outcome,
    counts_at,
    guaranteed_threshold,
    more_needed,
    read_rate_at,
    threshold_for,
    upper_bound,
    wilson,
)


def outcomes(right: list[float], wrong: list[float]) -> list[Outcome]:
    return [Outcome(True, c) for c in right] + [Outcome(False, c) for c in wrong]


def test_threshold_stands_above_the_errors() -> None:
    judged = outcomes([0.95] * 500 + [0.8] * 100, [0.7] * 20)
    assert threshold_for(judged, 0.01) == 0.8


def test_errors_that_were_seen_and_one_more_have_to_be_few_enough() -> None:
    falling = [0.9 - index / 10_000 for index in range(1000)]
    judged = outcomes(falling, [0.8899, 0.8799, 0.85])
    point = counts_at(judged, threshold_for(judged, 0.01))
    assert (point.wrong + 1) / point.passed <= 0.01
    assert point.wrong == 3
    assert threshold_for(outcomes(falling[:250], [0.89]), 0.01) < 0.89  # 1 of 200 and one more: 1 %
    assert threshold_for(outcomes(falling[:150], [0.8899]), 0.01) > 0.8899  # too few to allow for one more


def test_where_too_few_were_checked_all_stand_above_the_surest_error() -> None:
    judged = outcomes([0.9, 0.95], [0.7])
    assert threshold_for(judged, 0.001) == 0.9
    assert threshold_for(outcomes([0.9, 0.9], [0.9]), 0.001) == NEVER
    assert threshold_for(outcomes([], [0.9] * 5), 0.01) == NEVER


def test_threshold_is_never_below_one_half() -> None:
    assert threshold_for(outcomes([0.9, 0.2] * 500, []), 0.01) == LEAST_THRESHOLD


def test_string_that_nothing_was_found_in_never_passes() -> None:
    point = counts_at(outcomes([0.9], [0.0]), 0.5)
    assert (point.read_rate, point.error_rate) == (0.5, 0.0)


@pytest.mark.parametrize(
    ("wrong", "count", "bound"), [(0, 2995, 0.001), (0, 299, 0.00997), (5, 100, 0.10225), (3, 3, 1.0)]
)
def test_bound_is_clopper_and_pearsons(wrong: int, count: int, bound: float) -> None:
    assert upper_bound(wrong, count) == pytest.approx(bound, rel=0.002)


def test_one_in_a_thousand_needs_three_thousand_without_an_error() -> None:
    seen = counts_at(outcomes([0.9] * 1000, []), 0.5)
    assert more_needed(seen, 0.001) == pytest.approx(1995, abs=2)
    assert more_needed(counts_at(outcomes([0.9] * 3000, []), 0.5), 0.001) == 0
    half_passes = counts_at(outcomes([0.9] * 500 + [0.2] * 500, []), 0.5)
    assert more_needed(half_passes, 0.001) == pytest.approx(2 * 2495, abs=4)


def test_a_guarantee_is_given_only_where_the_values_bear_it_out() -> None:
    few, many = outcomes([0.95] * 100, []), outcomes([0.95] * 2000 + [0.7] * 100, [0.6] * 100)
    assert guaranteed_threshold(few, 0.01) is None
    threshold = guaranteed_threshold(many, 0.01)
    assert threshold is not None
    point = counts_at(many, threshold)
    assert upper_bound(point.wrong, point.passed) <= 0.01
    assert point.passed >= 2000


def test_share_that_passes_at_an_error_rate_is_counted_from_the_surest() -> None:
    judged = outcomes([0.99] * 50 + [0.9] * 49 + [0.5] * 10, [0.8, 0.7])
    assert read_rate_at(judged, 0.01) == pytest.approx(100 / 111)
    assert read_rate_at(judged, 0.0) == pytest.approx(99 / 111)
    assert read_rate_at(outcomes([], [0.9]), 0.01) == 0.0


def test_interval_is_wilsons() -> None:
    low, high = wilson(40, 10_000)
    assert low == pytest.approx(0.00294, abs=1e-5)
    assert high == pytest.approx(0.00544, abs=1e-5)


def test_nothing_counted_means_nothing_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
