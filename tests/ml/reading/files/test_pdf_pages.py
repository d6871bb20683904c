"""Pages of PDFs: what a person sees on them is drawn, so large that it can be read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.evaluation.hostile.files import stream
from ml.reading.elements import Limits, Page
from ml.reading.files.load import load_pages
from tests.ml.reading.files.pdfs import filled_field, media, pdf_of


def only_page(data: bytes) -> Page:
    (page,) = load_pages(data, Limits())
    return page


def ink_within(page: Page, left: float, bottom: float, right: float, top: float) -> NDArray[np.bool_]:
    """Where a page is dark within a box in points, on a page whose box begins at 0, 0."""
    assert page.dpi is not None
    scale, height = page.dpi / 72, page.pixels.shape[0]
    part = page.pixels[
        round(height - top * scale) : round(height - bottom * scale), round(left * scale) : round(right * scale)
    ]
    return part.max(axis=2) < 128


@pytest.mark.parametrize(
    ("appearance", "needed"), [(True, False), (True, True), (False, True), (False, False)],
    ids=["kept", "kept, to be drawn anew", "to be drawn", "no appearance"],
)  # fmt: skip
def test_a_form_that_was_filled_in_on_a_computer_is_not_blank(appearance: bool, needed: bool) -> None:
    page = only_page(filled_field("48205", appearance=appearance, needed=needed))
    inked = ink_within(page, 100, 200, 400, 236)
    assert inked.sum() > 300
    columns = np.flatnonzero(inked.any(axis=0))
    assert np.ptp(columns) > 40 * page.pixels.shape[1] / 595, "all five digits are drawn"


def test_a_field_that_its_form_hides_stays_hidden() -> None:
    assert not ink_within(only_page(filled_field("48205", flags=2)), 0, 0, 595, 420).any()


def test_a_note_on_a_page_is_drawn() -> None:
    note = b"<</Type/Annot/Subtype/FreeText/Contents(7)/F 4/Rect[100 200 400 236]/AP<</N 6 0 R>>>>"
    look = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 300 36]", b"10 10 20 16 re f")
    page = only_page(pdf_of(media() + b"/Annots[5 0 R]", b"", [note, look]))
    assert ink_within(page, 110, 210, 130, 226).mean() > 0.95
