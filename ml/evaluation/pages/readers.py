"""Readers of whole pages: a picture's bytes in, every number that was found out. Ours, and RapidOCR beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.pages.counting import Found
from ml.evaluation.peers.peers import PeerAbsent, RapidOCR
from ml.reading.elements import Box, PageReading, Reading
from ml.reading.errors import RefusedFile
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Layout
from ml.reading.read import read_scan
from ml.reading.reader import Reader

PEER_PASSES = 0.95
"""A text of the peer "passes" with a higher score than this. Its score is no promise."""

_NUMBER = re.compile(r"[-−–]?[0-9]+([.,·/-][0-9]+)*")

PageReader = Callable[[bytes], list[Found]]


def ours(reader: Reader, layout: Layout | Sequence[Layout] | None = None) -> PageReader:
    """Our reader, with the layout that fits best, or for every number where none fits.

    Args:
        reader: As shipped.
        layout: Another layout to read with; None: all that ship, as `--layout auto`.
    """
    layouts = shipped_layouts() if layout is None else layout

    def read(data: bytes) -> list[Found]:
        sheets = list(read_scan(data, layouts, reader))
        is_whole = len(sheets) == 1 and sheets[0].page.pixels.shape == pixels_of(data).shape
        return [_found(reading, whole=is_whole) for sheet in sheets for reading in _readings(sheet)]

    return read


def _readings(sheet: PageReading) -> tuple[Reading, ...]:
    """Every value of a sheet: its fields, or its numbers."""
    return tuple(reading for reading in (*sheet.fields, *sheet.readings) if reading.value)


def _found(reading: Reading, *, whole: bool) -> Found:
    """What was read, with its place where the page was read as a `whole`: on a sheet that was cut out it is another."""
    return Found(reading.value, reading.confidence, reading.accepted, reading.box if whole else None)


@dataclass(frozen=True, slots=True)
class PeerReaders:
    """RapidOCR as it comes: its texts that are numbers.

    Attributes:
        pages: Its detector finds lines, its recogniser reads them.
        cells: Its recogniser alone reads a picture of one number: in a cell its detector finds next to nothing.
    """

    pages: PageReader
    cells: PageReader


def rapidocr() -> PeerReaders | None:
    """RapidOCR; None where it is not installed."""
    try:
        peer = RapidOCR()
    except PeerAbsent:
        return None

    def read_page(data: bytes) -> list[Found]:
        lines = [_number(line.text, line.score, line.box) for line in peer.lines(pixels_of(data))]
        return [line for line in lines if line is not None]

    def read_cell(data: bytes) -> list[Found]:
        line = _number(*peer.line(pixels_of(data)), None)
        return [] if line is None else [line]

    return PeerReaders(read_page, read_cell)


def _number(text: str, score: float, box: Box | None) -> Found | None:
    """A text of the peer as a number; None where it is another text."""
    bare = text.strip()
    return Found(bare, score, score > PEER_PASSES, box) if _NUMBER.fullmatch(bare) else None


def pixels_of(data: bytes) -> NDArray[np.uint8]:
    """The pixels of a file's first page: uint8, height × width × 3, RGB; empty of a file that cannot be read."""
    try:
        return next(iter(load_pages(data, Limits()))).pixels
    except RefusedFile:
        return np.zeros((0, 0, 3), np.uint8)
