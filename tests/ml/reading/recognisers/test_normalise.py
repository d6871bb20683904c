import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.reading.recognisers.normalise import normalise

GOLDEN_EXTENT = (7, 26, 6, 21)
GOLDEN_COLUMNS = [0.0, 0.0, 5.0, 11.5, 8.0, 8.0, 0.0]

inks = arrays(np.float32, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.floats(0, 1, width=32))


@given(inks)
def test_gives_what_the_network_reads(ink: np.ndarray) -> None:
    glyph = normalise(ink)
    assert glyph.dtype == np.float32
    assert glyph.shape == (28, 28)
    assert glyph.min() >= 0
    assert glyph.max() <= 1
    assert glyph.any() == (ink >= 0.05).any()


@given(inks, st.integers(0, 9), st.integers(0, 9))
def test_paper_around_the_ink_changes_nothing(ink: np.ndarray, above: int, left: int) -> None:
    padded = np.pad(ink, ((above, 3), (left, 5)))
    assert np.array_equal(normalise(padded), normalise(ink))


def test_golden_array_of_a_small_seven() -> None:
    """A 7 of 5 × 4 pixels becomes 20 × 16, its centre of mass in the middle: every edge where it always was."""
    seven = np.array([[1, 1, 1, 1], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 0, 0]], np.float32)
    glyph = normalise(seven)
    rows, columns = np.nonzero(glyph >= 0.5)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == GOLDEN_EXTENT
    assert glyph[:, ::4].sum(axis=0) == pytest.approx(GOLDEN_COLUMNS, abs=0.01)


def test_ink_at_full_size_is_only_moved() -> None:
    """A body of 20 pixels is copied, not resampled: pixel by pixel as MNIST has it."""
    ink = np.zeros((20, 10), np.float32)
    ink[:, 4:6] = 1
    ink[0] = 0.5
    glyph = normalise(ink)
    top, left = (int(where.min()) for where in np.nonzero(glyph))
    assert np.array_equal(glyph[top : top + 20, left : left + 10], ink)
    assert glyph.sum() == ink.sum()


def test_matrix_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="float32"):
        normalise(np.zeros((4, 4), np.uint8))  # type: ignore[arg-type]
