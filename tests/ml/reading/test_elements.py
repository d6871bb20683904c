import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reading.elements import Box, Glyph, Page

sides = st.integers(1, 500)
boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    st.integers(0, 500),
    st.integers(0, 500),
    sides,
    sides,
)


@given(boxes, boxes)
def test_union_holds_both_and_no_more(one: Box, other: Box) -> None:
    union = one.union(other)
    assert union == other.union(one)
    assert union.left == min(one.left, other.left)
    assert union.bottom == max(one.bottom, other.bottom)
    assert union.width >= max(one.width, other.width)
    assert union.union(one) == union


@given(boxes)
def test_xywh_tells_the_same_box(box: Box) -> None:
    left, top, width, height = box.xywh
    assert Box(left, top, left + width, top + height) == box


@pytest.mark.parametrize("corners", [(5, 0, 5, 9), (0, 4, 9, 4), (-1, 0, 4, 4), (0, -1, 4, 4), (6, 0, 5, 9)])
def test_empty_or_outlying_boxes_are_refused(corners: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not a box"):
        Box(*corners)


def test_pixels_cannot_be_changed_through_an_element() -> None:
    page = Page(np.zeros((4, 4, 3), np.uint8), 1, None, "")
    glyph = Glyph(Box(0, 0, 4, 4), np.zeros((28, 28), np.float32))
    for pixels in (page.pixels, glyph.pixels):
        with pytest.raises(ValueError, match="read-only"):
            pixels[0, 0] = 1


def test_wrong_shapes_are_refused_at_the_edge() -> None:
    with pytest.raises(ValueError, match="a page is"):
        Page(np.zeros((4, 4), np.uint8), 1, None, "")
    with pytest.raises(ValueError, match="a glyph is"):
        Glyph(Box(0, 0, 4, 4), np.zeros((28, 28), np.float64))  # type: ignore[arg-type]
