"""Pictures made to take the reader's memory or time are read, in bounded memory, and never pass as surely read."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.evaluation.hostile.measure import read_apart
from ml.evaluation.hostile.pictures import CONTENTS, Pixels, pictures
from ml.reading import sample
from ml.reading.elements import Page, PageReading
from ml.reading.files.limits import Limits
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_DIGIT, ONE_NUMBER, Layout
from ml.reading.numbers.read import CROWDED
from ml.reading.read import read_page, read_scan
from ml.reading.reader import Reader
from ml.reading.style.overlay import overlaid
from worker.preview import jpeg_of

SHIPPED = {layout.name: layout for layout in shipped_layouts()}
LAYOUTS = {"any": ANY_NUMBER, "one number": ONE_NUMBER, "one digit": ONE_DIGIT, **SHIPPED}
THIN = [(1, 1), (3, 3), (1, 1_000), (1_000, 1), (2, 40), (1, 3_000), (30, 30_000), (30_000, 30)]


def page_of(pixels: NDArray[np.uint8]) -> Page:
    return Page(pixels, 1, None, hashlib.sha256(pixels.data).hexdigest())


def drawn(name: str, height: int, width: int) -> Pixels:
    return np.repeat(CONTENTS[name](height, width)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("name", ["blank", "grey noise", "a line of digits"])
@pytest.mark.parametrize(("height", "width"), THIN)
def test_a_picture_too_thin_to_hold_a_digit_is_read_as_a_file(
    name: str, height: int, width: int, reader: Reader, as_file
) -> None:
    data = as_file(drawn(name, height, width))

    for layout in (ANY_NUMBER, ONE_NUMBER, ONE_DIGIT, list(SHIPPED.values())):
        for page in read_scan(data, layout, reader):
            assert not [number for number in page.readings if number.accepted and min(height, width) < 9]


@pytest.mark.parametrize(("height", "width"), THIN)
def test_a_thin_picture_is_taught_shown_and_compared(height: int, width: int, reader: Reader, as_file) -> None:
    pixels = drawn("a line of digits", height, width)

    taught = sample.sample_of(as_file(pixels), Limits())

    assert len(sample.read_sample(taught, SHIPPED["courtesy-amount"], reader).fields) == 1
    assert jpeg_of(pixels).startswith(b"\xff\xd8")
    assert overlaid(pixels, pixels).first.shape[1] <= 10_000


@pytest.mark.parametrize("name", CONTENTS)
def test_every_small_hostile_picture_is_read(name: str, reader: Reader) -> None:
    page = page_of(pictures(600)[name]())

    for layout in LAYOUTS.values():
        assert isinstance(read_page(page, layout, reader), PageReading)


@pytest.mark.parametrize("layout", [ANY_NUMBER, ONE_NUMBER], ids=["any", "one number"])
def test_more_marks_than_are_looked_at_are_told_and_nothing_passes(layout: Layout, reader: Reader) -> None:
    numbers = page_of(drawn("lines of small digits", 1_700, 1_700))

    read = read_page(numbers, layout, reader)

    assert CROWDED in read.faults
    assert not any(number.accepted for number in read.readings)
    assert all(CROWDED in number.checks for number in read.readings)


def test_a_page_whose_marks_are_all_looked_at_is_not_told_so(reader: Reader) -> None:
    read = read_page(page_of(drawn("lines of digits", 600, 900)), ANY_NUMBER, reader)

    assert CROWDED not in read.faults


def test_a_field_with_more_marks_than_writing_has_is_asked(reader: Reader) -> None:
    whole_page = replace(SHIPPED["courtesy-amount"], size=(200.0, 200.0))

    (field,) = read_page(page_of(drawn("lines of small digits", 1_600, 1_600)), whole_page, reader).fields

    assert not field.accepted
    assert any("more marks" in check for check in field.checks)


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("blank", "auto"),
        ("grey noise", "auto"),
        ("dense specks", "any"),
        ("a dot every 4 pixels", "one-number"),
        ("touching digits", "one-number"),
        ("small boxes", "any"),
        ("blank of 100 x 250000", "auto"),
        ("grey noise of 60000 x 60", "any"),
    ],
)
def test_a_page_of_25_megapixels_takes_less_than_a_gigabyte(name: str, layout: str) -> None:
    used = read_apart(name, layout)

    assert used.megabytes < 1000, f"reading {name!r} as {layout} took {used.megabytes} MB"
    assert used.seconds < 100, f"reading {name!r} as {layout} took {used.seconds:.0f} s of processor time"
