"""Decide on a field: the posteriors of all recognisers in, the field's reading out.

The posteriors are combined into one value with its calibrated confidence, 0 to 1. The value passes if it is sure enough
for the error rate that was chosen, and nothing makes it doubtful. Boxes of the reading are in pixels of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ml.reading.acceptance.model import NOT_SURE
from ml.reading.elements import Box, Digit, Provenance, Reading
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.fields.constants import DECISION
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.recognisers.calibration import CandidateScores
from ml.reading.recognisers.combine import difference_in, digit_of, ranked_hypotheses

MORE_BESIDE = "More writing stands close beside this: a digit may have been left out."
A_COMMA = "A 1 stands so low that it may be a comma."


def candidate_scores(posteriors: Sequence[FieldPosterior]) -> CandidateScores:
    """Score every value that a recogniser proposes, and the empty value: it stands for any other value, or none.

    Args:
        posteriors: One of each recogniser.

    Returns:
        Its `logs` are float64, values × recognisers.
    """
    values = tuple(dict.fromkeys(value for posterior in posteriors for value in posterior.probabilities))
    logs = np.stack([posterior.logs(("", *values)) for posterior in posteriors], axis=1)
    return CandidateScores(("", *values), logs, tuple(posterior.best for posterior in posteriors))


def decide(
    line: CandidateLine,
    posteriors: Sequence[FieldPosterior],
    field: LayoutField,
    zone: Zone,
    reader: Reader,
    provenance: Provenance,
    *,
    more_beside: bool,
) -> Reading:
    """Combine the posteriors of a field into its reading.

    Args:
        line: The field's line.
        posteriors: One of each recogniser.
        field: The field.
        zone: The zone in which the line stands.
        reader: Its decision rule calibrates the confidence and tells the threshold.
        provenance: What read the sheet.
        more_beside: Whether more digits may stand beside the line.
    """
    scores, rule = candidate_scores(posteriors), reader.field_decision_rule
    value, evidence = rule.calibration.evidence(scores)
    confidence = rule.calibration.confidence(evidence) if value else 0.0
    text, interpretation = next(posterior.texts[value] for posterior in posteriors if value in posterior.texts)
    low_one = field.kind is Kind.AMOUNT and _has_low_one(line, zone, text)
    doubts = [*interpretation.doubts, *[MORE_BESIDE] * more_beside, *[A_COMMA] * low_one]
    threshold = rule.threshold(reader.error_rate)
    accepted = not doubts and confidence >= threshold
    difference = difference_in(scores.best_values, value, none="nothing")
    return Reading(
        field=field.name,
        text=shown_text(text),
        value=value,
        confidence=confidence,
        accepted=accepted,
        digits=digits_of(line, text, zone.on_page),
        box=zone.on_page(line.box),
        provenance=replace(provenance, settings=f"{provenance.settings} threshold={threshold:.4f}"),
        checks=() if accepted else tuple([*doubts, *([difference] if difference else [])] or [NOT_SURE]),
        hypotheses=ranked_hypotheses(scores, rule.calibration.posterior(scores), confidence),
        kind=field.kind.value,
        currency=field.convention.currency if field.convention else "",
    )


def shown_text(text: str) -> str:
    """A text for people: without the signs for a currency or a word, and with a space before raised cents."""
    return text.replace(CURRENCY, "").replace(RAISED, " ").strip(f"{LETTERS} ")


def digits_of(line: CandidateLine, text: str, on_page: Callable[[Box], Box]) -> tuple[Digit, ...]:
    """Each digit of a text, with its runners-up and its box on the page.

    Args:
        line: The line.
        text: One that a recogniser read there.
        on_page: Places a box of the line's zone on the page.

    Returns:
        None if the text is another recogniser's, and longer than the network of fields saw room for.
    """
    middles = line.sign_middles_in_zone(text)
    if not middles:
        return ()
    reach = DECISION.digit_reach * line.box.height
    cuts = [(middle + following) / 2 for middle, following in pairwise(middles)]
    edges = [middles[0] - reach, *cuts, middles[-1] + reach]
    probabilities = iter(line.transcript.chances(text))
    digits = []
    for place, sign in enumerate(text):
        if sign.isdigit():
            left = int(max(edges[place], middles[place] - reach, 0))
            right = int(min(edges[place + 1], middles[place] + reach))
            box = Box(left, line.box.top, max(left + 1, right), line.box.bottom)
            digits.append(digit_of(int(sign), next(probabilities), on_page(box)))
    return tuple(digits)


def _has_low_one(line: CandidateLine, zone: Zone, text: str) -> bool:
    """Whether a 1 among a line's digits is a mark by itself, and stands lower than digits do."""
    ones = [at for at, sign in zip(line.sign_middles_in_zone(text), text, strict=False) if sign == "1"]
    return any(zone.is_low(line.line, at) for at in ones)
