"""Every number on a page, or the one of a strip: found, read in several ways, settled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml.reading import debug
from ml.reading.elements import Box, Page, Provenance, Reading
from ml.reading.forms.layouts import Layout
from ml.reading.ink.ink import find_ink
from ml.reading.ink.lines import cut_out
from ml.reading.ink.locate import locate
from ml.reading.ink.ruling import without_rules
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import Number, candidate_scores, in_the_middle
from ml.reading.recognisers.decode import decode
from ml.reading.recognisers.lattice import Lattice, extended, segment
from ml.reading.style.writing import measure_writing


def read_numbers(page: Page, layout: Layout, reader: Reader) -> tuple[Reading, ...]:
    """Find the numbers, each read in several ways, and settle what may pass."""
    numbers = numbers_on(page, layout, reader)
    return tuple(reading_of(number, page, layout, reader) for number in numbers)


def numbers_on(page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Find ink, take rules out, gather strips; cut each and ask what its pieces are; then read each whole."""
    ink = without_rules(find_ink(page), layout)
    strips = locate(ink, layout)
    segmented, chances = _classified([segment(strip, ink.scale) for strip in strips], reader)
    found = []
    for strip, cut, own in zip(strips, segmented, chances, strict=True):
        decoded = decode(cut, own, layout)
        if decoded is not None:
            found.append((decoded, cut_out(page, strip, ink.scale, layout)))
    transcripts = reader.transcriber.transcribe([cutting.line for _, cutting in found])
    numbers = [Number(decoded, one, cutting) for (decoded, cutting), one in zip(found, transcripts, strict=True)]
    numbers = _asked(numbers, reader)
    if reader.debug_directory is not None:
        readings = [reading_of(number, page, layout, reader) for number in numbers]
        glyphs = [one.glyph for cut in segmented for one in cut.glyphs]
        debug.keep(reader.debug_directory, page, ink, glyphs, numbers, readings)
    return numbers


def _classified(marks: list[Lattice], reader: Reader) -> tuple[list[Lattice], list[NDArray[np.float32]]]:
    """Strips with all glyphs that are needed, and what the network says of each: all strips' in two runs."""
    first = _chances(marks, reader)
    more = [extended(cut, own) for cut, own in zip(marks, first, strict=True)]
    added = [replace(w, glyphs=w.glyphs[len(c.glyphs) :]) for w, c in zip(more, marks, strict=True)]
    second = _chances(added, reader)
    return more, [np.concatenate(pair) for pair in zip(first, second, strict=True)]


def _chances(strips: list[Lattice], reader: Reader) -> list[NDArray[np.float32]]:
    """For each strip: float32, glyphs × 11."""
    glyphs = [one.glyph for cut in strips for one in cut.glyphs]
    ends = np.cumsum([len(cut.glyphs) for cut in strips])[:-1]
    return np.split(reader.classifier.classify(glyphs), ends) if strips else []


def _asked(numbers: list[Number], reader: Reader) -> list[Number]:
    """Those that our own networks are not sure of, with the second reader's opinion."""
    if reader.second is None:
        return numbers
    alone, sure = reader.rule_alone.calibration, reader.second.asked_below
    own = [alone.confidence(alone.evidence(candidate_scores(number))[1]) for number in numbers]
    unsure = [at for at, confidence in enumerate(own) if confidence < sure]
    scores = reader.second.reader.transcribe([numbers[at].cutting.picture for at in unsure])
    asked = {at: replace(numbers[at], second=posterior) for at, posterior in zip(unsure, scores, strict=True)}
    return [asked.get(at, number) for at, number in enumerate(numbers)]


def reading_of(number: Number, page: Page, layout: Layout, reader: Reader) -> Reading:
    """A number as it is shown: its value after all readings, and whether it may pass."""
    combined = reader.combined(number, layout)
    if layout.one_digit:
        combined = in_the_middle(combined, *page.pixels.shape[:2])
    decoded = combined.decoded
    box: Box = decoded.digits[0].box
    for digit in decoded.digits[1:]:
        box = box.union(digit.box)
    threshold = reader.decision_rule.threshold(layout, reader.error_rate)
    accepted = combined.may_pass and decoded.confidence >= threshold
    doubts = () if accepted or combined.difference is None else (combined.difference,)
    settings = f"layout={layout.name} error_rate={reader.error_rate:g} threshold={threshold:.4f}"
    return Reading(
        field="number",
        text=decoded.text,
        value=decoded.value,
        confidence=decoded.confidence,
        accepted=accepted,
        digits=decoded.digits,
        box=box,
        provenance=Provenance(reader.sha256, settings),
        checks=(*decoded.checks, *doubts),
        hypotheses=combined.hypotheses,
        writing=measure_writing(number.cutting, [digit.box for digit in decoded.digits]),
    )
