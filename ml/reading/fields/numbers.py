"""Numbers: a page in, a reading of every number on it out, or of the one number of a strip.

Each number is read by cutting it into digits, as a whole, and by the second reader where the first two are not sure.
Boxes are in pixels of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ml.reading import debug
from ml.reading.elements import Box, Page, Provenance, Reading
from ml.reading.forms.layouts import Layout
from ml.reading.forms.typed import with_typed
from ml.reading.ink.constants import STRIPS
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.ink.lines import cut_out
from ml.reading.ink.locate import Strip, has_too_many_marks, locate
from ml.reading.ink.ruling import without_rules
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import Number, candidate_scores, in_the_middle
from ml.reading.recognisers.decode import decode
from ml.reading.recognisers.lattice import Lattice, extended, segment
from ml.reading.style.writing import measure_writing

CROWDED = (
    "There are more marks here than on any page of writing, so numbers may have been missed. Take a picture of the "
    "paper alone, or of a part of it."
)


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """The numbers of a page.

    Attributes:
        readings: One for each number, in reading order. None is accepted if the page was not read to its end.
        faults: A sentence where it was not.
    """

    readings: tuple[Reading, ...]
    faults: tuple[str, ...] = ()


def read_numbers(page: Page, layout: Layout, reader: Reader) -> NumbersRead:
    """Find the numbers of a page, ask all recognisers about each, and decide which pass.

    What is typed on the page is taken from its text.
    """
    ink = without_rules(find_ink(page), layout)
    crowded = has_too_many_marks(ink)
    # Where one number is all that should be there, a pattern is none.
    strips = [] if crowded and layout.one_number else locate(ink, layout)
    readings = tuple(reading_of(one, page, layout, reader) for one in _numbers_in(strips, ink, page, layout, reader))
    if not layout.one_number:
        readings = with_typed(readings, page.typed)
    if not crowded and len(strips) < STRIPS.most_strips:
        return NumbersRead(readings)
    asked = (replace(reading, accepted=False, checks=(*reading.checks, CROWDED)) for reading in readings)
    return NumbersRead(tuple(asked), (CROWDED,))


def numbers_on(page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Find the numbers of a page, and ask all recognisers about each.

    Args:
        page: The page.
        layout: One without fields: it says whether the page is one number.
        reader: Its networks are asked; it keeps the intermediate pictures if it has a directory for them.
    """
    ink = without_rules(find_ink(page), layout)
    return _numbers_in(locate(ink, layout), ink, page, layout, reader)


def _numbers_in(strips: list[Strip], ink: Ink, page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Ask all recognisers about the strips of a page."""
    segmented, probabilities = _classify([segment(strip, ink.scale) for strip in strips], reader)
    cut = []
    for strip, segments, digits in zip(strips, segmented, probabilities, strict=True):
        decoded = decode(segments, digits, layout)
        if decoded is not None:
            cut.append((decoded, cut_out(page, strip, ink.scale, layout)))
    transcripts = reader.transcriber.transcribe([cutting.line for _, cutting in cut])
    numbers = [
        Number(decoded, transcript, cutting) for (decoded, cutting), transcript in zip(cut, transcripts, strict=True)
    ]
    numbers = _ask_second_reader(numbers, reader)
    if reader.debug_directory is not None:
        readings = [reading_of(number, page, layout, reader) for number in numbers]
        glyphs = [one.glyph for lattice in segmented for one in lattice.glyphs]
        debug.keep(reader.debug_directory, page, ink, glyphs, numbers, readings)
    return numbers


def _classify(strips: list[Lattice], reader: Reader) -> tuple[list[Lattice], list[NDArray[np.float32]]]:
    """Classify the glyphs of strips, in two runs: marks as they stand first, then what that leaves open.

    Returns:
        The strips with all glyphs that were classified, and for each strip float32, glyphs × 11.
    """
    first = _probabilities(strips, reader)
    whole = [extended(strip, digits) for strip, digits in zip(strips, first, strict=True)]
    added = [
        replace(after, glyphs=after.glyphs[len(before.glyphs) :]) for after, before in zip(whole, strips, strict=True)
    ]
    second = _probabilities(added, reader)
    return whole, [np.concatenate(pair) for pair in zip(first, second, strict=True)]


def _probabilities(strips: list[Lattice], reader: Reader) -> list[NDArray[np.float32]]:
    """Classify all glyphs of strips in one run; for each strip float32, glyphs × 11."""
    glyphs = [one.glyph for strip in strips for one in strip.glyphs]
    ends = np.cumsum([len(strip.glyphs) for strip in strips])[:-1]
    return np.split(reader.classifier.classify(glyphs), ends) if strips else []


def _ask_second_reader(numbers: list[Number], reader: Reader) -> list[Number]:
    """Ask the second reader about the numbers of which the project's own networks are not sure."""
    if reader.second is None:
        return numbers
    calibration, sure = reader.rule_alone.calibration, reader.second.asked_below
    confidences = [calibration.confidence(calibration.evidence(candidate_scores(number))[1]) for number in numbers]
    unsure = [at for at, confidence in enumerate(confidences) if confidence < sure]
    transcripts = reader.second.reader.transcribe([numbers[at].cutting.picture for at in unsure])
    asked = {at: replace(numbers[at], second=second) for at, second in zip(unsure, transcripts, strict=True)}
    return [asked.get(at, number) for at, number in enumerate(numbers)]


def reading_of(number: Number, page: Page, layout: Layout, reader: Reader) -> Reading:
    """Combine what all recognisers made of a number into its reading."""
    combined = reader.combined(number, layout)
    if layout.one_digit:
        combined = in_the_middle(combined, *page.pixels.shape[:2])
    decoded = combined.decoded
    boxes = [digit.box for digit in decoded.digits]
    threshold = reader.decision_rule.threshold(layout, reader.error_rate)
    accepted = combined.may_pass and decoded.confidence >= threshold
    differences = () if accepted or combined.difference is None else (combined.difference,)
    settings = f"layout={layout.name} error_rate={reader.error_rate:g} threshold={threshold:.4f}"
    return Reading(
        field="number",
        text=decoded.text,
        value=decoded.value,
        confidence=decoded.confidence,
        accepted=accepted,
        digits=decoded.digits,
        box=reduce(Box.union, boxes),
        provenance=Provenance(reader.sha256, settings),
        checks=(*decoded.checks, *differences),
        hypotheses=combined.hypotheses,
        writing=measure_writing(number.cutting, boxes),
    )
