"""What is typed on a PDF comes with its pages as text, where a person can see it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.evaluation.hostile.files import stream
from ml.reading.elements import Box, Page
from ml.reading.files.constants import TYPED
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from tests.ml.reading.files.pdf.pdfs import (
    A5_LYING,
    HELVETICA,
    filled_comb,
    filled_field,
    media,
    named,
    pdf_of,
    picture,
    placed,
)

FONT = b"/Font<</F 5 0 R>>"


def only_page(data: bytes) -> Page:
    (page,) = load_pages(data, Limits())
    return page


def typed(contents: bytes, *objects: bytes, page: bytes = b"", resources: bytes = b"") -> Page:
    """A page with Helvetica as F, and further objects from 6 on."""
    entries = media(A5_LYING) + b"/Resources<<%s%s>>%s" % (FONT, resources, page)
    return only_page(pdf_of(entries, contents, [HELVETICA, *objects]))


def line(text: str, left: int = 100, bottom: int = 300, before: bytes = b"") -> bytes:
    return b"BT /F 24 Tf %s %d %d Td (%s) Tj ET\n" % (before, left, bottom, text.encode())


def words(page: Page) -> list[str]:
    return [one.text for one in page.typed]


def ink_box(page: Page) -> Box:
    dark = page.pixels.max(axis=2) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_typed_word_stands_where_its_ink_is(turn: int) -> None:
    page = typed(line("48205"), page=b"/Rotate %d" % turn)
    (word,) = page.typed
    ink = ink_box(page)
    assert word.text == "48205"
    assert word.box.left <= ink.left + 2
    assert word.box.top <= ink.top + 2
    assert word.box.right >= ink.right - 2
    assert word.box.bottom >= ink.bottom - 2
    assert word.box.width * word.box.height < 2 * ink.width * ink.height


def test_a_box_that_begins_elsewhere_and_a_unit_are_respected() -> None:
    entries = b"/MediaBox[-50 100 250 300]/UserUnit 2/Resources<<%s>>" % FONT
    page = only_page(pdf_of(entries, line("48205", 20, 200), [HELVETICA]))
    (word,) = page.typed
    ink = ink_box(page)
    assert (word.box.left, word.box.top) == pytest.approx((ink.left, ink.top), abs=12)
    assert (word.box.right, word.box.bottom) == pytest.approx((ink.right, ink.bottom), abs=12)


def test_words_come_one_by_one() -> None:
    page = typed(line("Total: 1,234.50 EUR") + line("-52", 100, 200) + line("7316", 300, 200))
    assert words(page) == ["Total:", "1,234.50", "EUR", "-52", "7316"]


@pytest.mark.parametrize(("appearance", "needed"), [(True, False), (False, True), (False, False)])
def test_what_was_filled_in_is_typed(appearance: bool, needed: bool) -> None:
    page = only_page(filled_field("48205", appearance=appearance, needed=needed))
    (word,) = page.typed
    assert word.text == "48205"
    ink = ink_box(page)
    assert word.box.left <= ink.left + 2
    assert word.box.right >= ink.right - 2


def test_digits_that_were_filled_into_boxes_are_one_word() -> None:
    assert words(only_page(filled_comb("48205"))) == ["48205"]


def grey_patch() -> bytes:
    patch: NDArray[np.uint8] = np.random.default_rng(0).integers(0, 255, (60, 90), np.uint8)
    return picture(patch)


OVER = placed("I", 50, 250, 300, 120)


@pytest.mark.parametrize(
    ("contents", "seen"),
    [
        (line("48205", before=b"3 Tr"), []),
        (OVER + line("48205", before=b"3 Tr"), []),
        (OVER + b"/C gs " + line("48205"), []),
        (line("48205") + OVER, []),
        (OVER + line("48205", before=b"1 g"), ["48205"]),
        (line("48205", before=b"1 g"), []),
        (line("48205", before=b"0.97 g"), []),
        (line("48205") + b"1 g 50 250 300 120 re f\n", []),
        (line("48205") + b"0 g 50 250 300 120 re f\n", []),
        (b"/C gs " + line("48205"), []),
        (b"/OC /L BDC " + line("48205") + b"EMC\n", []),
        (line("48205", 900, 300), []),
        (line("48205", before=b"0 0 0.6 rg"), ["48205"]),
        (line("48205", before=b"1 Tr"), ["48205"]),
        (line(".......... ____"), []),
    ],
    ids=[
        "invisible", "invisible on a picture", "clear on a picture", "under a picture",
        "white on a picture", "white on white", "nearly white", "painted over", "blacked",
        "clear", "of a layer", "beside the page", "blue", "outlined", "dots and lines",
    ],
)  # fmt: skip
def test_only_what_is_seen_is_typed(contents: bytes, seen: list[str]) -> None:
    resources = named("I", first=6)[len(b"/Resources<<") : -2] + b"/ExtGState<</C<</ca 0>>>>"
    resources += b"/Properties<</L<</Type/OCG/Name(a)>>>>"
    assert words(typed(contents, grey_patch(), resources=resources)) == seen


def test_a_hidden_field_is_not_typed() -> None:
    assert words(only_page(filled_field("48205", flags=2))) == []


def test_a_number_that_was_struck_out_on_the_screen_is_not_typed() -> None:
    stroke = b"<</Type/Annot/Subtype/Ink/F 4/Rect[90 290 200 330]/InkList[[95 305 190 315]]/AP<</N 7 0 R>>>>"
    look = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 110 40]", b"3 w 5 15 m 100 25 l S")
    page = typed(line("48205") + line("7316", 100, 100), stroke, look, page=b"/Annots[6 0 R]")
    assert words(page) == ["7316"]


def test_a_frame_does_not_hide_what_is_typed_in_it() -> None:
    assert words(typed(line("48205") + b"2 w 90 290 120 40 re S 90 310 m 95 310 l S\n")) == ["48205"]


def test_words_are_bounded() -> None:
    contents = b"".join(b"BT /F 2 Tf %d %d Td (%d) Tj ET\n" % (i % 90 * 6, i // 90 * 3, i) for i in range(9000))
    page = typed(contents)
    assert 1000 <= len(page.typed) <= TYPED.most_words
    assert words(typed(line("9" * 200) + line("12", 100, 200))) == ["12"], "no part of a long word stands for the whole"


def test_a_picture_has_no_typed_words(honest_files: dict[str, bytes]) -> None:
    for extension, data in honest_files.items():
        assert next(load_pages(data, Limits())).typed == (), extension
