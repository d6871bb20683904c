"""The form on a card in which a person confirms or corrects a value: what stands in it, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from ml.reading.elements import Agreement
from ml.reading.forms.layouts import Kind
from portal.forms import LOOK_AGAIN, CorrectionForm
from portal.typed import ORDERS, long_form, typed_form
from recognition.models import FieldReading
from recognition.values import FORMS, day_of

RUNNERS_UP = 3

WORDS_HINT = "Here the words govern: their amount stands in the field. Keep it only if you read it too."

LETTERS_HINT = "A, B, C and D stand for the symbols transit, amount, on us and dash."


@dataclass(frozen=True, slots=True)
class Echo:
    """What stands in the field, as it would be kept, in words that a slip of the hand does not pass.

    Attributes:
        value: As rows keep it; empty where nothing stands there yet that could be kept.
        words: "Thursday, 1 December 2016" or "4,240,000.00 USD"; empty where they would only repeat what was typed.
    """

    value: str = ""
    words: str = ""

    @classmethod
    def of(cls, reading: FieldReading, value: str, typed: str) -> Echo:
        """The echo of a value of this field that was typed so; empty for what is no value."""
        if not FORMS[Kind(reading.kind)].holds(value):
            return cls()
        day = day_of(value) if reading.kind == Kind.DATE else None
        if day is not None:
            return cls(value, long_form(day))
        if reading.kind == Kind.MICR:
            return cls(value)
        if reading.kind == Kind.AMOUNT:
            return cls(
                value, f"{typed_form(value, reading.kind, reading.layout_field, reading.currency)} {reading.currency}"
            )
        return cls(value, "" if value == typed.strip() else value)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another value that the reader thinks likely, which a button fills in.

    Attributes:
        value: As rows keep it.
        words: As the button shows it.
        confidence: Its probability, 0 to 1.
        is_filled: Whether it stands in the field.
    """

    value: str
    words: str
    confidence: float
    is_filled: bool


_KEYBOARDS = {Kind.AMOUNT.value: "decimal", Kind.NUMBER.value: "text", Kind.MICR.value: "text"}
"""A number may have a minus or a stroke, which a phone's keyboard of figures lacks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The form in which a person confirms or corrects a value.

    Attributes:
        asks_value: Whether there is a value to type; what is only shown, and a table, have none.
        made_on: The version of the reading that the person sees.
        inputmode: Which keyboard a phone shows.
        value: What stands in the input at first.
        echo: What that means.
        is_focused: Whether the person goes on in the input.
        order: The order of a date on this form, "DD MM YYYY"; empty for anything else.
        candidates: Other likely values.
        errors: Why the value was refused; empty where it was not.
        only_looks: Whether it was refused only for the person to look at it.
        hint: How to type it; empty where that is plain.
        told: What the form sends to keep a value against which checks speak; empty: none was told.
        button: What the button says.
        offers_verdicts: Whether "unreadable" and "absent" may be said.
    """

    asks_value: bool
    made_on: int
    inputmode: str
    value: str
    echo: Echo
    is_focused: bool
    order: str
    candidates: tuple[Candidate, ...]
    errors: tuple[str, ...]
    only_looks: bool
    hint: str
    told: str
    button: str
    offers_verdicts: bool

    @classmethod
    def of(cls, reading: FieldReading, form: CorrectionForm | None, filled: str, *, is_outdated: bool) -> Entry:
        """The form of a reading; attributes as in `Card.of`."""
        kind, field = reading.kind, reading.layout_field
        value = filled or _proposed(reading)
        typed = form["value"].value() or "" if form else typed_form(value, kind, field, reading.currency)
        errors = form["value"].errors if form and not is_outdated else []
        return cls(
            asks_value=kind not in (Kind.SHOW, Kind.TABLE),
            made_on=reading.version,
            inputmode=_KEYBOARDS.get(kind, "numeric"),
            value=typed,
            echo=Echo.of(reading, form.meaning if form else value, typed),
            is_focused=form is not None or bool(filled),
            order=ORDERS[field.order] if field and field.order else "",
            candidates=tuple(_candidates(reading, filled)),
            errors=tuple(map(str, errors)),
            only_looks=bool(errors) and form is not None and form.has_error("value", LOOK_AGAIN),
            hint=_hint(reading, is_untouched=form is None and not filled),
            told=form.told if form and not is_outdated else "",
            button=_button(reading, typed, is_outdated=is_outdated),
            offers_verdicts=reading.of_layout or reading.table_id is not None,
        )


def _proposed(reading: FieldReading) -> str:
    """What stands in the field at first: nothing where readings differ, the words' amount where these govern."""
    if _words_govern(reading):
        return str(reading.words["value"]) if reading.words is not None else ""
    return "" if reading.readings_differ else reading.current_value


def _words_govern(reading: FieldReading) -> bool:
    """Whether a person is asked about an amount that its words contradict, and the bank has set that these govern."""
    words = reading.words
    contradicted = words is not None and words["agreement"] == Agreement.CONTRADICTS
    return settings.WORDS_GOVERN and contradicted and reading.needs_person


def _hint(reading: FieldReading, *, is_untouched: bool) -> str:
    if reading.kind == Kind.MICR:
        return LETTERS_HINT
    return WORDS_HINT if is_untouched and _words_govern(reading) else ""


def _candidates(reading: FieldReading, filled: str) -> list[Candidate]:
    """The next likeliest values; the likeliest too, where it does not stand in the field because readings differ.

    Where words contradict the figures, the two come first.
    """
    if reading.accepted:
        return []
    likely = {reading.value: reading.confidence}
    if reading.words is not None and reading.words["agreement"] == Agreement.CONTRADICTS:
        likely[reading.words["value"]] = reading.words["confidence"]
    likely |= {one["value"]: one["confidence"] for one in reading.readings if one["value"] not in likely}
    if not reading.readings_differ:
        likely.pop(reading.value)
    holds = FORMS[Kind(reading.kind)].holds
    offered = [value for value in likely if holds(value)][: RUNNERS_UP + reading.readings_differ]
    stands = filled or _proposed(reading)
    return [Candidate(value, _words(reading, value), likely[value], value == stands) for value in offered]


def _words(reading: FieldReading, value: str) -> str:
    day = day_of(value) if reading.kind == Kind.DATE else None
    return f"{day.day} {day:%B %Y}" if day else typed_form(value, reading.kind, reading.layout_field, reading.currency)


def _button(reading: FieldReading, typed: str, *, is_outdated: bool) -> str:
    if is_outdated:
        return "Keep what I typed"
    if not reading.current_value or not typed:
        return "Enter"
    return "Confirm or correct" if reading.needs_person else "Correct"
