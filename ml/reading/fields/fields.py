"""The fields of a sheet, each looked for in its zone, read in several ways, checked, and settled."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Alternative, Box, Digit, Hypothesis, Page, Provenance, Reading
from ml.reading.fields.cells import in_cells, row_of
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.fields.micr_fields import micr_line, part_of_micr
from ml.reading.fields.posteriors import CandidateLine, read_lines, recogniser_posteriors, together
from ml.reading.fields.repeats import compared
from ml.reading.fields.totals import check_totals
from ml.reading.forms.layouts import ONE_NUMBER, Kind, LayoutField
from ml.reading.forms.money import MARK_AMBIGUOUS
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import CandidateScores
from ml.reading.sheets.align import Aligned

NOTHING_FOUND = "Nothing was found here that could be this field."
OUT_OF_VIEW = "The picture does not show this part of the sheet."
MORE_BESIDE = "More writing stands close beside this: a digit may have been left out."
A_COMMA = "A 1 stands so low that it may be a comma."
NOT_SURE = "Nothing speaks against this, but it is not sure enough for the error rate that was chosen."
IN_LETTERS = "A part of the date stands in letters, and is for a person to read."

_MONTH_IN_LETTERS = re.compile(
    rf"{LETTERS}[.,-]?[0-9]{{1,2}}[.,]*[0-9]{{4}}$|[0-9]{{1,2}}[.,-]?{LETTERS}+[.,-]?[0-9]{{2,4}}$"
)
"""October 20, 2019; 20 Oct 2019."""

_RUNNERS_UP = 3
_READINGS = 5
_HOLDS = 0.1
"""A longer line is the field, rather than a part of it, if it means something with this share of the part's chance."""

_ALMOST = 0.4
"""A line means almost as much as another with this share of its worth."""

_AS_SURE = 0.95
"""A line is as sure as its part that means the same with this share of the part's chance."""

_MORE, _SURELY_MORE = 0.3, 0.8
"""A line is longer than it was taken for if the longer one means something with this chance; with that it is read
so."""

_REACH = 0.4
"""Of a digit to both sides of its middle, in a line's heights."""

_A_DIGIT, _DOUBTFUL, _NO_CURRENCY = 0.6, 0.3, 0.5
"""Of lines that may be the field, one loses so much with each digit that it lacks, this where it is doubtful, and an
amount that where no currency's sign stands before it."""


def read_fields(sheet: Aligned, reader: Reader) -> tuple[Reading, ...]:
    """Read every field of a sheet's layout, in the layout's order."""
    read = compared([_read(sheet, field, reader) for field in sheet.layout.fields], sheet.layout)
    return check_totals(read, sheet.layout, reader.field_decision_rule.threshold(ONE_NUMBER, reader.error_rate))


def _read(sheet: Aligned, field: LayoutField, reader: Reader) -> Reading:
    box = sheet.box_of(field.place)
    provenance = _provenance(sheet, reader)
    if field.in_micr and sheet.micr is not None:
        return part_of_micr(sheet.micr, sheet.layout, field, provenance)
    if field.kind is Kind.MICR and sheet.micr is not None:
        return micr_line(sheet.micr, field, provenance)
    if box is None:
        return _unread(field, _whole(sheet.page), provenance, OUT_OF_VIEW)
    if field.kind in (Kind.SHOW, Kind.MICR) or field.in_micr:
        return _unread(field, box, provenance, *([] if field.kind is Kind.SHOW else [NOTHING_FOUND]))
    zone = Zone.of(sheet.page, box, sheet.per_mm)
    found = _boxed(zone, field, reader) if field.boxed else None
    lines: list[CandidateLine] = []
    if found is None:
        lines = _lines(zone, field, reader)
        found = _chosen(lines, field.kind)
    if found is None and field.kind is Kind.DATE and (text := _with_letters(lines)):
        return replace(_unread(field, box, provenance, IN_LETTERS), text=text)
    if found is None:
        return _unread(field, box, provenance, *([NOTHING_FOUND] if field.required else []))
    signed = field.kind is Kind.AMOUNT and any(_signs(one, found) for one in lines)
    return replace(_settled(found, zone, field, reader, provenance), signed=signed)


