import pytest

from ml.training.acceptance import LEAST_THRESHOLD, Outcome, choose_threshold, operating_point, wilson


def outcomes(right: list[float], wrong: list[float]) -> list[Outcome]:
    return [Outcome(True, c) for c in right] + [Outcome(False, c) for c in wrong]


def test_threshold_stands_above_the_errors() -> None:
    point = choose_threshold(outcomes([0.95] * 500 + [0.8] * 100, [0.7] * 20))
    assert point.threshold == 0.8
    assert point.error_rate == 0
    assert point.read_rate == pytest.approx(600 / 620)


def test_few_errors_are_let_through_where_many_numbers_prove_them_rare() -> None:
    point = choose_threshold(outcomes([0.95] * 2000, [0.95] * 5))
    assert point.threshold == 0.95
    assert 0 < point.error_rate < point.interval[1] <= 0.01


def test_one_in_a_hundred_is_not_proved_by_a_hundred() -> None:
    assert choose_threshold(outcomes([0.95] * 100, [])).read_rate == 0


def test_one_error_among_the_surest_does_not_keep_all_others_back() -> None:
    point = choose_threshold(outcomes([0.99] * 50 + [0.9] * 950, [1.0]))
    assert point.threshold == 0.9
    assert point.read_rate == 1.0


def test_nothing_passes_where_no_threshold_will_do() -> None:
    point = choose_threshold(outcomes([0.9] * 500, [1.0] * 100))
    assert point.read_rate == 0
    assert operating_point(outcomes([1.0], []), point.threshold).read_rate == 0


def test_threshold_is_never_below_one_half() -> None:
    assert choose_threshold(outcomes([0.9, 0.2] * 500, [])).threshold == LEAST_THRESHOLD


def test_string_that_nothing_was_found_in_never_passes() -> None:
    point = operating_point(outcomes([0.9], [0.0]), 0.5)
    assert (point.read_rate, point.error_rate) == (0.5, 0.0)


def test_no_strings_choose_no_threshold() -> None:
    with pytest.raises(ValueError, match="no strings"):
        choose_threshold([])


def test_interval_is_wilsons() -> None:
    low, high = wilson(40, 10_000)
    assert low == pytest.approx(0.00294, abs=1e-5)
    assert high == pytest.approx(0.00544, abs=1e-5)


def test_nothing_counted_means_nothing_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
