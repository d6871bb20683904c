"""A form's sample: its sheet is found, straightened, and read from edge to edge."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.errors import RefusedFile
from ml.reading.files.limits import Limits
from ml.reading.forms.layout_json import layout_from_json, shipped_layouts
from ml.reading.forms.layouts import Layout
from ml.reading.reader import Reader
from ml.reading.sample import SAMPLES, read_sample, sample_of
from ml.training.sheets.filled import fill_in
from ml.training.sheets.photographs import photographed
from tests.fixtures_layouts import slip_fields
from tests.fixtures_slips import SIZE_MM

Slip = Callable[..., NDArray[np.uint8]]
Encode = Callable[..., bytes]
LIMITS = Limits()


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How alike two pictures are at the size of a stamp, 1 for the same."""
    small = [
        cv2.resize(picture, (300, 200), interpolation=cv2.INTER_AREA).astype(np.float32).reshape(-1)
        for picture in (one, other)
    ]
    return float(np.corrcoef(small[0], small[1])[0, 1])


def in_colour(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Of the slip."""
    return layout_from_json({"name": "slip", "fields": slip_fields()})


@pytest.fixture(scope="module")
def us() -> Layout:
    """The US cheque."""
    return next(layout for layout in shipped_layouts() if layout.name == "cheque-us")


@pytest.mark.parametrize(("tilt", "turn"), [(0.0, 4.0), (18.0, 7.0), (25.0, -12.0)])
def test_the_sheet_on_a_photograph_is_found_and_straightened(
    slip: Slip, as_file: Encode, layout: Layout, tilt: float, turn: float
) -> None:
    sheet = slip("1250.75", "40961")
    photo = photographed(sheet, np.random.default_rng(3), tilt, turn)
    sample = sample_of(as_file(photo), LIMITS)
    height, width = sample.shape[:2]
    assert width / height == pytest.approx(SIZE_MM[0] / SIZE_MM[1], rel=0.05)
    assert likeness(sample[..., 0], sheet) > 0.7
    values = {field.field: field.value for field in read_sample(sample, layout, Reader.shipped(LIMITS)).fields}
    assert values == {"amount": "1250.75", "account": "40961"}


def test_a_scan_of_nothing_but_the_sheet_stays_as_it_is(slip: Slip, as_file: Encode) -> None:
    sheet = in_colour(slip("1250.75", "40961"))
    assert np.array_equal(sample_of(as_file(sheet), LIMITS), sheet)


def test_a_large_scan_is_made_smaller(slip: Slip, as_file: Encode) -> None:
    sheet = cv2.resize(slip("1250.75", "40961"), None, fx=2.5, fy=2.5).astype(np.uint8)
    sample = sample_of(as_file(in_colour(sheet)), LIMITS)
    assert max(sample.shape) == SAMPLES.long_side
    assert likeness(sample[..., 0], sheet) > 0.98


@pytest.mark.parametrize("shape", [(1, 9000, 3), (9000, 1, 3), (1, 1, 3)])
def test_a_picture_of_any_shape_is_taken(as_file: Encode, shape: tuple[int, ...]) -> None:
    assert sample_of(as_file(np.full(shape, 200, np.uint8)), LIMITS).size > 0


def test_of_several_pages_the_first_is_taken(honest_files: dict[str, bytes]) -> None:
    assert np.array_equal(sample_of(honest_files[".tif"], LIMITS), sample_of(honest_files[".png"], LIMITS))


@pytest.mark.parametrize("quarters", [0, 2])
def test_a_cheque_comes_upright_and_to_its_edges(us: Layout, as_file: Encode, quarters: int) -> None:
    cheque = fill_in(us, None, np.random.default_rng(5)).picture
    margin = cv2.copyMakeBorder(cheque, 90, 60, 40, 110, cv2.BORDER_CONSTANT, value=250)
    sample = sample_of(as_file(np.rot90(margin, quarters).copy()), LIMITS)
    assert us.size is not None
    assert sample.shape[1] / sample.shape[0] == pytest.approx(us.size[0] / us.size[1], rel=0.01)
    assert likeness(sample[..., 0], cheque) > 0.9


def test_a_cheque_that_the_picture_cuts_off_has_its_whole_size(us: Layout, as_file: Encode) -> None:
    cheque = fill_in(us, None, np.random.default_rng(5)).picture
    height, width = cheque.shape[:2]
    sample = sample_of(as_file(cheque[height // 4 :].copy()), LIMITS)
    assert sample.shape[0] == pytest.approx(height, rel=0.02)
    assert sample.shape[1] == pytest.approx(width, rel=0.02)


def test_a_cheque_s_sample_is_read_with_its_micr_line(us: Layout, as_file: Encode) -> None:
    filled = fill_in(us, None, np.random.default_rng(5))
    sample = sample_of(as_file(filled.picture), LIMITS)
    values = {field.field: field.value for field in read_sample(sample, us, Reader.shipped(LIMITS)).fields}
    assert values["routing_number"] == filled.values["routing_number"]
    assert values["account_number"] == filled.values["account_number"]


@pytest.mark.parametrize("data", [b"", b"Total 351", b"\x89PNG\r\n\x1a\n and then nothing more"])
def test_what_cannot_be_read_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(RefusedFile, match=r"\.$"):
        sample_of(data, LIMITS)
