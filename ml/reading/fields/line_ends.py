"""Line ends: the field's line in, the same line out with the digits at its ends that were left out at first.

A pale digit is easily left out. So the network of fields is shown more of the zone, and where it surely reads more
digits there, the longer line is the field. Boxes are in pixels of the zone's picture.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ml.reading.elements import Box
from ml.reading.fields.candidate_lines import CandidateLine, read_lines
from ml.reading.fields.constants import LINE_ENDS
from ml.reading.forms.layouts import LayoutField
from ml.reading.forms.money import MARK_AMBIGUOUS
from ml.reading.forms.signs import CURRENCY
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader


def extend_to_ends(line: CandidateLine, zone: Zone, field: LayoutField, reader: Reader) -> tuple[CandidateLine, bool]:
    """Add the digits at a line's ends that were left out, where they are surely read.

    Returns:
        The line, longer or as before; and whether more digits may stand beside it.
    """
    longer = _longer(line, zone, field, reader)
    if longer is not None and longer.probability >= LINE_ENDS.surely_longer and not _adds_only_ones(line, longer):
        line = longer
        longer = _longer(line, zone, field, reader)
    return line, longer is not None or zone.goes_on(line.line)


def _longer(line: CandidateLine, zone: Zone, field: LayoutField, reader: Reader) -> CandidateLine | None:
    """The same line where more of the zone is shown, if more digits are read there.

    More is shown only at an end where a digit stands: a currency's sign or a stroke ends the number. A third digit
    behind complete cents is the paper's pattern, unless it is surely read.
    """
    left, right = line.text[0].isdigit(), line.text[-1].isdigit()
    if not (left or right):
        return None
    (wider,) = read_lines([zone.wider(line.line, left=left, right=right)], field, reader)
    if wider.probability < LINE_ENDS.longer or _digit_count(wider) <= _digit_count(line):
        return None
    if wider.probability < LINE_ENDS.surely_longer and _marks_are_odd(wider) and not _marks_are_odd(line):
        return None
    middles, reach = wider.sign_middles_in_zone(wider.text), LINE_ENDS.reach * line.line.digit_height
    ink = Box(int(middles[0] - reach), line.box.top, int(middles[-1] + reach), line.box.bottom)
    return replace(wider, line=replace(wider.line, box=line.box.union(ink)))


def _adds_only_ones(line: CandidateLine, longer: CandidateLine) -> bool:
    """Whether a longer line has only 1s more at its ends: every recogniser takes a box's edge for one."""
    digits, longer_digits = (re.sub("[^0-9]", "", candidate.text) for candidate in (line, longer))
    return digits.strip("1") == longer_digits.strip("1")


def _marks_are_odd(line: CandidateLine) -> bool:
    interpretation = line.interpretation
    return interpretation.is_odd or MARK_AMBIGUOUS in interpretation.doubts


def _digit_count(line: CandidateLine) -> int:
    """Count the digits of the figures: those behind a currency's sign, or before it if none stand behind."""
    counts = [sum(sign.isdigit() for sign in part) for part in line.text.split(CURRENCY)]
    return next((count for count in reversed(counts) if count), 0)