def _signs(line: CandidateLine, found: CandidateLine) -> bool:
    """Whether a line begins with a currency's sign, and with what is read or before it."""
    inner, outer = found.line.box, line.line.box
    level = min(inner.bottom, outer.bottom) - max(inner.top, outer.top) >= 0.5 * min(inner.height, outer.height)
    alone = line.transcript.digits == CURRENCY
    before = outer.right <= inner.left + 0.3 * inner.height if alone else line.posterior.best == found.posterior.best
    return level and before and line.transcript.digits.startswith(CURRENCY)


def _whole(page: Page) -> Box:
    height, width = page.pixels.shape[:2]
    return Box(0, 0, width, height)


def _provenance(sheet: Aligned, reader: Reader) -> Provenance:
    layout = sheet.layout
    settings = f"layout={layout.name} version={layout.version} error_rate={reader.error_rate:g}"
    return Provenance(reader.sha256, settings)


def _unread(field: LayoutField, box: Box, provenance: Provenance, *checks: str) -> Reading:
    """A field without a value: one that is only shown, or where nothing was found."""
    return Reading(field.name, "", "", 0.0, False, (), box, provenance, checks, kind=field.kind.value)


def _lines(zone: Zone, field: LayoutField, reader: Reader) -> list[CandidateLine]:
    """What may be the field: every line and its parts; where boxes are printed, what stands in one, and its parts.

    A box is seldom all written in, and on screened paper there is more in it than writing.
    """
    framed = [line for frame in zone.frames if (line := zone.within(frame.box)) is not None]
    runs = zone.lines()
    parts = [run for run in runs if any(_is_part(run.box, one.box) for one in framed)]
    return read_lines([*framed, *parts] if framed else runs, field, reader)


def _is_part(part: Box, whole: Box) -> bool:
    inside = whole.left <= part.left and part.right <= whole.right
    return inside and whole.top <= part.top and part.bottom <= whole.bottom and part.width < whole.width


def _with_letters(lines: list[CandidateLine]) -> str:
    """A date whose month stands in letters, as far as it was read; empty where there is none."""
    texts = (found.transcript.digits for found in lines)
    return next((text for text in texts if _MONTH_IN_LETTERS.search(text)), "")


def _chosen(lines: list[CandidateLine], kind: Kind) -> CandidateLine | None:
    """The line that is the field: the longest that means something, unless a part of it means much more.

    Of several that may be a postal code, one that stands below the others and means almost as much: an address ends
    with it.

    Args:
        lines: Every line and its parts.
        kind: Of the field.
    """
    whole: list[
        tuple[CandidateLine, CandidateLine]
    ] = []  # as long as it is, and what of it means the same, and is read most surely
    for one in sorted((one for one in lines if one.posterior.best), key=lambda one: -one.line.box.width):
        longer = [at for at, (_, inner) in enumerate(whole) if _is_inside(one, inner)]
        same = [
            at
            for at in longer
            if whole[at][1].posterior.best == one.posterior.best and whole[at][1].chance < _AS_SURE * one.chance
        ]
        if same:  # what it lacks is no part of the value
            whole[same[0]] = whole[same[0]][0], one
            continue
        held = any(whole[at][1].chance >= _HOLDS * one.chance for at in longer)
        # A part of the whole with what the surest lacks: a currency's sign, and fewer of the digits.
        if not held and not any(
            _is_inside(one, outer) and inner.chance >= _ALMOST * one.chance for outer, inner in whole
        ):
            whole.append((one, one))
    chosen = [inner for _, inner in whole]
    worth = [_worth(one, kind) for one in chosen]
    if kind is Kind.POSTAL_CODE and chosen:
        likely = (one for one, own in zip(chosen, worth, strict=True) if own >= _ALMOST * max(worth))
        return max(likely, key=lambda one: one.line.box.bottom)
    return chosen[worth.index(max(worth))] if chosen else None


def _is_inside(found: CandidateLine, longer: CandidateLine) -> bool:
    """Whether a line is a part of a longer one."""
    inner, outer = found.line.box, longer.line.box
    across = min(inner.right, outer.right) - max(inner.left, outer.left)
    down = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    return across >= 0.9 * inner.width and down >= 0.7 * inner.height


