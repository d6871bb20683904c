"""Candidate lines: a zone and its field in, the line out that is the field.

Every line of a zone and its parts are read by the network of fields. The longest that has a value is the field, unless
a part of it is much surer. Boxes are in pixels of the zone's picture; probabilities are 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ml.reading.elements import Box
from ml.reading.fields.cells import row_lines
from ml.reading.fields.constants import CANDIDATE_LINES, CELLS, RECOGNITION
from ml.reading.fields.interpret import FieldPosterior, Interpretation
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.signs import CURRENCY, LETTERS
from ml.reading.ink.lines import as_line, line_width
from ml.reading.ink.zones import Zone, ZoneLine
from ml.reading.reader import Reader
from ml.reading.recognisers.transcribe import Transcriber, Transcript

_MONTH_IN_LETTERS = re.compile(
    rf"{LETTERS}[.,-]?[0-9]{{1,2}}[.,]*[0-9]{{4}}$|[0-9]{{1,2}}[.,-]?{LETTERS}+[.,-]?[0-9]{{2,4}}$"
)
"""October 20, 2019; 20 Oct 2019."""


@dataclass(frozen=True, slots=True, eq=False)
class CandidateLine:
    """A line that may be the field, as the network of fields reads it.

    Attributes:
        line: The picture in which it is read best.
        transcript: What the network of fields made of that picture.
        posterior: The values that the transcript has in the field.
        variants: Other pictures of the same line: a row of boxes without its rules, a line without what lies on one.
    """

    line: ZoneLine
    transcript: Transcript
    posterior: FieldPosterior
    variants: tuple[ZoneLine, ...] = ()

    @property
    def box(self) -> Box:
        """Around the line's ink, in pixels of the zone's picture."""
        return self.line.box

    @property
    def probability(self) -> float:
        """The probability of the likeliest value; 0.0 if the line has none."""
        return self.posterior.probability_of(self.posterior.best)

    @property
    def text(self) -> str:
        """The text of the likeliest value; the line must have one."""
        text, _ = self.posterior.texts[self.posterior.best]
        return text

    @property
    def interpretation(self) -> Interpretation:
        """The likeliest value with its doubts; the line must have one."""
        _, interpretation = self.posterior.texts[self.posterior.best]
        return interpretation

    def sign_middles(self, text: str) -> list[float]:
        """The middle of each sign of a text: x in pixels of the line's picture.

        Raises:
            ValueError: The line is too short for the text.
        """
        height, width = self.line.picture.shape[:2]
        scale = float(width / line_width(height, width))
        return [(first + last) / 2 * scale for first, last in self.transcript.spans(text)]

    def sign_middles_in_zone(self, text: str) -> list[float]:
        """The same in pixels of the zone's picture; empty if the line is too short for the text."""
        if not np.isfinite(self.transcript.log_probabilities([text])).all():
            return []
        return [middle + self.line.offset[0] for middle in self.sign_middles(text)]


def read_lines(lines: Sequence[ZoneLine], field: LayoutField, reader: Reader) -> list[CandidateLine]:
    """Read lines with the network of fields, and interpret them as a field."""
    transcripts = transcribe_lines(lines, reader.field_network.transcriber)
    return [
        CandidateLine(line, transcript, FieldPosterior.of(transcript.hypotheses, field))
        for line, transcript in zip(lines, transcripts, strict=True)
    ]


def transcribe_lines(lines: Sequence[ZoneLine], network: Transcriber) -> list[Transcript]:
    """Read lines with one network of fields."""
    greys = [cv2.cvtColor(line.picture, cv2.COLOR_RGB2GRAY).astype(np.uint8) for line in lines]
    return network.transcribe([as_line(grey) for grey in greys], RECOGNITION.hypotheses)


def find_candidates(zone: Zone, field: LayoutField, reader: Reader) -> list[CandidateLine]:
    """Read every line of a zone that may be the field, and every part of one.

    Where boxes are printed, these are the contents of a box and their parts: a box is seldom written in from edge to
    edge, and on screened paper it holds more than writing.
    """
    framed = [line for frame in zone.frames if (line := zone.within(frame.box)) is not None]
    runs = zone.lines()
    parts = [run for run in runs if any(_is_narrower_within(run.box, line.box) for line in framed)]
    return read_lines([*framed, *parts] if framed else runs, field, reader)


def _is_narrower_within(part: Box, whole: Box) -> bool:
    inside = whole.left <= part.left and part.right <= whole.right
    return inside and whole.top <= part.top and part.bottom <= whole.bottom and part.width < whole.width


