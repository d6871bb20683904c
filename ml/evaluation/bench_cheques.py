"""How long a whole cheque takes on one core, from a file's bytes to its fields, and how that divides into stages.

All times are in milliseconds. The cheques are drawn; no data set is needed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Page
from ml.reading.fields.read import read_fields
from ml.reading.files.load import load_pages
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.ink.zones import Zone
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.reading.sheets.align import Aligned, best_aligned
from ml.reading.sheets.quality import faults
from ml.reading.sheets.sheet import find_sheets, straightened
from ml.training.sheets.filled import fill_in
from ml.training.sheets.photographs import photographed

_ROUNDS = 7
"""How often each stage is timed; the median counts."""

_PHOTO = (4000, 3000)
"""Width and height of the photograph, in pixels: twelve megapixels."""


@dataclass(slots=True)
class Stages:
    """How long each stage took.

    Attributes:
        spent: By the stage's name, its milliseconds in each round.
    """

    spent: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Time what runs in this context, and add it to a stage."""
        started = time.perf_counter()
        yield
        self.spent.setdefault(stage, []).append((time.perf_counter() - started) * 1000)

    def text(self) -> str:
        """The median of each stage, as text."""
        return ", ".join(f"{stage} {statistics.median(spent):,.0f}" for stage, spent in self.spent.items())


def cheque_rows(reader: Reader) -> Iterator[tuple[str, str, str]]:
    """Time a scanned and a photographed cheque.

    Yields:
        What was measured, the time of the whole, and the times of the stages.
    """
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        for what, data in (
            ("a cheque, scanned at 200 dpi", _scan()),
            ("a cheque on a photo of 12 megapixels", _photo()),
        ):
            whole = _median(lambda data=data: list(read_scan(data, shipped_layouts(), reader)))  # type: ignore[misc]
            yield f"{what}, bytes to fields, one core", f"{whole:,.0f} ms", _stages(data, reader).text() + " ms"
    finally:
        cv2.setNumThreads(threads)


def _median(work: Callable[[], object]) -> float:
    """Milliseconds of one call, after one call to warm up."""
    work()
    spent = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def _stages(data: bytes, reader: Reader) -> Stages:
    """Time each stage of reading a cheque.

    Raises:
        ValueError: No cheque was found.
    """
    stages = Stages()
    for _ in range(_ROUNDS):
        with stages.timed("decode"):
            page: Page = next(load_pages(data, reader.limits))
        with stages.timed("find"):
            sheets = find_sheets(page)
            if sheets:
                page = straightened(page, sheets[0], round(sheets[0].width), round(sheets[0].height))
        with stages.timed("align"):
            sheet = best_aligned(page, shipped_layouts())
        if sheet is None:
            raise ValueError("the cheque that was drawn for this was not found")
        with stages.timed("judge"):
            faults(sheet.page, reader.quality, per_mm=sheet.per_mm)
        with stages.timed("segment"):
            _segment_zones(sheet)
        with stages.timed("segment and classify"):
            read_fields(sheet, reader)
    return stages


def _segment_zones(sheet: Aligned) -> None:
    for layout_field in sheet.layout.fields:
        box = sheet.box_of(layout_field.place)
        if box is not None and not layout_field.printed and layout_field.kind != "show":
            Zone.of(sheet.page, box, sheet.per_mm).lines()


def _cheque(per_mm: float) -> NDArray[np.uint8]:
    """An American cheque at so many pixels a millimetre: uint8, height × width, grey."""
    layout = next(layout for layout in shipped_layouts() if layout.name == "cheque-us")
    return fill_in(layout, None, np.random.default_rng(5), per_mm).picture


def _scan() -> bytes:
    """A cheque, scanned at 200 dots an inch, as JPEG."""
    return cv2.imencode(".jpg", _cheque(200 / 25.4))[1].tobytes()


def _photo() -> bytes:
    """A cheque on a dark table, photographed from a slight angle and as wide as most of the picture, as JPEG."""
    photo = photographed(_cheque(24.0), np.random.default_rng(3), 12, 5)
    share = _PHOTO[0] / photo.shape[1]
    small = cv2.resize(photo, (_PHOTO[0], round(photo.shape[0] * share)), interpolation=cv2.INTER_AREA)
    missing = max(0, _PHOTO[1] - small.shape[0])
    whole = cv2.copyMakeBorder(small, missing // 2, missing - missing // 2, 0, 0, cv2.BORDER_CONSTANT, value=60)
    coloured = cv2.cvtColor(whole[: _PHOTO[1]].astype(np.uint8), cv2.COLOR_GRAY2BGR)
    return cv2.imencode(".jpg", coloured)[1].tobytes()
