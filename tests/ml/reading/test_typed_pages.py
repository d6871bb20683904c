"""PDFs with typed numbers beside written ones, read as any page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import PageReading
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from recognition.export import number_as_json
from tests.ml.reading.files.pdf.pdfs import HELVETICA, filled_field, media, pdf_of, picture, placed

Draw = Callable[..., NDArray[np.uint8]]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


def read(data: bytes, reader: Reader) -> PageReading:
    (page,) = read_scan(data, ANY_NUMBER, reader)
    return page


@pytest.mark.parametrize("value", ["48205", "20.5", "-52", "1,234.50"])
def test_a_form_that_was_filled_in_on_a_computer_is_read_from_its_text(value: str, reader: Reader) -> None:
    (reading,) = read(filled_field(value), reader).readings
    assert reading.text == value
    assert reading.value == value.replace(",", "")
    assert reading.accepted
    exported = number_as_json(reading)
    assert exported["typed"] is True
    assert exported["confidence"] == 1.0


def test_writing_beside_typed_numbers_is_recognised(digit_image: Draw, reader: Reader) -> None:
    written = picture(digit_image("4071")[..., 0])
    resources = b"/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>"
    contents = b"BT /F 24 Tf 100 340 Td (93.25) Tj ET\n" + placed("I", 100, 100, 200, 80)
    found = read(pdf_of(media() + resources, contents, [HELVETICA, written]), reader).readings
    assert [(one.value, one.typed) for one in found] == [("93.25", True), ("4071", False)]
    assert found[1].confidence < 1
