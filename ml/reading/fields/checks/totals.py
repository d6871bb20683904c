"""Totals: a sheet's readings in, the same out after each total was compared with the sum of its parts.

A sum says much about its parts: that two of them are misread and it still holds is very unlikely. Amounts are counted
in cents here; probabilities and confidences are 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ml.reading.elements import Hypothesis, Reading
from ml.reading.fields.constants import TOTALS
from ml.reading.forms.layouts import Layout, LayoutField
from ml.reading.forms.money import NO_CENTS

NEXT_LIKELIEST = "Read as {first} at first; with {value} the amounts add up to what “{total}” says."
CONTRADICTION = "The amounts add up to {parts}, and “{total}” says {total_read}: one was misread, or added up wrongly."


@dataclass(frozen=True, slots=True)
class _Change:
    """A runner-up in the place of one amount's value.

    Attributes:
        at: Index of the amount.
        value: Of the runner-up: "1234.50".
        shift: Cents that it adds to the sum of the parts less the total.
        odds: Its probability, divided by that of the value.
    """

    at: int
    value: str
    shift: int
    odds: float


def check_totals(readings: Sequence[Reading], layout: Layout, threshold: float) -> tuple[Reading, ...]:
    """Compare each total of a sheet with the sum of its parts.

    If the sum holds, each of its amounts becomes as sure as the sum. If it holds with one or two runners-up, these
    become the values, each with a check; their probability decides whether a person has to confirm. If it does not
    hold, an amount was misread, or the writer added up wrongly. Each amount that may be wrong goes to a person, with a
    check.

    Args:
        readings: Of all fields of a sheet.
        layout: Its fields name the parts of a total (`sum_of`).
        threshold: The least confidence that passes, 0 to 1.

    Returns:
        The readings in the same order.
    """
    by_name = {reading.field: reading for reading in readings}
    fields = {field.name: field for field in layout.fields}
    for field in layout.fields:
        if field.sum_of:
            names = (*field.sum_of, field.name)
            checked = _check_total([by_name[name] for name in names], [fields[name] for name in names], threshold)
            by_name.update(zip(names, checked, strict=True))
    return tuple(by_name[reading.field] for reading in readings)


def _check_total(amounts: Sequence[Reading], fields: Sequence[LayoutField], threshold: float) -> Sequence[Reading]:
    """Check one sum.

    Args:
        amounts: The parts, and last their total.
        fields: Theirs.
        threshold: The least confidence that passes, 0 to 1.
    """
    pairs = zip(amounts, fields, strict=True)
    if any(not amount.value and (field.required or amount.checks) for amount, field in pairs):
        return amounts  # with an amount unread, the sum says nothing
    confidences = [_bounded_confidence(amount) for amount in amounts]
    off = sum(_cents(amount.value) * (1 if at < len(amounts) - 1 else -1) for at, amount in enumerate(amounts))
    changes, probability = _likeliest_changes(amounts, off, math.prod(confidences))
    if probability < TOTALS.believed:
        return _contradicted(amounts, fields[-1], confidences, off, threshold)
    changed = {change.at: change for change in changes}
    return [
        _changed(amount, changed[at], probability, fields[-1], threshold)
        if at in changed
        else _confirmed(amount, probability, threshold)
        for at, amount in enumerate(amounts)
    ]


def _bounded_confidence(amount: Reading) -> float:
    """An amount's confidence, neither 0 nor 1; an empty field that may be empty is as sure as can be."""
    if not amount.value:
        return TOTALS.most_confidence
    return min(max(amount.confidence, TOTALS.least_confidence), TOTALS.most_confidence)


def _likeliest_changes(amounts: Sequence[Reading], off: int, as_read: float) -> tuple[tuple[_Change, ...], float]:
    """The likeliest changes with which a sum holds, and their probability.

    They compete with three other explanations: other changes with which it holds; a misread amount with which it holds
    by chance; a writer who added up wrongly, so that it looks like a misread digit.

    Args:
        amounts: The parts, and last their total.
        off: The sum of the parts less the total, in cents, with the values read.
        as_read: The probability that all values read are right.
    """
    fitting = [(math.prod(change.odds for change in changes), changes) for changes in _fitting_changes(amounts, off)]
    best, changes = max(fitting, key=lambda fit: fit[0], default=(0.0, ()))
    others = (1 - as_read) * TOTALS.by_chance
    others += as_read * TOTALS.added_wrongly * TOTALS.looks_misread if changes else 0.0
    return changes, as_read * best / (as_read * sum(odds for odds, _ in fitting) + others)


