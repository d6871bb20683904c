"""The cheques that we draw ourselves: what is on them is what is said of them."""

from decimal import Decimal

import numpy as np
import pytest

from ml.evaluation.filled import as_written, fill_in, some_micr
from ml.evaluation.photographs import DAMAGES, photographed, shadowed
from ml.reading.layouts import ANY_NUMBER, shipped_layouts
from ml.reading.money import Convention, money_of
from ml.reading.routing import is_routing_number

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
CHEQUES = ["cheque-us", "cheque-india", "cheque-europe"]
CONVENTIONS = [Convention("USD", ".", True), Convention("EUR", ",", True), Convention("INR", ".", False)]


@pytest.mark.parametrize("name", CHEQUES)
def test_a_sheet_has_its_size_and_a_value_for_each_field_in_figures(name: str) -> None:
    layout = LAYOUTS[name]
    filled = fill_in(layout, None, np.random.default_rng(1), per_mm=4)
    assert layout.size is not None
    assert filled.picture.shape == (round(layout.size[1] * 4), round(layout.size[0] * 4))
    named = {field.name for field in layout.fields if field.kind in ("amount", "date") or field.in_micr}
    assert set(filled.values) == named
    again = fill_in(layout, None, np.random.default_rng(1), per_mm=4)
    assert np.array_equal(again.picture, filled.picture)


def test_a_layout_without_a_size_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="how large"):
        fill_in(ANY_NUMBER, None, np.random.default_rng(1))


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.currency)
def test_an_amount_is_written_so_that_it_means_its_value(convention: Convention) -> None:
    rng = np.random.default_rng(2)
    for cents in (100, 9_950, 123_456, 98_765_400, 12_345_600):
        value = Decimal(cents) / 100
        money = money_of(as_written(value, convention, rng), convention)
        assert money is not None
        assert money.value == value
        assert money.doubts == ()


@pytest.mark.parametrize("name", CHEQUES)
def test_a_micr_line_fits_its_layout(name: str) -> None:
    micr = LAYOUTS[name].micr
    assert micr is not None
    parts = micr.parts(some_micr(LAYOUTS[name], np.random.default_rng(3)))
    assert parts is not None
    assert "cheque_number" in parts


def test_drawn_routing_numbers_have_their_check_digit() -> None:
    for seed in range(5):
        text = some_micr(LAYOUTS["cheque-us"], np.random.default_rng(seed))
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
