"""Ask all recognisers of digits: a page's strips in, each number as every recogniser read it out.

Each number is read by cutting it into digits, as a whole, and by the second reader where the first two are not sure.
Boxes are in pixels of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml.reading import debug
from ml.reading.elements import Page
from ml.reading.forms.layouts import Layout
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.ink.lines import cut_out
from ml.reading.ink.locate import Strip, locate
from ml.reading.ink.ruling import without_rules
from ml.reading.numbers.constants import VERDICTS
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import Number, candidate_scores
from ml.reading.recognisers.decode import Decoded, decode
from ml.reading.recognisers.lattice import Lattice, extended, segment


def numbers_on(page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Find the numbers of a page, and ask all recognisers about each.

    Args:
        page: The page.
        layout: One without fields: it says whether the page is one number.
        reader: Its networks are asked; it keeps the intermediate pictures if it has a directory for them.
    """
    ink = without_rules(find_ink(page), layout)
    return numbers_in(locate(ink, layout), ink, page, layout, reader)


def numbers_in(strips: list[Strip], ink: Ink, page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Ask all recognisers about the strips of a page."""
    segmented, by_digits = decoded_strips(strips, ink.scale, layout, reader)
    cut = [
        (decoded, cut_out(page, strip, ink.scale, layout))
        for strip, decoded in zip(strips, by_digits, strict=True)
        if decoded is not None
    ]
    lines = [cutting.line for _, cutting in cut]
    strings = reader.transcriber.transcribe(lines)
    numbers = [Number(decoded, string, cutting) for (decoded, cutting), string in zip(cut, strings, strict=True)]
    odd = iter(with_notes([number for number in numbers if not number.decoded.is_number], reader))
    looked = (number if number.decoded.is_number else next(odd) for number in numbers)
    numbers = [number for number in looked if number.decoded.is_number or _is_surely_number(number)]
    numbers = _ask_second_reader(numbers, reader)
    if reader.debug_directory is not None:
        glyphs = [one.glyph for lattice in segmented for one in lattice.glyphs]
        debug.keep(reader.debug_directory, page, ink, glyphs, numbers)
    return numbers


def decoded_strips(
    strips: list[Strip], scale: float, layout: Layout, reader: Reader
) -> tuple[list[Lattice], list[Decoded | None]]:
    """Read strips by cutting them into digits, all of them in two runs of the classifier.

    Args:
        strips: In ink pixels.
        scale: Pixels of the page to one ink pixel.
        layout: One without fields.
        reader: Its network of digits is asked.

    Returns:
        For each strip its lattice with all glyphs that were classified, and what was read; None where hardly any of
        it is digits.
    """
    segmented, probabilities = _classify([segment(strip, scale) for strip in strips], reader)
    decoded = [decode(lattice, digits, layout) for lattice, digits in zip(segmented, probabilities, strict=True)]
    return segmented, decoded


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


def with_notes(numbers: Sequence[Number], reader: Reader) -> list[Number]:
    """The numbers as the network of notes reads them too; what it has read before is not read again."""
    new = [number for number in numbers if number.notes is None]
    if reader.fields is None or not new:
        return list(numbers)
    read = iter(reader.fields.notes.transcribe([number.cutting.line for number in new]))
    return [replace(number, notes=next(read)) if number.notes is None else number for number in numbers]


def _is_surely_number(number: Number) -> bool:
    """Whether both networks of whole lines are sure of a number that looks like a word digit by digit."""
    if number.notes is None:
        return False
    digits = number.transcript.text
    fitting = (one.probability for one in number.notes.hypotheses if re.sub("[-.,/]", "", one.text) == digits)
    return bool(digits) and min(number.transcript.probability, sum(fitting)) >= VERDICTS.surely_number


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
