"""The sheets that we draw ourselves: what is on them is what is said of them."""

import datetime
from decimal import Decimal

import cv2
import numpy as np
import pytest

from ml.reading.forms.blank import blank_sheet
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.forms.money import Convention, money_of
from ml.reading.forms.routing import is_routing_number
from ml.training.sheets.filled import fill_in, random_micr
from ml.training.sheets.filled_sheet import amount_text
from ml.training.sheets.photographs import DAMAGES, photographed, shadowed

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
CHEQUES = ["cheque-us", "cheque-india", "cheque-europe"]
FORMS = [name for name, layout in LAYOUTS.items() if layout.printable]
CONVENTIONS = [Convention("USD", ".", True), Convention("EUR", ",", True), Convention("INR", ".", False)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_sheet_has_its_size_and_a_value_for_each_field_in_figures(name: str) -> None:
    layout = LAYOUTS[name]
    filled = fill_in(layout, None, np.random.default_rng(1), per_mm=4)
    assert layout.size is not None
    assert filled.picture.shape == (round(layout.size[1] * 4), round(layout.size[0] * 4))
    by_hand = {field.name for field in layout.fields if field.kind not in ("show", "micr") and not field.printed}
    named = by_hand | {field.name for field in layout.fields if field.in_micr or field.same_as}
    assert set(filled.values) == named
    again = fill_in(layout, None, np.random.default_rng(1), per_mm=4)
    assert np.array_equal(again.picture, filled.picture)


@pytest.mark.parametrize("name", FORMS)
def test_on_a_form_all_that_is_written_stands_in_its_places(name: str) -> None:
    layout = LAYOUTS[name]
    for seed in range(4):
        picture = fill_in(layout, None, np.random.default_rng(seed), per_mm=6).picture
        near_print = cv2.erode(blank_sheet(layout, 6), np.ones((5, 5), np.uint8)) < 200
        written = (picture < 110) & ~near_print
        assert written.any()
        height, width = picture.shape
        for field in layout.fields:
            left, top, right, bottom = field.place.as_list
            own = written[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
            assert own.any(), field.name
            own[:] = False
        assert not written.any()


def test_the_value_of_boxes_has_a_digit_for_each() -> None:
    for seed in range(5):
        values = fill_in(LAYOUTS["form-boxes"], None, np.random.default_rng(seed), per_mm=3).values
        assert [len(values[name]) for name in ("account_number", "reference", "postal_code")] == [10, 8, 5]
        assert datetime.date.fromisoformat(values["date"])


def test_a_total_is_that_of_its_page() -> None:
    *lines, total = fill_in(LAYOUTS["labelled-amounts"], None, np.random.default_rng(1), per_mm=3).values.values()
    assert sum(map(Decimal, lines)) == Decimal(total)


def test_a_postal_code_has_the_form_that_belongs_there() -> None:
    layout = LAYOUTS["postal-code"]
    values = [fill_in(layout, None, np.random.default_rng(seed), per_mm=3).values for seed in range(20)]
    assert {len(one["postal_code"]) for one in values} == {5, 9}
    assert not any(layout.fields[0].mismatch(one["postal_code"]) for one in values)


def test_a_layout_without_a_size_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="how large"):
        fill_in(ANY_NUMBER, None, np.random.default_rng(1))


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.currency)
def test_an_amount_is_written_so_that_it_means_its_value(convention: Convention) -> None:
    rng = np.random.default_rng(2)
    for cents in (100, 9_950, 123_456, 98_765_400, 12_345_600):
        value = Decimal(cents) / 100
        money = money_of(amount_text(value, convention, rng), convention)
        assert money is not None
        assert money.value == value
        assert money.doubts == ()


@pytest.mark.parametrize("name", CHEQUES)
def test_a_micr_line_fits_its_layout(name: str) -> None:
    micr = LAYOUTS[name].micr
    assert micr is not None
    parts = micr.parts(random_micr(LAYOUTS[name], np.random.default_rng(3)))
    assert parts is not None
    assert "cheque_number" in parts


def test_drawn_routing_numbers_have_their_check_digit() -> None:
    for seed in range(5):
        text = random_micr(LAYOUTS["cheque-us"], np.random.default_rng(seed))
        assert is_routing_number(text[1:10])


def test_a_photograph_shows_the_whole_sheet_on_something_darker() -> None:
    sheet = np.full((300, 700), 220, np.uint8)
    photo = photographed(sheet, np.random.default_rng(1), 20, 30)
    assert (photo > 190).sum() > 0.6 * sheet.size
    rim = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])
    assert rim.max() < 180


def test_a_shadow_takes_light_on_one_side_only() -> None:
    picture = np.full((200, 400), 200, np.uint8)
    dark = shadowed(picture, np.random.default_rng(1), 0.5)
    assert dark.min() < 115
    assert dark.max() > 180


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_leaves_a_grey_picture(name: str) -> None:
    dpi, spoil = DAMAGES[name]
    picture = spoil(np.full((round(20 * dpi / 25.4), round(60 * dpi / 25.4)), 210, np.uint8), np.random.default_rng(1))
    assert picture.dtype == np.uint8
    assert picture.ndim == 2