def _worth(found: CandidateLine, kind: Kind) -> float:
    """Of two that mean something, the surer; few digits may be anything, and what is doubtful may be another's.

    What looks like a currency's sign speaks for an amount, and before another number for nothing.
    """
    text, interpretation = found.posterior.texts[found.posterior.best]
    sure = 1 - _A_DIGIT ** sum(sign.isdigit() for sign in text)
    signed = 1.0 if CURRENCY in text or kind is not Kind.AMOUNT else _NO_CURRENCY
    return float(found.chance * sure * signed * (_DOUBTFUL if interpretation.doubts else 1.0))


def _boxed(zone: Zone, field: LayoutField, reader: Reader) -> CandidateLine | None:
    """What stands in a row of boxes, read with the boxes and without them."""
    least = field.length[0] if field.length else 2
    rows = [frame for frame in zone.frames if 2 * len(frame.cells) >= least]
    if not rows:
        return None
    lines = row_of(zone, rows[0])
    both = read_lines(lines, field, reader)
    posterior = FieldPosterior.mean([one.posterior for one in both])
    if not posterior.best:
        return None
    home, other = sorted(both, key=lambda one: -one.posterior.chances.get(posterior.best, 0.0))
    return CandidateLine(home.line, home.transcript, posterior, (other.line,))


def _settled(found: CandidateLine, zone: Zone, field: LayoutField, reader: Reader, provenance: Provenance) -> Reading:
    """One value of all opinions on a line."""
    found, more = (found, False) if field.boxed else _to_its_ends(found, zone, field, reader)
    if not field.boxed and (bare := zone.without_feet(found.line)) is not None:
        found = replace(found, others=(bare,))
    posteriors = recogniser_posteriors(found, field, reader, in_cells(zone, field, reader) if field.boxed else None)
    pool, decision_rule = together(posteriors), reader.field_decision_rule
    value, evidence = decision_rule.calibration.evidence(pool)
    confidence = decision_rule.calibration.confidence(evidence) if value else 0.0
    text, interpretation = next(one.texts[value] for one in posteriors if value in one.texts)
    low = field.kind is Kind.AMOUNT and _has_low_one(found, zone, text)
    beside = [MORE_BESIDE] * more + [A_COMMA] * low
    doubts = [*interpretation.doubts, *beside, *_differences(value, posteriors)]
    threshold = decision_rule.threshold(ONE_NUMBER, reader.error_rate)
    accepted = not interpretation.doubts and not beside and confidence >= threshold
    return Reading(
        field=field.name,
        text=_as_told(text),
        value=value,
        confidence=confidence,
        accepted=accepted,
        digits=_digits(found, zone, text),
        box=zone.on_page(found.line.box),
        provenance=replace(provenance, settings=f"{provenance.settings} threshold={threshold:.4f}"),
        checks=() if accepted else tuple(doubts or [NOT_SURE]),
        hypotheses=_ranked(pool, decision_rule.calibration.posterior(pool), confidence),
        kind=field.kind.value,
        currency=field.convention.currency if field.convention else "",
    )


def _to_its_ends(found: CandidateLine, zone: Zone, field: LayoutField, reader: Reader) -> tuple[CandidateLine, bool]:
    """A line with the digits at its ends that were left out, where they are surely read; and whether more may be."""
    longer = _longer(found, zone, field, reader)
    if longer is not None and longer.chance >= _SURELY_MORE and not _by_strokes_alone(found, longer):
        found = longer
        longer = _longer(found, zone, field, reader)
    return found, longer is not None or zone.goes_on(found.line)


def _longer(found: CandidateLine, zone: Zone, field: LayoutField, reader: Reader) -> CandidateLine | None:
    """The line as it is where the network reads more digits once it is shown more of it: a pale one is easily left out.

    It is shown more where a digit stands at the line's end: a currency's sign there, or a stroke, ends the number. What
    would be a third digit behind complete cents is the paper's pattern, unless it is surely read.
    """
    text = _text(found)
    left, right = text[0].isdigit(), text[-1].isdigit()
    if not (left or right):
        return None
    (seen,) = read_lines([zone.wider(found.line, left=left, right=right)], field, reader)
    if seen.chance < _MORE or _digits_in(seen) <= _digits_in(found):
        return None
    if seen.chance < _SURELY_MORE and _marks_are_odd(seen) and not _marks_are_odd(found):
        return None
    middles, reach = _middles(seen, _text(seen)), _REACH * found.line.digit_height
    ink = Box(int(middles[0] - reach), found.line.box.top, int(middles[-1] + reach), found.line.box.bottom)
    return replace(seen, line=replace(seen.line, box=found.line.box.union(ink)))