def row_candidate(zone: Zone, field: LayoutField, reader: Reader) -> CandidateLine | None:
    """Read a row of boxes as one line, with its rules and without them.

    Returns:
        The picture that reads better, with the mean of both posteriors. None if too few boxes were found, or the row
        has no value.
    """
    count = field.length[0] if field.length else CELLS.least_cells
    frame = next((frame for frame in zone.frames if len(frame.cells) >= CELLS.least_found * count), None)
    if frame is None:
        return None
    ruled_and_clean = read_lines(row_lines(zone, frame), field, reader)
    posterior = FieldPosterior.mean([row.posterior for row in ruled_and_clean])
    if not posterior.best:
        return None
    better, other = sorted(ruled_and_clean, key=lambda row: -row.posterior.probability_of(posterior.best))
    return CandidateLine(better.line, better.transcript, posterior, (other.line,))


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A line that may be chosen.

    Attributes:
        whole: The line at its full length.
        surest: The line itself, or its part that has the same value and is read more surely.
    """

    whole: CandidateLine
    surest: CandidateLine


def rank_lines(candidates: Sequence[CandidateLine], kind: Kind) -> list[CandidateLine]:
    """Rank the lines that may be the field: the longest that has a value first, unless a part of it is much surer.

    An address ends with its postal code. So of several lines that may be a postal code, the lowest of those is first
    that score almost as well as the best.

    Args:
        candidates: Every line of the zone, and its parts.
        kind: Of the field.

    Returns:
        Those that have a value, and are no part of another.
    """
    kept: list[_Kept] = []
    readable = (candidate for candidate in candidates if candidate.posterior.best)
    for candidate in sorted(readable, key=lambda candidate: -candidate.box.width):
        _keep(candidate, kept)
    lines = sorted((line.surest for line in kept), key=lambda line: -_score(line, kind))
    if kind is Kind.POSTAL_CODE and lines:
        least = CANDIDATE_LINES.almost * _score(lines[0], kind)
        lowest = max((line for line in lines if _score(line, kind) >= least), key=lambda line: line.box.bottom)
        return [lowest, *(line for line in lines if line is not lowest)]
    return lines


def _keep(candidate: CandidateLine, kept: list[_Kept]) -> None:
    """Add a line to the longer ones kept so far, unless it is only a part of one of them."""
    longer = [at for at, line in enumerate(kept) if _is_part(candidate, line.surest)]
    for at in longer:
        surest = kept[at].surest
        same = surest.posterior.best == candidate.posterior.best
        if same and surest.probability < CANDIDATE_LINES.as_sure * candidate.probability:
            # The ink that the part lacks does not belong to the value.
            kept[at] = replace(kept[at], surest=candidate)
            return
    if any(kept[at].surest.probability >= CANDIDATE_LINES.whole_holds * candidate.probability for at in longer):
        return
    # The surest part may lack the currency's sign. A part with the sign and fewer digits is still a part of the whole.
    almost = CANDIDATE_LINES.almost * candidate.probability
    if not any(_is_part(candidate, line.whole) and line.surest.probability >= almost for line in kept):
        kept.append(_Kept(candidate, candidate))


def _is_part(candidate: CandidateLine, longer: CandidateLine) -> bool:
    """Whether a line is a part of a longer one."""
    inner, outer = candidate.box, longer.box
    across = min(inner.right, outer.right) - max(inner.left, outer.left)
    down = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    return across >= CANDIDATE_LINES.part_across * inner.width and down >= CANDIDATE_LINES.part_down * inner.height


def _score(candidate: CandidateLine, kind: Kind) -> float:
    """Score of a line: its probability, lowered for few digits, a doubtful value, and an amount without its sign."""
    text = candidate.text
    digits = 1 - CANDIDATE_LINES.lacking_digit ** sum(sign.isdigit() for sign in text)
    signed = 1.0 if CURRENCY in text or kind is not Kind.AMOUNT else CANDIDATE_LINES.no_currency
    doubt = CANDIDATE_LINES.doubtful if candidate.interpretation.doubts else 1.0
    return float(candidate.probability * digits * signed * doubt)


def has_currency_sign(candidate: CandidateLine, chosen: CandidateLine) -> bool:
    """Whether a line shows that a currency's sign stands before the chosen amount.

    The line stands on the same level and begins with the sign. It either has the same value, or is the sign alone and
    stands to the left.
    """
    inner, outer = chosen.box, candidate.box
    lower = min(inner.height, outer.height)
    level = min(inner.bottom, outer.bottom) - max(inner.top, outer.top) >= CANDIDATE_LINES.sign_level * lower
    if candidate.transcript.text == CURRENCY:
        before = outer.right <= inner.left + CANDIDATE_LINES.sign_overlap * inner.height
    else:
        before = candidate.posterior.best == chosen.posterior.best
    return level and before and candidate.transcript.text.startswith(CURRENCY)


def date_in_letters(candidates: Sequence[CandidateLine]) -> str:
    """The text of the first line that is a date whose month stands in letters; empty if there is none."""
    texts = (candidate.transcript.text for candidate in candidates)
    return next((text for text in texts if _MONTH_IN_LETTERS.search(text)), "")
