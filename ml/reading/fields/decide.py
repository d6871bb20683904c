"""Decide on a field: the posteriors of all recognisers in, the field's reading out.

The posteriors are combined into one value; of an amount, with what its words say. `verdict` tells how sure it is, and
whether it passes. Boxes of the reading are in pixels of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ml.reading.elements import Box, Digit, Provenance, Reading
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.fields.constants import DECISION
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.fields.legal_amount import Heard
from ml.reading.fields.verdict import Figures, judge
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED
from ml.reading.ink.zones import Zone
from ml.reading.numbers.features import contrast_and_grain
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
    heard: Heard | None = None,
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
        heard: Of an amount, the same in words; None where the layout has none, or nobody can read them.
    """
    scores, calibration = candidate_scores(posteriors), reader.field_decision_rule.calibration
    posterior = calibration.posterior(scores)
    said = heard.about([value for value in scores.values if value]) if heard is not None else None
    if said is not None and said.is_clear:
        posterior = said.joined(scores.values, posterior)
    value = max((each for each in scores.values if each), key=lambda each: posterior[scores.values.index(each)])
    text, interpretation = next(each.texts[value] for each in posteriors if value in each.texts)
    low_one = field.kind is Kind.AMOUNT and _has_low_one(line, zone, text)
    difference = difference_in(scores.best_values, value, none="nothing")
    contrast, grain = contrast_and_grain(line.line.picture)
    figures = Figures(
        value=value,
        confidence=calibration.confidence(calibration.evidence_for(value, scores)),
        doubts=(*interpretation.doubts, *[MORE_BESIDE] * more_beside, *[A_COMMA] * low_one),
        differences=(difference,) if difference else (),
        height=line.line.digit_height * zone.scale,
        contrast=contrast,
        grain=grain,
    )
    verdict = judge(figures, said, has_words=heard is not None, reader=reader)
    return Reading(
        field=field.name,
        text=shown_text(text),
        value=value,
        confidence=verdict.confidence,
        accepted=verdict.accepted,
        digits=digits_of(line, text, zone.on_page),
        box=zone.on_page(line.box),
        provenance=replace(provenance, settings=f"{provenance.settings} threshold={verdict.threshold:.4f}"),
        checks=verdict.checks,
        hypotheses=ranked_hypotheses(scores, posterior, verdict.confidence),
        kind=field.kind.value,
        currency=field.convention.currency if field.convention else "",
        words=verdict.words,
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
