"""Read every row of boxes of a page: the page and its ink in, a reading for each row that holds a number out.

A row is one number. What people write in the boxes that stay free, an X or a dash, is no part of it, and where it is
not sure what stands in a box, the number is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np

from ml.reading.acceptance.evidence import NumberFeatures
from ml.reading.boxes.contents import RowContents, contents_of
from ml.reading.boxes.find import find_rows
from ml.reading.boxes.line import Band, written_out
from ml.reading.elements import Box, Page, Provenance, Reading
from ml.reading.forms.layouts import ANY_NUMBER, Kind
from ml.reading.grids.find import PageRules
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.ink.locate import Strip, marks_on, strip_of
from ml.reading.numbers.ask import numbers_in
from ml.reading.numbers.read import NumberEvidence, reading_of, with_evidence
from ml.reading.reader import Reader
from ml.reading.tables.read import in_ink_pixels

UNCLEAR = "In one of the boxes it is not sure whether a digit stands there, or which."

_RIM = 2
"""Ink pixels around a row that are taken out of the page with it: the edge of its rules."""


@dataclass(frozen=True, slots=True, eq=False)
class BoxesRead:
    """The numbers in rows of boxes.

    Attributes:
        readings: One for each row with a number, from the top.
        ink: The page's ink without that of the rows.
    """

    readings: tuple[Reading, ...]
    ink: Ink


@dataclass(frozen=True, slots=True, eq=False)
class BoxEvidence:
    """A row's number with all that tells whether it is right.

    Attributes:
        number: As it reads when its digits are written out side by side; places are those of that line.
        row: What stands in its boxes.
        band: Where its digits are in that line.
    """

    number: NumberEvidence
    row: RowContents
    band: Band

    def box(self, scale: float, page: Page) -> Box:
        """Around its digits, in pixels of the page; `scale` is pixels of the page to one ink pixel."""
        digits = (digit.box for digit in self.number.combined.decoded.digits)
        return reduce(Box.union, (_on_page(self.band.moved_back(digit), scale, page) for digit in digits))

    @property
    def features(self) -> NumberFeatures:
        """What acceptance judges by."""
        return self.number.features

    @property
    def printed(self) -> float:
        """The probability that a machine printed it."""
        return self.number.printed

    @property
    def is_barred(self) -> bool:
        """Whether a person is asked, however sure the recognisers are."""
        return self.number.is_barred or not self.is_clear

    @property
    def is_clear(self) -> bool:
        """Whether each box of the number holds one digit, the same as by itself, and each other box surely none."""
        digits = [digit.box for digit in self.number.combined.decoded.digits]
        return self.row.is_clear and self.band.holds_each(digits) and self.number.value == self.row.value


def read_boxes(page: Page, ink: Ink, rules: PageRules, reader: Reader) -> BoxesRead:
    """Find the rows of boxes of a page, and read each as one number.

    Args:
        page: The page.
        ink: Its ink, with its rules.
        rules: These rules.
        reader: Its networks are asked.
    """
    rows, evidence = box_evidence_on(page, ink, rules, reader)
    known = {id(one.row): one for one in evidence}
    readings = tuple(
        _reading(known[id(row)], ink.scale, page, reader) if id(row) in known else _unread(row, ink.scale, page, reader)
        for row in rows
        if row.number
    )
    return BoxesRead(readings, without_rows(ink, rows))


def box_evidence_on(
    page: Page, ink: Ink, rules: PageRules, reader: Reader
) -> tuple[list[RowContents], list[BoxEvidence]]:
    """Find the rows of boxes, and the evidence for the number in each; arguments as of `read_boxes`."""
    rows = _rows_on(page, ink, rules, reader)
    return rows, _evidence_in(rows, reader)


def _rows_on(page: Page, ink: Ink, rules: PageRules, reader: Reader) -> list[RowContents]:
    """The rows of boxes on a page, with what stands in each box."""
    grids = find_rows(rules.level_in_full, ink.soft)
    rows = contents_of(grids, in_ink_pixels(page, ink), ink, reader) if grids else []
    return [row for row in rows if row.is_row]


def _evidence_in(rows: Sequence[RowContents], reader: Reader) -> list[BoxEvidence]:
    """The evidence for the number in each row that has one."""
    numbered = [row for row in rows if row.number]
    if not numbered:
        return []
    digits = [[box.writing for box in row.number if box.writing is not None] for row in numbered]
    lines, bands = written_out(digits)
    ink = find_ink(lines)
    strips = [_strip(band, ink) for band in bands]
    placed = {id(strip): at for at, strip in enumerate(strips) if strip is not None}
    reader = replace(reader, debug_directory=None)
    numbers = numbers_in([strip for strip in strips if strip is not None], ink, lines, ANY_NUMBER, reader)
    evidence = with_evidence(numbers, lines, ink, ANY_NUMBER, reader, "box")
    places = [placed[id(one.cutting.strip)] for one in evidence]
    return [BoxEvidence(one, numbered[at], bands[at]) for one, at in zip(evidence, places, strict=True)]


def _strip(band: Band, ink: Ink) -> Strip | None:
    """All ink of a line as one strip; None where none is left of it."""
    top, bottom = band.top / ink.scale, band.bottom / ink.scale
    marks = [mark for mark in marks_on(ink, ANY_NUMBER) if top <= (mark.box.top + mark.box.bottom) / 2 < bottom]
    return strip_of(tuple(marks), ink) if marks else None


def _reading(evidence: BoxEvidence, scale: float, page: Page, reader: Reader) -> Reading:
    """The reading of a row, placed on its page."""
    reading = reading_of(evidence.number, ANY_NUMBER, reader)
    digits = tuple(
        replace(digit, box=_on_page(evidence.band.moved_back(digit.box), scale, page)) for digit in reading.digits
    )
    checks = reading.checks if evidence.is_clear else tuple(dict.fromkeys((UNCLEAR, *reading.checks)))
    accepted = reading.accepted and evidence.is_clear
    return replace(reading, digits=digits, box=evidence.box(scale, page), checks=checks, accepted=accepted)


def _unread(row: RowContents, scale: float, page: Page, reader: Reader) -> Reading:
    """The reading of a row whose digits make no number when they stand side by side: a person is asked."""
    boxes = [_on_page(box.writing.box, scale, page) for box in row.number if box.writing is not None]
    provenance = Provenance(reader.sha256, f"layout={ANY_NUMBER.name} error_rate={reader.error_rate:g}")
    around, kind = reduce(Box.union, boxes), Kind.NUMBER.value
    return Reading("number", row.value, row.value, 0.0, False, (), around, provenance, (UNCLEAR,), kind=kind)


def _on_page(box: Box, scale: float, page: Page) -> Box:
    """A box in ink pixels in pixels of the page."""
    height, width = page.pixels.shape[:2]
    left, top = min(int(box.left * scale), width - 1), min(int(box.top * scale), height - 1)
    right, bottom = min(round(box.right * scale), width), min(round(box.bottom * scale), height)
    return Box(left, top, max(left + 1, right), max(top + 1, bottom))


def without_rows(ink: Ink, rows: Sequence[RowContents]) -> Ink:
    """A page's ink without rows of boxes and what is written in them."""
    if not rows:
        return ink
    kept = np.ones_like(ink.mask)
    for grid in (row.grid for row in rows):
        outline = np.rint(np.concatenate([grid.nodes[0], grid.nodes[1, ::-1]])).astype(np.int32)
        cv2.fillPoly(kept, [outline], 0)
        cv2.polylines(kept, [outline], True, 0, 2 * _RIM + 1)
    return Ink.of(ink.soft * kept, ink.mask * kept, ink.scale)
