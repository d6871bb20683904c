"""Numbers in lines that a detector of text proposes: a page on which no number was found in, readings to ask about out.

Each line is cut out and read as one number, as a person would cut it out. Neither the detector nor what it leads to was
calibrated, so none of these numbers passes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from ml.reading.elements import Box, Page, Reading
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.ink.constants import STRIPS
from ml.reading.ink.ink import find_ink
from ml.reading.ink.locate import locate
from ml.reading.ink.ruling import without_rules
from ml.reading.numbers.ask import numbers_in
from ml.reading.numbers.constants import PROPOSALS
from ml.reading.numbers.detector import Detector
from ml.reading.numbers.read import reading_of, with_evidence
from ml.reading.reader import Reader

PROPOSED = "No number was found here at first: a second look proposes this one. Compare it with the picture."


def proposed_numbers(page: Page, reader: Reader) -> tuple[Reading, ...]:
    """The numbers that a detector of text leads to, from the top; none is accepted, and each says why.

    Args:
        page: A page on which nothing else found a number.
        reader: Its networks are asked. Without the second reader, or without networks of fields, which tell words from
            numbers, nothing is proposed.
    """
    detector = Detector.load() if reader.second is not None and reader.fields is not None else None
    if detector is None:
        return ()
    reader = replace(reader, debug_directory=None)
    lines = detector.lines(page.pixels)[: PROPOSALS.most_lines]
    return tuple(number for line in lines for number in _in_line(line, page, reader, detector))


def _in_line(line: Box, page: Page, reader: Reader, detector: Detector) -> list[Reading]:
    """The number in a line, in no more than one reading; none where letters stand, or ink hardly likely to be one."""
    cut = _with_room(line, page)
    pixels = np.ascontiguousarray(page.pixels[cut.top : cut.bottom, cut.left : cut.right])
    picture = Page(pixels, page.number, page.dpi, hashlib.sha256(pixels.data).hexdigest())
    ink = without_rules(find_ink(picture), ONE_NUMBER)
    strips = [strip for strip in locate(ink, ONE_NUMBER) if len(strip.marks) <= STRIPS.most_in_strip]
    numbers = with_evidence(numbers_in(strips, ink, picture, ONE_NUMBER, reader), picture, ink, ONE_NUMBER, reader)
    readings = [reading_of(one, ONE_NUMBER, reader) for one in numbers if one.features.letters < PROPOSALS.letters]
    return [_placed(reading, cut, detector) for reading in readings if reading.confidence >= PROPOSALS.least_likely]


def _with_room(line: Box, page: Page) -> Box:
    beside, above = int(PROPOSALS.room_beside * line.height), int(PROPOSALS.room_above * line.height)
    height, width = page.pixels.shape[:2]
    return Box(
        max(0, line.left - beside),
        max(0, line.top - above),
        min(width, line.right + beside),
        min(height, line.bottom + above),
    )


def _placed(reading: Reading, cut: Box, detector: Detector) -> Reading:
    """A reading of a picture that was cut out of a page, placed on the page, to be asked about."""
    digits = tuple(replace(digit, box=_moved(digit.box, cut)) for digit in reading.digits)
    checks = tuple(dict.fromkeys((PROPOSED, *reading.checks)))
    settings = f"{reading.provenance.settings} detector={detector.sha256}"
    provenance = replace(reading.provenance, settings=settings)
    box = _moved(reading.box, cut)
    return replace(reading, accepted=False, digits=digits, box=box, checks=checks, provenance=provenance)


def _moved(box: Box, cut: Box) -> Box:
    return Box(box.left + cut.left, box.top + cut.top, box.right + cut.left, box.bottom + cut.top)
