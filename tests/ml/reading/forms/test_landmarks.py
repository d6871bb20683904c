"""A form is known by what it prints, lies where it lies, and is not taken for another."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import Page, Place
from ml.reading.forms.landmarks import Keypoints, Landmarks
from ml.reading.forms.layout_json import layout_as_json, layout_from_json, shipped_layouts
from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.sheets.align import aligned, best_aligned
from ml.training.sheets.filled import fill_in
from ml.training.sheets.photographs import DAMAGES

SIZE_MM = (210, 148)
LABELS = ("Account holder", "Amount paid in", "Reference", "Branch", "Date of deposit", "Remarks")
BOXES = tuple(Place(60 / 210, (24 + 18 * row) / 148, 190 / 210, (35 + 18 * row) / 148) for row in range(len(LABELS)))
VALUE = LayoutField("amount", Kind.DIGITS, BOXES[1])


def slip(numbers: int | None = None, dpi: float = 200) -> NDArray[np.uint8]:
    """A deposit slip, blank or with numbers in its boxes."""
    per_mm = 16
    sheet = np.full((SIZE_MM[1] * per_mm, SIZE_MM[0] * per_mm), 245, np.uint8)

    def text(words: str, x: float, y: float, tall: float) -> None:
        place = (int(x * per_mm), int(y * per_mm))
        cv2.putText(sheet, words, place, cv2.FONT_HERSHEY_SIMPLEX, tall * per_mm / 22, 30, 4, cv2.LINE_AA)

    text("Deposit slip", 10, 15, 7)
    text("Northern Savings, 12 Mill Lane", 110, 12, 3)
    rng = np.random.default_rng(numbers)
    for row, (label, place) in enumerate(zip(LABELS, BOXES, strict=True)):
        text(label, 10, 30 + 18 * row, 3.5)
        left, top, right, bottom = (np.array(place.as_list) * np.tile(sheet.shape[::-1], 2)).astype(int)
        cv2.rectangle(sheet, (left, top), (right, bottom), 60, 3)
        if numbers is not None:
            text(str(rng.integers(10**6)), 70, 32 + 18 * row, 6)
    text("Please write clearly; one slip a cheque. Keep the copy.", 10, 140, 2.5)
    size = (round(SIZE_MM[0] * dpi / 25.4), round(SIZE_MM[1] * dpi / 25.4))
    return cv2.resize(sheet, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def page_of(grey: NDArray[np.uint8]) -> Page:
    return Page(np.repeat(grey[:, :, None], 3, axis=2), 1, None, "")


def landmarks(grey: NDArray[np.uint8]) -> Landmarks:
    found = Landmarks.of(page_of(grey).pixels, BOXES)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def layout() -> Layout:
    return Layout("slip", landmarks=landmarks(slip(1)), fields=(VALUE,))


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "blur 2.5 px"])
def test_a_form_is_found_in_every_state_and_laid_out_level(damage: str, layout: Layout) -> None:
    dpi, spoil = DAMAGES[damage]
    rng = np.random.default_rng(7)
    sheet = aligned(page_of(spoil(slip(2, dpi), rng)), layout)
    assert sheet.fit > 0.7
    height, width = sheet.page.pixels.shape[:2]
    own = cv2.resize(slip(2), (width, height), interpolation=cv2.INTER_AREA)
    grey = sheet.page.pixels.mean(axis=2)
    level = cv2.GaussianBlur(grey, (0, 0), width / 60)
    assert np.corrcoef((own < 190).ravel(), (grey < 0.82 * level).ravel())[0, 1] > 0.5


def test_other_sheets_are_not_taken_for_it(layout: Layout) -> None:
    for other in shipped_layouts():
        if other.micr is not None:
            cheque = page_of(fill_in(other, None, np.random.default_rng(3)).picture)
            assert aligned(cheque, layout).fit == 0
    assert aligned(page_of(np.full((800, 1100), 230, np.uint8)), layout).fit == 0


def test_of_several_forms_the_one_on_the_page_is_found(layout: Layout) -> None:
    mirrored = np.ascontiguousarray(slip(3)[:, ::-1])
    other = replace(layout, name="another", landmarks=landmarks(mirrored))
    found = [best_aligned(page_of(picture), (*shipped_layouts(), other, layout)) for picture in (slip(4), mirrored)]
    assert [one.layout.name if one else None for one in found] == ["slip", "another"]


def test_what_people_write_is_no_landmark() -> None:
    assert np.array_equal(landmarks(slip(5)).points, landmarks(slip(6)).points)


def test_a_form_that_prints_next_to_nothing_has_none() -> None:
    blank = page_of(np.full((900, 600), 240, np.uint8)).pixels.copy()
    blank[300:330, 200:400] = 20
    assert Landmarks.of(blank) is None


def test_a_field_that_the_picture_cuts_off_is_out_of_view(layout: Layout) -> None:
    whole = slip(8)
    cut = aligned(page_of(np.ascontiguousarray(whole[:, : int(0.8 * whole.shape[1])])), layout)
    assert cut.fit > 0.35
    assert cut.box_of(VALUE.place) is None
    assert cut.box_of(Place(0.3, 0.3, 0.7, 0.4)) is not None


def test_they_come_back_from_a_layouts_json(layout: Layout) -> None:
    again = layout_from_json(layout_as_json(layout))
    assert again.landmarks is not None
    assert layout.landmarks is not None
    assert again.landmarks.points == pytest.approx(layout.landmarks.points, abs=1e-4)
    assert np.array_equal(again.landmarks.descriptors, layout.landmarks.descriptors)


@pytest.mark.parametrize("points", ["", "AAAA", "not base64!"])
def test_what_are_no_landmarks_is_refused(points: str) -> None:
    with pytest.raises(ValueError, match=r"landmarks|base64|size|padding|data"):
        Landmarks.from_json({"points": points, "descriptors": "", "shape": 1.0})


def test_no_picture_is_too_poor_to_look_at(layout: Layout) -> None:
    assert layout.landmarks is not None
    for shape in ((1, 1), (3, 2000), (40, 40)):
        assert layout.landmarks.placed(Keypoints.of(np.zeros((*shape, 3), np.uint8))) is None
