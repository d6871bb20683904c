import numpy as np
import pytest

from ml.evaluation.reports.figures import auroc, confusion, per_digit


def test_confusion_counts_what_was_read_as_what() -> None:
    counts = confusion(np.array([0, 1, 1, 9]), np.array([0, 1, 7, 10]), 11)
    assert counts.shape == (10, 11)
    assert counts.sum() == 4
    assert counts[0, 0] == counts[1, 1] == counts[1, 7] == counts[9, 10] == 1


def test_figures_of_one_digit_among_others() -> None:
    labels = np.repeat(np.arange(10), 10)
    found = labels.copy()
    found[10:12] = 7  # two of ten 1s are read as 7
    one, seven = (per_digit(confusion(labels, found, 11))[digit] for digit in (1, 7))
    assert (one.sensitivity, one.specificity, one.precision) == (0.8, 1.0, 1.0)
    assert seven.sensitivity == 1.0
    assert seven.specificity == pytest.approx(88 / 90)
    assert seven.precision == pytest.approx(10 / 12)


def test_digit_never_read_has_precision_zero() -> None:
    labels = np.arange(10)
    assert per_digit(confusion(labels, np.full(10, 3), 11))[5].precision == 0.0


@pytest.mark.parametrize(
    ("strangers", "digits", "expected"),
    [([0.9, 0.8], [0.1, 0.2], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5, 0.5], 0.5), ([0.3, 0.9], [0.5], 0.5)],
)
def test_auroc_is_the_chance_that_a_stranger_scores_higher(
    strangers: list[float], digits: list[float], expected: float
) -> None:
    assert auroc(np.array(strangers), np.array(digits)) == expected
