"""Pages of PDFs: what a person sees on them is drawn, so large that it can be read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.evaluation.hostile.files import stream
from ml.reading.elements import Page
from ml.reading.errors import RefusedFile
from ml.reading.files.constants import LOAD
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from tests.ml.reading.files.pdf.pdfs import compressed_page, filled_field, media, named, pdf_of, picture, placed


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


A4 = media("0 0 595.2 841.92")


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(height).choice(np.array([0, 255], np.uint8), (height, width))


def test_a_scan_is_drawn_dot_by_dot() -> None:
    scan = np.kron(noise(877, 620), np.ones((4, 4), np.uint8))  # A4 at 300 dots an inch
    page = only_page(pdf_of(A4 + named("I"), placed("I", 0, 0, 595.2, 841.92), [picture(scan)]))
    assert page.dpi == pytest.approx(300, rel=0.001)
    assert page.pixels.shape == (3508, 2480, 3)
    assert np.abs(page.pixels[..., 0].astype(int) - scan).mean() < 20, "at most a row lies beside its own"


def test_a_fine_scan_is_drawn_at_half_its_resolution_where_that_fits() -> None:
    page = only_page(pdf_of(A4 + named("I"), placed("I", 0, 0, 595.2, 841.92), [picture(np.zeros((7016, 4960), "u1"))]))
    assert page.dpi == pytest.approx(300, rel=0.001)


def test_a_picture_that_is_placed_small_is_drawn_as_finely_as_fits() -> None:
    page = only_page(pdf_of(A4 + named("I"), placed("I", 100, 500, 85, 62), [picture(noise(2926, 4032))]))
    height, width = page.pixels.shape[:2]
    assert page.dpi is not None
    assert page.dpi > 480
    assert height * width <= LOAD.most_pixels


def test_a_scan_in_strips_is_drawn_at_their_resolution() -> None:
    strips = b"".join(placed("I", 0, 841.92 / 4 * number, 595.2, 841.92 / 4) for number in range(4))
    assert only_page(pdf_of(A4 + named("I"), strips, [picture(noise(877, 2480))])).dpi == pytest.approx(300, rel=0.001)


def test_a_scan_whose_writing_lies_on_coarser_paper_is_drawn_at_the_resolution_of_its_writing() -> None:
    layers = placed("P", 0, 0, 595.2, 841.92) + placed("W", 0, 0, 595.2, 841.92)
    objects = [picture(noise(877, 620)), picture(noise(3508, 2480))]
    assert only_page(pdf_of(A4 + named("P", "W"), layers, objects)).dpi == pytest.approx(300, rel=0.001)


def test_a_scan_within_a_form_and_on_its_side_is_drawn_at_its_resolution() -> None:
    form = stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 1000 1000]/Matrix[2 0 0 2 0 0]" + named("I", first=6),
        placed("I", 0, 0, 148.8, 210.48),
    )
    page = only_page(
        pdf_of(A4 + b"/Rotate 90" + named("F"), b"q 2 0 0 2 0 0 cm /F Do Q", [form, picture(noise(3508, 2480))])
    )
    assert page.dpi == pytest.approx(300, rel=0.001)
    assert page.pixels.shape == (2480, 3508, 3)


@pytest.mark.parametrize("ground", [b"", b"1 g 0 0 595.2 841.92 re f 0 g\n"], ids=["", "on a white ground"])
def test_a_small_logo_does_not_decide(ground: bytes) -> None:
    lines = b"".join(b"60 %d 470 2 re f\n" % height for height in range(60, 700, 20))
    logo = placed("I", 60, 760, 57, 57)
    page = only_page(pdf_of(A4 + named("I"), ground + lines + logo, [picture(noise(2000, 2000))]))
    assert page.dpi == 200


def test_a_ground_of_its_own_does_not_make_a_picture_small() -> None:
    ground = b"1 g 0 0 595.2 841.92 re f\n"
    page = only_page(pdf_of(A4 + named("I"), ground + placed("I", 100, 500, 85, 62), [picture(noise(2926, 4032))]))
    assert page.dpi is not None
    assert page.dpi > 480


def test_a_coarse_picture_leaves_the_page_as_fine_as_others() -> None:
    page = only_page(pdf_of(A4 + named("I"), placed("I", 0, 0, 595.2, 841.92), [picture(noise(877, 620))]))
    assert page.dpi == 200


def test_a_user_unit_makes_the_page_larger() -> None:
    page = only_page(pdf_of(media("0 0 297.6 420.96") + b"/UserUnit 2", b"0 0 148.8 420.96 re f"))
    assert page.pixels.shape == pytest.approx((2339, 1654, 3), abs=1)
    assert page.dpi == 200
    assert (page.pixels[..., 0] < 128).mean() == pytest.approx(0.5, abs=0.01)


def test_a_user_unit_in_a_compressed_object_is_found() -> None:
    assert only_page(compressed_page(media("0 0 100 50") + b"/UserUnit 5")).pixels.shape[:2] == pytest.approx(
        (695, 1389), abs=1
    )


@pytest.mark.parametrize("unit", ["0", "-3", "nothing"])
def test_a_user_unit_that_means_nothing_is_passed_over(unit: str) -> None:
    page = only_page(pdf_of(media("0 0 300 400") + b"/UserUnit " + unit.encode(), b"0 0 10 10 re f"))
    assert page.pixels.shape[:2] == pytest.approx((1112, 834), abs=1)


def test_a_user_unit_that_makes_a_page_too_large_is_told() -> None:
    with pytest.raises(RefusedFile) as refusal:
        only_page(pdf_of(media("0 0 300 400") + b"/UserUnit 70000", b"0 0 10 10 re f"))
    assert refusal.value.code == "pixels"


@pytest.mark.parametrize("box", ["0 0 20 8", "0 0 3 1", "0 0 0.5 0.2", "-4 -4 4 0"])
def test_a_page_of_a_few_points_is_drawn_large_enough_to_read(box: str) -> None:
    page = only_page(pdf_of(media(box), b"-99 -99 999 999 re f"))
    assert 500 < max(page.pixels.shape[:2]) < 2000
    assert page.pixels.max() == 0
