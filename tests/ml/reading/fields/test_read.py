"""Whole cheques of our own drawing, from pixels to fields with their checks."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page, PageReading, Reading
from ml.reading.errors import RefusedFile
from ml.reading.fields.micr_fields import NO_ROUTING_NUMBER, NOT_IN_LINE
from ml.reading.fields.read import NOTHING_FOUND
from ml.reading.forms.blank import blank_sheet, cells_of
from ml.reading.forms.layout_json import layout_from_json, shipped_layouts
from ml.reading.read import MISFIT, NO_MICR_LINE, UNPLACED, read_page, read_scan
from ml.reading.reader import Reader
from ml.training.sheets.filled import Filled, fill_in
from ml.training.sheets.photographs import photographed
from ml.training.synthesis.strings import png

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
CHEQUES = ["cheque-us", "cheque-india", "cheque-europe"]
Encode = Callable[..., bytes]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


def page_of(grey: NDArray[np.uint8]) -> Page:
    return Page(np.repeat(grey[:, :, None], 3, axis=2), 1, None, "")


def cheque(name: str, seed: int = 5) -> Filled:
    return fill_in(LAYOUTS[name], None, np.random.default_rng(seed))


def fields_of(page: PageReading) -> dict[str, Reading]:
    return {reading.field: reading for reading in page.fields}


@pytest.mark.parametrize("name", CHEQUES)
def test_a_cheque_is_read_field_by_field(name: str, reader: Reader) -> None:
    right, misread = 0, []
    for seed in range(6):
        filled = cheque(name, seed)
        page = read_page(page_of(filled.picture), shipped_layouts(), reader)
        assert page.layout is not None
        assert (page.layout.name, page.layout.version) == (name, LAYOUTS[name].version)
        found = fields_of(page)
        assert list(found) == [field.name for field in filled.layout.fields]
        for field in ("amount", "date"):
            right += found[field].value == filled.values[field]
        parts = {part: value for part, value in filled.values.items() if part not in ("amount", "date")}
        misread += [found[part] for part, value in parts.items() if found[part].value != value]
    assert misread == []
    assert right >= 8  # of twelve, in drawn hands that lean and shake; how well is `make evaluate`'s to say


def test_a_field_tells_its_kind_currency_place_and_digits(reader: Reader) -> None:
    filled = cheque("cheque-us")
    amount = fields_of(read_page(page_of(filled.picture), shipped_layouts(), reader))["amount"]
    assert (amount.kind, amount.currency) == ("amount", "USD")
    zone = filled.layout.fields[0].place
    height, width = filled.picture.shape
    assert zone.left * width - 5 <= amount.box.left < amount.box.right <= width
    assert zone.top * height - 5 <= amount.box.top < amount.box.bottom <= zone.bottom * height + 5
    assert "".join(str(digit.digit) for digit in amount.digits) == "".join(s for s in amount.text if s.isdigit())
    lefts = [digit.box.left for digit in amount.digits]
    assert lefts == sorted(lefts)
    assert amount.hypotheses[0].text == amount.value


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_a_text_is_told_without_signs_that_stand_for_several(seed: int, reader: Reader) -> None:
    """A comma before cents is told as it was read."""
    filled = cheque("cheque-us", seed)
    amount = fields_of(read_page(page_of(filled.picture), shipped_layouts(), reader))["amount"]
    assert re.fullmatch("[0-9][0-9.,]*", amount.text)
    assert re.sub("[^0-9]", "", amount.text) == re.sub("[^0-9]", "", amount.value)
    assert amount.value == filled.values["amount"]


@pytest.mark.parametrize("pale", [0.3, 0.35, 0.45, 0.6])
def test_a_digit_paler_than_the_others_is_not_left_out(pale: float, reader: Reader, digit_image: Encode) -> None:
    form, per_mm = LAYOUTS["labelled-amounts"], 8.0
    field = next(field for field in form.fields if field.name == "rent")
    _, top, right, _ = (round(side * per_mm) for side in cells_of(field, form)[0])
    sheet = blank_sheet(form, per_mm).copy()
    first, others = (255 - digit_image(text, 30, pen=0.12)[:, :, 0] for text in ("8", "59.71"))
    for ink, share, at in ((first, pale, right - 260), (others, 1.0, right - 235)):
        place = sheet[top + 8 : top + 8 + ink.shape[0], at : at + ink.shape[1]]
        np.minimum(place, 255 - (share * ink).astype(np.uint8), out=place)
    rent = fields_of(read_page(page_of(sheet), form, reader))["rent"]
    assert rent.value == "859.71" or not rent.accepted, rent


@pytest.mark.parametrize(("total", "holds"), [("97.40", True), ("28.40", False)])
def test_a_total_confirms_what_it_adds_up_or_contradicts_it(
    total: str, holds: bool, reader: Reader, digit_image: Callable[..., NDArray[np.uint8]]
) -> None:
    whole, per_mm = LAYOUTS["labelled-amounts"], 8.0
    wages, interest, *_, last = whole.fields
    form = replace(whole, fields=(wages, interest, replace(last, sum_of=(wages.name, interest.name))))
    sheet = blank_sheet(form, per_mm).copy()
    for field, text in zip(form.fields, ("85.10", "12.30", total), strict=True):
        _, top, right, _ = (round(side * per_mm) for side in cells_of(field, form)[0])
        ink = digit_image(text, 30, pen=0.12)[:, :, 0]
        place = sheet[top + 8 : top + 8 + ink.shape[0], right - 300 : right - 300 + ink.shape[1]]
        np.minimum(place, ink, out=place)
    found = fields_of(read_page(page_of(sheet), form, reader))
    assert [one.value for one in found.values()] == ["85.10", "12.30", total]
    assert [one.accepted for one in found.values()] == [holds] * 3
    label = " ".join(last.label.split())
    told = f"The amounts add up to 97.40, and “{label}” says {total}: one was misread, or added up wrongly."
    assert [one.checks[:1] for one in found.values()] == [() if holds else (told,)] * 3


def test_what_is_only_shown_has_a_place_and_no_value(reader: Reader) -> None:
    words = fields_of(read_page(page_of(cheque("cheque-us").picture), shipped_layouts(), reader))["amount_in_words"]
    assert (words.kind, words.value, words.accepted, words.checks) == ("show", "", False, ())


def test_an_empty_field_is_said_to_be_empty(reader: Reader) -> None:
    filled = cheque("cheque-us")
    blank = filled.picture.copy()
    blank[: int(0.8 * blank.shape[0])] = 220
    found = fields_of(read_page(page_of(blank), shipped_layouts(), reader))
    for field in ("amount", "date"):
        assert (found[field].value, found[field].accepted) == ("", False)
        assert found[field].checks == (NOTHING_FOUND,)


def test_a_wrong_check_digit_in_the_routing_number_is_said(reader: Reader) -> None:
    filled = cheque("cheque-us")
    right = fields_of(read_page(page_of(filled.picture), shipped_layouts(), reader))["routing_number"]
    assert right.accepted
    # One of its digits is printed again over another.
    first, other = next((a, b) for a in right.digits for b in right.digits if a.digit != b.digit)
    spoilt = filled.picture.copy()
    left, top, width, height = first.box.xywh
    x, y = other.box.left, other.box.top
    spoilt[y : y + height, x : x + width] = filled.picture[top : top + height, left : left + width]
    wrong = fields_of(read_page(page_of(spoilt), shipped_layouts(), reader))["routing_number"]
    assert not wrong.accepted
    assert wrong.checks == (NO_ROUTING_NUMBER,)


def test_a_part_that_the_line_does_not_have_is_missed(reader: Reader) -> None:
    filled = cheque("cheque-us")
    cut = filled.picture.copy()
    cut[int(0.8 * cut.shape[0]) :, int(0.36 * cut.shape[1]) :] = 220  # behind the routing number
    found = fields_of(read_page(page_of(cut), shipped_layouts(), reader))
    assert found["routing_number"].value == filled.values["routing_number"]
    assert (found["account_number"].value, found["account_number"].checks) == ("", (NOT_IN_LINE,))


def test_without_a_micr_line_nothing_passes_without_a_person(reader: Reader) -> None:
    filled = cheque("cheque-us")
    cut = filled.picture.copy()
    cut[int(0.8 * cut.shape[0]) :] = 220
    page = read_page(page_of(cut), LAYOUTS["cheque-us"], reader)
    assert page.faults[0] == NO_MICR_LINE
    found = fields_of(page)
    assert found["amount"].value == filled.values["amount"]
    assert not any(reading.accepted for reading in page.fields)
    assert UNPLACED in found["amount"].checks


def test_a_photograph_from_aside_upside_down_is_read_like_a_scan(reader: Reader) -> None:
    filled = cheque("cheque-india", 3)
    photo = photographed(filled.picture, np.random.default_rng(2), 15, 190)
    (page,) = read_scan(png(photo), shipped_layouts(), reader)
    assert page.layout is not None
    found = fields_of(page)
    assert found["cheque_number"].value == filled.values["cheque_number"]
    assert found["amount"].value in ("", filled.values["amount"]) or not found["amount"].accepted


def test_three_cheques_on_a_table_are_three_pages(reader: Reader) -> None:
    sheets = [cheque("cheque-us", seed) for seed in (1, 2, 3)]
    height, width = sheets[0].picture.shape
    table = np.full((3 * height + 160, width + 120), 60, np.uint8)
    for place, sheet in enumerate(sheets):
        top = 40 + place * (height + 40)
        table[top : top + height, 60 : 60 + width] = sheet.picture
    pages = list(read_scan(png(table), shipped_layouts(), reader))
    assert [page.page.number for page in pages] == [1, 2, 3]
    numbers = [fields_of(page)["cheque_number"].value for page in pages]
    assert numbers == [sheet.values["cheque_number"] for sheet in sheets]


def test_numbers_beside_something_like_a_sheet_are_not_missed(reader: Reader, digit_image: Encode) -> None:
    table = np.full((900, 1400, 3), 190, np.uint8)
    table[100:500, 100:1000] = 235
    for text, left, top in (("351", 300, 200), ("4071", 900, 700)):
        ink = digit_image(text, 60)
        inside = table[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.minimum(inside, ink, out=inside)
    (page,) = read_scan(png(table), shipped_layouts(), reader)
    assert page.page.pixels.shape == table.shape
    assert {reading.value for reading in page.readings} >= {"351", "4071"}


def test_a_picture_that_is_no_such_cheque_is_not_guessed_at(reader: Reader) -> None:
    page = read_page(page_of(np.full((900, 600), 230, np.uint8)), LAYOUTS["cheque-us"], reader)
    assert page.fields == ()
    assert page.faults[0] == MISFIT.format(title="US personal cheque")


def test_a_picture_of_no_known_layout_is_searched_for_numbers(reader: Reader, digit_image: Encode) -> None:
    page = read_page(Page(digit_image("351"), 1, None, ""), shipped_layouts(), reader)
    assert page.layout is None
    assert [reading.value for reading in page.readings] == ["351"]


def test_a_layout_of_ones_own_reads_boxes(reader: Reader) -> None:
    filled = cheque("cheque-india", 2)
    place = next(field.place for field in filled.layout.fields if field.name == "date").as_list
    field = {"name": "day", "kind": "date", "place": place, "order": "dmy", "boxed": True, "length": [8, 8]}
    own = layout_from_json({"name": "my-form", "size_mm": [202, 92], "fields": [field]})
    found = fields_of(read_page(page_of(filled.picture), own, reader))
    assert found["day"].value in ("", filled.values["date"]) or not found["day"].accepted
    assert found["day"].kind == "date"


@pytest.mark.parametrize("name", ["auto", "cheque-us", "courtesy-amount"])
def test_hostile_files_are_read_or_refused_through_layouts(
    name: str, hostile_files: list[tuple[str, bytes]], reader: Reader
) -> None:
    layout = shipped_layouts() if name == "auto" else LAYOUTS[name]
    refused = 0
    for _, data in hostile_files:
        try:
            for page in read_scan(data, layout, reader):
                assert not any(reading.accepted and not reading.value for reading in page.fields)
        except RefusedFile:
            refused += 1
    assert refused > 100


def test_a_cheque_whose_file_is_damaged_never_gives_a_wrong_value(reader: Reader, as_file: Encode) -> None:
    filled = cheque("cheque-us")
    whole = as_file(np.repeat(filled.picture[:, :, None], 3, axis=2), "JPEG")
    rng = np.random.default_rng(1)
    for _ in range(12):
        data = bytearray(whole)
        for place in rng.integers(600, len(whole), 3).tolist():
            data[place] ^= int(rng.integers(1, 256))
        try:
            pages = list(read_scan(bytes(data[: int(rng.uniform(0.6, 1.0) * len(data))]), shipped_layouts(), reader))
        except RefusedFile:
            continue
        for reading in (one for page in pages for one in page.fields):
            known = filled.values.get(reading.field)
            assert not reading.accepted or known in (None, reading.value), reading


def test_a_strip_that_means_something_both_ways_up_goes_to_a_person(reader: Reader) -> None:
    strip = LAYOUTS["courtesy-amount"]
    sure = []
    for seed in range(9_000, 9_012):
        grey = fill_in(strip, None, np.random.default_rng(seed)).picture
        upright, turned = (page_of(np.ascontiguousarray(one)) for one in (grey, grey[::-1, ::-1]))
        (amount,) = read_page(upright, strip, reader).fields
        (wrong_way_up,) = read_page(turned, strip, reader).fields
        assert not wrong_way_up.accepted
        sure.append(amount.accepted)
    assert any(sure)
