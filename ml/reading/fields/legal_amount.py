"""The legal amount: a zone with an amount in words in, what it says of the amount in figures out.

The second reader reads the written line, as it is and its ink alone. A grammar of amounts holds what it sees against
each amount that the figures may be, and against all others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

import numpy as np

from ml.reading.elements import Agreement, Reading, Words
from ml.reading.forms.layouts import LayoutField
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.recognisers.ctc import LogChances
from ml.reading.sheets.align import Aligned
from ml.reading.words.amounts import AmountGrammar
from ml.reading.words.constants import AGREEMENT
from ml.reading.words.line import find_words_line

CONTRADICTION = "Figures and words contradict each other: the figures seem to say {figures}, and the words {words}."


def check_words(readings: tuple[Reading, ...], sheet: Aligned, reader: Reader) -> tuple[Reading, ...]:
    """Compare each amount in figures with the same in words.

    Where they contradict each other, a person decides. The field of the words is placed on their line.

    Args:
        readings: Of all fields of the sheet.
        sheet: Its layout tells where which amount stands in words.
        reader: Its second reader is asked. Without one, no words are read.

    Returns:
        The readings in the same order.
    """
    by_name = {reading.field: reading for reading in readings}
    in_micr = {field.name for field in sheet.layout.fields if field.in_micr}  # cents, without a point
    for field in sheet.layout.fields:
        amount = by_name.get(field.words_of) if field.words_of not in in_micr else None
        if amount is not None and (words := _words_of(amount, field, sheet, reader)) is not None:
            by_name[amount.field] = _checked(amount, words)
            by_name[field.name] = replace(by_name[field.name], box=words.box)
    return tuple(by_name[reading.field] for reading in readings)


def _words_of(amount: Reading, field: LayoutField, sheet: Aligned, reader: Reader) -> Words | None:
    box = sheet.box_of(field.place)
    if box is None or reader.second is None:
        return None
    return read_words(Zone.of(sheet.page, box, sheet.per_mm), amount, field.language, reader)


def _checked(amount: Reading, words: Words) -> Reading:
    """The amount with its words; where these contradict it, it does not pass."""
    if words.agreement is not Agreement.CONTRADICTS:
        return replace(amount, words=words)
    sentence = CONTRADICTION.format(figures=amount.value, words=words.value)
    return replace(amount, words=words, accepted=False, checks=(sentence, *amount.checks))


def read_words(zone: Zone, amount: Reading, language: str, reader: Reader) -> Words | None:
    """Read an amount in words.

    Args:
        zone: In which it stands.
        amount: The same amount as its figures were read.
        language: A name of `ml.reading.forms.layouts.LANGUAGES`.
        reader: Its second reader is asked.

    Returns:
        None where nothing is written, or no amount can be read in it.
    """
    line = None if zone.is_crowded else find_words_line(zone, amount.box if amount.value else None)
    if line is None or reader.second is None:
        return None
    looks = reader.second.reader.letters(line.looks)
    said = _said_in(looks, amount, AmountGrammar.of(language))
    if said is None:
        return None
    if not line.is_alone:  # they may go on there, and a person has to see all of them
        return replace(said, agreement=Agreement.UNSURE, box=zone.place)
    return replace(said, box=zone.on_page(line.with_room))


def _said_in(looks: Sequence[LogChances], amount: Reading, grammar: AmountGrammar) -> Words | None:
    """What the looks at one line say together; None where no amount explains enough of it.

    Args:
        looks: For each picture of the line its frames over letters.
        amount: In figures.
        grammar: Of the words.
    """
    found = sorted(
        (each for look in looks for each in grammar.n_best(look, AGREEMENT.hypotheses)), key=lambda each: each.log
    )
    texts = {each.value: each.text for each in found}
    figures = Decimal(amount.value) if amount.value else None
    values = sorted(value for value in {*texts, *(Decimal(each.text) for each in amount.hypotheses), figures} if value)
    logs = np.mean([grammar.log_likelihoods(look, values) for look in looks], axis=0)
    nothing = float(np.mean([grammar.log_nothing(look) for look in looks]))
    best = int(logs.argmax()) if values else 0
    if not values or logs[best] - nothing < AGREEMENT.says * -nothing:
        return None
    said, share = values[best], float(1 / np.exp(AGREEMENT.weight * (logs - logs[best])).sum())
    behind = 0.0
    if figures is not None:  # words never say zero
        behind = float(logs[best] - (logs[values.index(figures)] if figures else nothing))
    if math.isinf(behind):  # more than the grammar counts
        return None
    text = texts.get(said) or grammar.usual(said)
    return Words(text, f"{said:.2f}", share, _agreement(said, figures, behind), amount.box)


def _agreement(said: Decimal, figures: Decimal | None, behind: float) -> Agreement:
    """What words say of figures that explain them so many nats worse.

    Cents stand in small figures behind the words, and are often not read: they contradict nothing.
    """
    if said == figures:
        return Agreement.AGREES
    if figures is None:
        return Agreement.UNSURE
    are_cents_alone = said == said.to_integral_value() == figures.to_integral_value(ROUND_DOWN)
    return Agreement.CONTRADICTS if behind >= AGREEMENT.contradicts and not are_cents_alone else Agreement.UNSURE