def _by_strokes_alone(found: CandidateLine, longer: CandidateLine) -> bool:
    """Whether what a longer line has more is but 1s at its ends: a box's edge looks like one to everybody."""
    own, whole = (re.sub("[^0-9]", "", _text(one)) for one in (found, longer))
    return own.strip("1") == whole.strip("1")


def _marks_are_odd(found: CandidateLine) -> bool:
    _, interpretation = found.posterior.texts[found.posterior.best]
    return interpretation.is_odd or MARK_AMBIGUOUS in interpretation.doubts


def _text(found: CandidateLine) -> str:
    text, _ = found.posterior.texts[found.posterior.best]
    return text


def _digits_in(found: CandidateLine) -> int:
    """Of the figures: what stands before a currency's sign, and the figures behind it, is none of them."""
    counts = [sum(sign.isdigit() for sign in part) for part in _text(found).split(CURRENCY)]
    return next((count for count in reversed(counts) if count), 0)


def _as_told(text: str) -> str:
    """What is written, for people: without signs that stand for several, raised cents after a space."""
    return text.replace(CURRENCY, "").replace(RAISED, " ").strip(f"{LETTERS} ")


def _differences(value: str, posteriors: tuple[FieldPosterior, ...]) -> list[str]:
    others = [one for one in dict.fromkeys(posterior.best or "nothing" for posterior in posteriors) if one != value]
    if not others:
        return []
    ways = "two" if len(others) == 1 else "several"
    *before, last = value, *others
    return [f"Read in {ways} ways: {', '.join(before)} and {last}."]


def _digits(found: CandidateLine, zone: Zone, text: str) -> tuple[Digit, ...]:
    """Each digit of a text with its runners-up and its place on the page.

    None where only another reader's text is longer than the network of fields saw room for.
    """
    middles = _middles(found, text)
    if not middles:
        return ()
    reach = 0.4 * found.line.box.height
    cuts = [(one + other) / 2 for one, other in pairwise(middles)]
    edges = [middles[0] - reach, *cuts, middles[-1] + reach]
    rows = iter(found.transcript.chances(text))
    digits = []
    for place, sign in enumerate(text):
        if sign.isdigit():
            left = max(edges[place], middles[place] - reach, 0)
            right = min(edges[place + 1], middles[place] + reach)
            box = Box(int(left), found.line.box.top, max(int(left) + 1, int(right)), found.line.box.bottom)
            digits.append(_digit(int(sign), next(rows), zone.on_page(box)))
    return tuple(digits)


def _middles(found: CandidateLine, text: str) -> list[float]:
    """Where each sign of a text stands, x in pixels of the zone's picture; none where the line is too short for it."""
    if not np.isfinite(found.transcript.log_probabilities([text])).all():
        return []
    return [(first + last) / 2 * found.share + found.line.offset[0] for first, last in found.transcript.spans(text)]


def _has_low_one(found: CandidateLine, zone: Zone, text: str) -> bool:
    """Whether a 1 among a line's digits is a mark of its own, and lower than digits are."""
    at = [middle for middle, sign in zip(_middles(found, text), text, strict=False) if sign == "1"]
    return any(zone.is_low(found.line, middle) for middle in at)


def _digit(digit: int, chances: NDArray[np.float64], box: Box) -> Digit:
    order = [int(other) for other in np.argsort(-chances, kind="stable") if other != digit][:_RUNNERS_UP]
    others = tuple(Alternative(None if one > 9 else one, float(chances[one])) for one in order)
    return Digit(digit, float(chances[digit]), others, box)


def _ranked(posteriors: CandidateScores, pooled: NDArray[np.float64], confidence: float) -> tuple[Hypothesis, ...]:
    """The best value with its confidence; the others share what is left."""
    order = [at for at in np.argsort(-pooled, kind="stable").tolist() if posteriors.values[at]][:_READINGS]
    rest = max(float(1 - pooled[order[0]]), 1e-12)
    shares = (float(pooled[place]) / rest * (1 - confidence) for place in order[1:])
    return tuple(
        Hypothesis(posteriors.values[place], chance) for place, chance in zip(order, (confidence, *shares), strict=True)
    )
