"""Digits one in each printed box: each box on its own, and a whole form laid exactly."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.fields.cells import read_cells
from ml.reading.fields.read import read_fields
from ml.reading.forms.layout_json import layout_from_json, shipped_layouts
from ml.reading.forms.layouts import LayoutField
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned
from ml.training.sheets.filled import fill_in

PER_MM = 8.0
FORM = next(layout for layout in shipped_layouts() if layout.name == "form-boxes")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


def row(text: str, pen_mm: float) -> NDArray[np.uint8]:
    """Boxes of 6 by 8 mm, a digit in each with such a pen, on a strip with some room: uint8, H × W × 3."""
    wide, high = 6.0, 8.0
    strip = np.full((round(14 * PER_MM), round((wide * len(text) + 6) * PER_MM), 3), 225, np.uint8)
    for place, sign in enumerate(text):
        left, right = (round((3 + wide * (place + side)) * PER_MM) for side in (0, 1))
        cv2.rectangle(strip, (left, round(3 * PER_MM)), (right, round((3 + high) * PER_MM)), (60,) * 3, 2)
        thick = round(pen_mm * PER_MM)
        cv2.putText(strip, sign, (left + 9, round(10 * PER_MM)), 0, 2.0, (50, 40, 60), thick, cv2.LINE_AA)
    return strip


def zone_of(strip: NDArray[np.uint8]) -> tuple[Zone, LayoutField]:
    height, width = strip.shape[:2]
    field = {"name": "number", "kind": "digits", "place": [0, 0, 1, 1], "boxed": True, "length": [6, 6]}
    layout = layout_from_json({"name": "mine", "fields": [field]})
    return Zone.of(Page(strip, 1, None, ""), Box(0, 0, width, height), PER_MM), layout.fields[0]


@pytest.mark.parametrize("pen_mm", [0.4, 0.8, 1.2])
def test_each_box_is_read_with_a_fine_and_with_a_bold_pen(pen_mm: float, reader: Reader) -> None:
    zone, field = zone_of(row("238456", pen_mm))
    posterior = read_cells(zone, field, reader)
    assert posterior.best == "238456"
    assert posterior.probabilities["238456"] > 0.9, "six clean digits are surer than this"


def test_a_7_whose_stroke_is_almost_gone_is_one(reader: Reader) -> None:
    strip = row("238 56", 0.8)
    left = round((3 + 6 * 3) * PER_MM)
    bar = np.array([(left + 9, 52), (left + 18, 46), (left + 32, 45)], np.int32)
    cv2.polylines(strip, [bar], False, (50, 40, 60), 6, cv2.LINE_AA)
    cv2.line(strip, (left + 32, 46), (left + 22, 78), (165, 160, 170), 2, cv2.LINE_AA)
    cv2.circle(strip, (left + 22, 78), 3, (50, 40, 60), -1, cv2.LINE_AA)
    zone, field = zone_of(strip)
    assert read_cells(zone, field, reader).best == "238756"


@pytest.mark.parametrize("grain", [1, 6])
def test_an_empty_box_is_no_digit(grain: int, reader: Reader) -> None:
    strip = row("238 56", 0.8)
    noise = np.random.default_rng(4).normal(0, grain, strip.shape[:2])[..., None]
    zone, field = zone_of(np.clip(strip + noise, 0, 255).astype(np.uint8))
    assert max(read_cells(zone, field, reader).probabilities.values(), default=0.0) < 0.1


def test_bars_of_two_7s_side_by_side_are_no_rule(reader: Reader) -> None:
    """They meet over the edge between their boxes: one level stroke, as long as a rule."""
    strip = row("23  56", 0.5)
    wide, pen = 6.0, 4
    bar, foot = (round(at * PER_MM) for at in (4.4, 9.8))
    left, edge, right = (round((3 + wide * at) * PER_MM) for at in (2.1, 3, 3.9))
    cv2.line(strip, (left, bar), (right, bar), (50, 40, 60), pen, cv2.LINE_AA)
    for end in (edge - 2, right):
        cv2.line(strip, (end, bar), (end - 22, foot), (50, 40, 60), pen, cv2.LINE_AA)
    zone, field = zone_of(strip)
    assert zone.clean[bar, left:right].mean() < zone.picture[bar, left:right].mean() + 10, "the bar was taken out"
    assert read_cells(zone, field, reader).best == "237756"


def test_boxes_that_are_not_all_found_say_nothing(reader: Reader) -> None:
    zone, field = zone_of(row("23845", 0.5))
    assert read_cells(zone, field, reader).best == ""


def test_a_form_that_lies_exactly_is_read_box_by_box(reader: Reader) -> None:
    filled = fill_in(FORM, None, np.random.default_rng(5), PER_MM)
    page = Page(np.repeat(filled.picture[:, :, None], 3, axis=2), 1, None, "")
    height, width = filled.picture.shape
    sheet = Aligned(FORM, page, (0.0, 0.0), (float(width), float(height)), None, 1.0)
    found = {one.field: one.value for one in read_fields(sheet, reader)}
    boxed = [field.name for field in FORM.fields if field.boxed]
    assert {name: found[name] for name in boxed} == {name: filled.values[name] for name in boxed}
