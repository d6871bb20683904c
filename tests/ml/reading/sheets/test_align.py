"""Where a sheet lies on a page, by its MICR line."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.forms.layout_json import layout_from_json, shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, Layout
from ml.reading.sheets.align import Aligned, aligned, best_aligned
from ml.training.sheets.filled import fill_in

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
CHEQUES = ["cheque-us", "cheque-india", "cheque-europe"]


def page_of(grey: NDArray[np.uint8]) -> Page:
    return Page(np.repeat(grey[:, :, None], 3, axis=2), 1, None, "")


def cheque(name: str, seed: int = 4, per_mm: float = 8.0) -> NDArray[np.uint8]:
    return fill_in(LAYOUTS[name], None, np.random.default_rng(seed), per_mm).picture


def found(grey: NDArray[np.uint8]) -> Aligned:
    sheet = best_aligned(page_of(grey), shipped_layouts())
    assert sheet is not None
    return sheet


@pytest.mark.parametrize(
    ("name", "seed"), [("cheque-us", 5040), ("cheque-india", 5127), ("cheque-india", 5180), ("cheque-india", 5357)]
)
def test_a_strong_pattern_neither_hides_the_line_nor_tilts_it(name: str, seed: int) -> None:
    """Its marks lie in rows, more of them than the line has, and some as high as the line's and about level."""
    filled = fill_in(LAYOUTS[name], None, np.random.default_rng(seed), 200 / 25.4)
    sheet = found(filled.picture)
    assert sheet.micr is not None
    printed = [filled.values[field.name] for field in sheet.layout.fields if field.in_micr]
    assert len(printed) >= 3
    assert all(part in sheet.micr.text for part in printed)


@pytest.mark.parametrize("name", CHEQUES)
@pytest.mark.parametrize("per_mm", [6.0, 11.8])
def test_a_cheque_is_known_by_its_line_and_lies_where_it_lies(name: str, per_mm: float) -> None:
    sheet = found(cheque(name, per_mm=per_mm))
    assert sheet.layout.name == name
    assert sheet.origin == pytest.approx((0, 0), abs=1.2 * per_mm)
    assert sheet.per_mm == pytest.approx(per_mm, rel=0.015)
    assert sheet.fit > 0.7


@pytest.mark.parametrize("name", CHEQUES)
def test_a_margin_around_the_sheet_moves_its_places(name: str) -> None:
    grey = cheque(name)
    padded = cv2.copyMakeBorder(grey, 90, 60, 120, 40, cv2.BORDER_CONSTANT, value=235)
    inner, outer = found(grey), found(padded)
    place = inner.layout.fields[0].place
    one, other = inner.box_of(place), outer.box_of(place)
    assert one is not None
    assert other is not None
    assert (other.left - one.left, other.top - one.top) == pytest.approx((120, 90), abs=4)


def test_a_cheque_upside_down_is_turned_round() -> None:
    grey = cheque("cheque-india")
    upright, turned = found(grey), found(np.ascontiguousarray(grey[::-1, ::-1]))
    assert turned.micr is not None
    assert upright.micr is not None
    assert turned.micr.text == upright.micr.text
    assert np.abs(turned.page.pixels.astype(int) - upright.page.pixels).mean() < 1


@pytest.mark.parametrize("degrees", [-1.5, 1.5])
def test_a_cheque_askew_is_made_level(degrees: float) -> None:
    grey = cheque("cheque-us")
    middle = grey.shape[1] / 2, grey.shape[0] / 2
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    askew = cv2.warpAffine(grey, turn, grey.shape[::-1], borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    level = found(askew)
    assert level.micr is not None
    feet = [symbol.box.bottom for symbol in level.micr.symbols]
    assert max(feet) - min(feet) <= 4


@pytest.mark.parametrize("seed", [4, 117, 119, 170])
def test_a_pattern_whose_marks_lie_in_rows_does_not_hide_the_line(seed: int) -> None:
    filled = fill_in(LAYOUTS["cheque-india"], None, np.random.default_rng((77, seed)))
    sheet = found(filled.picture)
    assert sheet.micr is not None
    assert filled.values["cheque_number"] in sheet.micr.text
    assert filled.values["sort_code"] in sheet.micr.text


def test_a_page_without_a_micr_line_has_no_layout() -> None:
    blank = np.full((600, 1200), 230, np.uint8)
    assert best_aligned(page_of(blank), shipped_layouts()) is None


def test_a_line_of_another_country_fits_no_other_layout() -> None:
    page = page_of(cheque("cheque-india"))
    assert best_aligned(page, [LAYOUTS["cheque-us"], LAYOUTS["cheque-europe"]]) is None
    assert aligned(page, LAYOUTS["cheque-india"]).fit > aligned(page, LAYOUTS["cheque-us"]).fit


def test_a_picture_of_another_shape_does_not_fit_the_chosen_layout() -> None:
    assert aligned(page_of(np.full((900, 600), 230, np.uint8)), LAYOUTS["cheque-us"]).fit == 0


def test_a_layout_without_a_micr_line_takes_the_picture_for_the_sheet() -> None:
    told = {"name": "slip", "fields": [{"name": "n", "kind": "digits", "place": [0.5, 0.5, 1, 1]}]}
    sheet = aligned(page_of(np.full((200, 400), 230, np.uint8)), layout_from_json(told))
    box = sheet.box_of(sheet.layout.fields[0].place)
    assert box is not None
    assert box.xywh == (200, 100, 200, 100)


def test_no_layout_is_found_among_none() -> None:
    nothing: list[Layout] = [ANY_NUMBER]
    assert best_aligned(page_of(cheque("cheque-us")), nothing) is None