def _fitting_changes(amounts: Sequence[Reading], off: int) -> Iterator[tuple[_Change, ...]]:
    """Changes with which the parts add up to the total: no change, one change, or one in each of several amounts."""
    possible = [change for at, amount in enumerate(amounts) for change in _changes(amount, at, at == len(amounts) - 1)]
    for count in range(TOTALS.most_changed + 1):
        for changes in combinations(possible, count):
            different = len({change.at for change in changes}) == count
            if different and off + sum(change.shift for change in changes) == 0:
                yield changes


def _changes(amount: Reading, at: int, is_total: bool) -> list[_Change]:
    """An amount's runners-up, and its last two digits as cents if it was read without a decimal mark."""
    if not amount.value:
        return []
    values = {other.text: other.probability for other in amount.hypotheses if other.text != amount.value}
    if NO_CENTS in amount.checks:
        values[_as_amount(_cents(amount.value) // 100)] = amount.confidence
    sign = -1 if is_total else 1
    read, confidence = _cents(amount.value), max(amount.confidence, TOTALS.least_confidence)
    return [
        _Change(at, value, sign * (_cents(value) - read), probability / confidence)
        for value, probability in values.items()
    ]


def _confirmed(amount: Reading, probability: float, threshold: float) -> Reading:
    """An amount of a sum that holds; empty, or less sure than the threshold, it stays unchanged."""
    if not amount.value or probability < threshold:
        return amount
    confirmed = _with_value(amount, amount.value, max(amount.confidence, probability))
    return replace(confirmed, accepted=True, checks=())


def _changed(amount: Reading, change: _Change, probability: float, total: LayoutField, threshold: float) -> Reading:
    """An amount with a runner-up as its value."""
    sentence = NEXT_LIKELIEST.format(first=amount.value, value=change.value, total=_label(total))
    changed = replace(_with_value(amount, change.value, probability), text=change.value, digits=())
    return replace(changed, accepted=probability >= threshold, checks=(sentence,))


def _with_value(amount: Reading, value: str, confidence: float) -> Reading:
    """An amount with another value or confidence; its other hypotheses share the rest in the same proportions."""
    others = [hypothesis for hypothesis in amount.hypotheses if hypothesis.text != value]
    rest = max(sum(hypothesis.probability for hypothesis in others), 1e-12)
    runners_up = (
        Hypothesis(hypothesis.text, hypothesis.probability / rest * (1 - confidence)) for hypothesis in others
    )
    return replace(amount, value=value, confidence=confidence, hypotheses=(Hypothesis(value, confidence), *runners_up))


def _contradicted(
    amounts: Sequence[Reading], total: LayoutField, confidences: Sequence[float], off: int, threshold: float
) -> list[Reading]:
    """The amounts of a sum that does not hold: those that may be what is wrong go to a person."""
    total_read = _cents(amounts[-1].value)
    sentence = CONTRADICTION.format(
        parts=_as_amount(off + total_read), total=_label(total), total_read=amounts[-1].value
    )
    odds_wrong = [(1 - confidence) / confidence for confidence in confidences]
    whole = sum(odds_wrong) + TOTALS.added_wrongly
    least = max(threshold, TOTALS.blameless)
    return [
        _suspected(amount, 1 - odds / whole, least, sentence) for amount, odds in zip(amounts, odds_wrong, strict=True)
    ]


def _suspected(amount: Reading, blameless: float, least: float, sentence: str) -> Reading:
    """An amount of a sum that does not hold.

    Args:
        amount: As it was read.
        blameless: The probability that another amount is wrong.
        least: The least confidence that passes.
        sentence: The check that says so.
    """
    confidence = min(amount.confidence, blameless)
    accepted = amount.accepted and confidence >= least
    checks = amount.checks if accepted or not amount.value else (sentence, *amount.checks)
    share = confidence / max(amount.confidence, TOTALS.least_confidence)  # the rest belongs to no value that was read
    hypotheses = tuple(Hypothesis(hypothesis.text, share * hypothesis.probability) for hypothesis in amount.hypotheses)
    return replace(amount, accepted=accepted, confidence=confidence, checks=checks, hypotheses=hypotheses)


def _label(field: LayoutField) -> str:
    """The field's label as the form prints it, on one line."""
    return " ".join(field.display_name.split())


def _cents(value: str) -> int:
    return int(value.replace(".", "")) if value else 0


def _as_amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
