"""Blank forms: what is printed where, and that a sheet is known again by it."""

import numpy as np
import pytest

from ml.reading.forms.blank import INK, PAPER, blank_pdf, blank_sheet, cells_of
from ml.reading.forms.constants import LANDMARK
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.layout_json import layout_from_json, shipped_layouts
from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.ink.frames import find_frames

PRINTABLE = [layout for layout in shipped_layouts() if layout.printable]
NAMES = [layout.name for layout in PRINTABLE]
PER_MM = 6.0
each_layout = pytest.mark.parametrize("layout", PRINTABLE, ids=NAMES)


def place_of(layout: Layout, field: LayoutField) -> tuple[slice, slice]:
    assert layout.size is not None
    width, height = (side * PER_MM for side in layout.size)
    place = field.place
    rows = slice(round(place.top * height), round(place.bottom * height))
    return rows, slice(round(place.left * width), round(place.right * width))


def own_form(**more: object) -> Layout:
    field = {"name": "number", "kind": "digits", "place": [0.2, 0.4, 0.8, 0.6], "boxed": True, "length": [4, 4]}
    return layout_from_json({"name": "mine", "printable": True, "size_mm": [100, 100], "fields": [field | more]})


def test_a_form_with_boxes_and_a_page_of_amounts_can_be_printed() -> None:
    assert NAMES == ["form-boxes", "labelled-amounts"]


@each_layout
def test_a_sheet_has_its_size_and_is_the_same_at_each_call(layout: Layout) -> None:
    sheet = blank_sheet(layout, 4)
    assert layout.size is not None
    assert sheet.dtype == np.uint8
    assert sheet.shape == (round(layout.size[1] * 4), round(layout.size[0] * 4))
    assert np.array_equal(blank_sheet(layout, 4), sheet)


@each_layout
def test_in_a_place_stand_its_boxes_alone(layout: Layout) -> None:
    sheet = blank_sheet(layout, PER_MM)
    for field in layout.fields:
        own = sheet[place_of(layout, field)].copy()
        left, top = (side.start for side in reversed(place_of(layout, field)))
        for cell in cells_of(field, layout):
            x, y, right, bottom = (round(side * PER_MM) for side in cell)
            rim = 3
            inside = own[y - top + rim : bottom - top - rim, x - left + rim : right - left - rim]
            assert (inside == PAPER).all(), field.name
            own[y - top - rim : bottom - top + rim + 1, x - left - rim : right - left + rim + 1] = PAPER
        assert (own == PAPER).all(), field.name


@each_layout
def test_the_reader_finds_the_boxes_that_are_printed(layout: Layout) -> None:
    sheet = np.repeat(blank_sheet(layout, PER_MM)[:, :, None], 3, axis=2)
    for field in layout.fields:
        if field.kind is not Kind.SHOW:
            (frame,) = find_frames(np.ascontiguousarray(sheet[place_of(layout, field)]), PER_MM).frames
            assert len(frame.cells) == len(cells_of(field, layout)), field.name


@each_layout
def test_what_no_printer_reaches_stays_free(layout: Layout) -> None:
    sheet = blank_sheet(layout, PER_MM)
    rim = round(5 * PER_MM)
    for side in (sheet[:rim], sheet[-rim:], sheet[:, :rim], sheet[:, -rim:]):
        assert (side == PAPER).all()


@each_layout
def test_a_sheet_prints_enough_to_be_known_by(layout: Layout) -> None:
    sheet = np.repeat(blank_sheet(layout, PER_MM)[:, :, None], 3, axis=2)
    landmarks = Landmarks.of(sheet, [field.place for field in layout.fields])
    assert landmarks is not None
    assert len(landmarks.points) >= 10 * LANDMARK.fewest


def test_each_corner_of_each_form_has_a_mark_of_its_own() -> None:
    marks = set()
    for layout in PRINTABLE:
        sheet = blank_sheet(layout, PER_MM)
        side = round(16 * PER_MM)
        for corner in (sheet[:side, :side], sheet[:side, -side:], sheet[-side:, :side], sheet[-side:, -side:]):
            rows, columns = np.nonzero(corner == INK)
            marks.add(corner[rows.min() : rows.max(), columns.min() : columns.max()].tobytes())
    assert len(marks) == 4 * len(PRINTABLE)


def test_a_label_stands_to_the_left_where_there_is_room_else_above() -> None:
    beside, above = (own_form(place=[left, 0.4, 0.9, 0.6], label="Box") for left in (0.5, 0.2))
    rows = slice(round(40 * PER_MM), round(60 * PER_MM))
    assert (blank_sheet(beside, PER_MM)[rows, : round(40 * PER_MM)] == INK).any()
    assert not (blank_sheet(above, PER_MM)[rows, : round(20 * PER_MM)] == INK).any()
    assert (blank_sheet(above, PER_MM)[round(30 * PER_MM) : rows.start] == INK).any()


@pytest.mark.parametrize(("order", "letters"), [("dmy", 8), ("ymd", 8), ("mdy", 6)])
def test_letters_stand_below_the_boxes_of_a_date(order: str, letters: int) -> None:
    dated = own_form(kind="date", order=order, length=[letters, letters])
    plain = own_form(length=[letters, letters])
    below = slice(round(60 * PER_MM), round(66 * PER_MM))
    assert (blank_sheet(dated, PER_MM)[below] == INK).any()
    assert not (blank_sheet(plain, PER_MM)[below] == INK).any()


def test_what_is_not_printable_is_refused() -> None:
    cheque = next(layout for layout in shipped_layouts() if layout.name == "cheque-us")
    with pytest.raises(ValueError, match="cheque-us is no layout to be printed"):
        blank_sheet(cheque, PER_MM)


def test_a_pdf_is_small() -> None:
    for layout in PRINTABLE:
        data = blank_pdf(layout)
        assert data.startswith(b"%PDF")
        assert len(data) < 200_000
