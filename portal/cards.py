"""What the card of a number or a field shows. It is decided here, so that templates only print it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ml.reading.forms.layouts import Kind
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED
from portal.forms import CorrectionForm
from portal.templatetags.micr import micr_letters
from recognition.cheques import Objection, objection_to
from recognition.models import Decision, Document, FieldReading

RUNNERS_UP = 3

LETTERS_HINT = "A, B, C and D stand for the symbols transit, amount, on us and dash."

_SIGNS = str.maketrans({CURRENCY: None, LETTERS: "…", RAISED: " "})
"""A currency's sign, a run of letters, and what stands before raised cents, as a person reads them."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A state, told by a shape and a word; `style` is its CSS class."""

    shape: str
    word: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value as a page prints it.

    Attributes:
        form: Which partial of `documents/values/` prints it: "plain", "day", "micr" or "none".
        text: The value, or the words that say that there is none.
        day: Of a date.
        currency: Of an amount, by ISO 4217.
    """

    form: str
    text: str
    day: date | None = None
    currency: str = ""

    @property
    def template(self) -> str:
        """The partial's name."""
        return f"documents/values/{self.form}.html"


@dataclass(frozen=True, slots=True)
class Was:
    """What was read before a person decided, and what they did: "Read as 1234, corrected on 3 May 2026"."""

    lead: str
    value: ShownValue | None
    verb: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """The form in which a person confirms or corrects a value.

    Attributes:
        asks_value: Whether there is a value to type; of what is only shown there is none.
        type: Of the input, as HTML has it.
        inputmode: Which keyboard a phone shows.
        value: What stands in the input at first.
        error: Why the value was refused; empty where it was not.
        hint: How to type it; empty where that is plain.
        warned: The value that was refused once and is taken when it is sent again; empty: none.
        button: What the button says.
        offers_verdicts: Whether "unreadable" and "absent" may be said.
    """

    asks_value: bool
    type: str
    inputmode: str
    value: str
    error: str
    hint: str
    warned: str
    button: str
    offers_verdicts: bool

    @property
    def about(self) -> str:
        """The sentence below the input: why the value was refused, or how to type it."""
        return self.error or self.hint

    @property
    def about_style(self) -> str:
        """Its CSS class."""
        return "row-reason" if self.error else "hint"


@dataclass(frozen=True, slots=True)
class Card:
    """The card of one reading.

    Attributes:
        reading: Whose card.
        style: Its CSS classes.
        badge: Its state.
        value: What holds now; None where the card shows only the picture.
        words: Of an amount in figures, the field with the amount in words.
        objection: Why a cheque of this date is not paid; None where nothing speaks against it.
        was: What a person decided on; None where nobody has.
        written: What stands on the paper, where that is not the value itself; else empty.
        runners_up: The next likeliest values, each with `value` and `confidence`; none where the value is sure.
        entry: The form.
        summary: What the closed part of the card offers; empty where the form stands open because a person is asked.
        is_open: Whether that part is open all the same, because what was typed was refused.
    """

    reading: FieldReading
    style: str
    badge: Badge
    value: ShownValue | None
    words: FieldReading | None
    objection: Objection | None
    was: Was | None
    written: str
    runners_up: list[dict[str, Any]]
    entry: Entry
    summary: str
    is_open: bool

    @classmethod
    def of(cls, reading: FieldReading, form: CorrectionForm | None = None) -> Card:
        """The card of a reading; with a form, what was typed stands there with the reason why it was refused."""
        decision = reading.decision
        is_shown_only = reading.kind == Kind.SHOW
        return cls(
            reading=reading,
            style="doubt" if reading.needs_person else "shown" if is_shown_only else "",
            badge=badge_of(reading),
            value=None if is_shown_only and decision is None else shown_value(reading),
            words=reading.in_words,
            objection=objection_to(reading),
            was=_was(reading, decision) if decision is not None else None,
            written=_written(reading) if decision is None else "",
            runners_up=[] if reading.accepted else reading.readings[1 : 1 + RUNNERS_UP],
            entry=_entry(reading, form),
            summary=_summary(reading),
            is_open=form is not None,
        )


def badge_of(reading: FieldReading) -> Badge:
    """Its state: a person's word first, then the reader's."""
    decision = reading.decision
    if decision is not None:
        return Badge("✎", _decided(reading, decision), "decided")
    if reading.kind == Kind.SHOW:
        return Badge("◉", "To look at")
    if reading.accepted:
        return Badge("✓", "Sure", "sure")
    return Badge("▲", "Needs a look", "doubt") if reading.needs_person else Badge("○", "May be absent")


def state_badge(document: Document) -> Badge:
    """How far a document of a list is; it has the counts that `portal.views.history.with_first_numbers` adds."""
    state = Document.State
    if document.state != state.READ:
        return {
            state.QUEUED: Badge("○", "Waiting"),
            state.READING: Badge("◐", "Being read"),
            state.FAILED: Badge("✕", "Could not be read", "bad"),
        }[state(document.state)]
    doubts = getattr(document, "doubt_count", 0)
    if doubts:
        return Badge("▲", f"{doubts} need{'s' if doubts == 1 else ''} a look", "doubt")
    return Badge("▲", "Not read", "doubt") if getattr(document, "fault_count", 0) else Badge("✓", "Read", "sure")


def row_template(document: Document) -> str:
    """The partial with what a list says of a document in its state."""
    if document.state == Document.State.READ:
        return "documents/_row_read.html"
    return "documents/_row_failed.html" if document.state == Document.State.FAILED else "documents/_row_waiting.html"


def shown_value(reading: FieldReading) -> ShownValue:
    """The value that holds now: a person's, or what was read."""
    decision = reading.decision
    if decision is not None and not decision.value:
        return ShownValue("none", decision.get_verdict_display())
    if not reading.current_value:
        return ShownValue("none", "Nothing read")
    return _printed(reading.kind, reading.current_value, reading.current_day, reading.currency)


def written(reading: FieldReading) -> str:
    """What stands on the paper, as far as the reader's signs tell it: "… 20, 2019"."""
    # Beside a value, letters are the form's own words.
    text = reading.text.strip(LETTERS) if reading.value else reading.text
    return " ".join(text.translate(_SIGNS).split())


def _written(reading: FieldReading) -> str:
    text = "" if reading.kind == Kind.MICR else written(reading)
    return "" if text == reading.value else text


def _printed(kind: str, value: str, day: date | None, currency: str = "") -> ShownValue:
    if day is not None:
        return ShownValue("day", value, day)
    return ShownValue("micr" if kind == Kind.MICR else "plain", value, currency=currency)


def _decided(reading: FieldReading, decision: Decision) -> str:
    """What a person did, in a word."""
    if not decision.value:
        return str(decision.get_verdict_display())
    if decision.confirms:
        return "Confirmed"
    return "Corrected" if reading.value else "Entered"


def _was(reading: FieldReading, decision: Decision) -> Was:
    verb = _decided(reading, decision).lower()
    verb = verb if decision.value else f"called {verb}"
    if reading.value:
        return Was("Read as", _printed(reading.kind, reading.value, reading.day_read), verb, decision.decided_at)
    lead = "Looked at" if reading.kind == Kind.SHOW else "Nothing was read"
    return Was(lead, None, verb, decision.decided_at)


def _summary(reading: FieldReading) -> str:
    if reading.needs_person:
        return ""
    if reading.kind == Kind.SHOW:
        return "Unreadable or absent?"
    return "Correct it, or look digit by digit" if reading.digits else "Correct it"


def _entry(reading: FieldReading, form: CorrectionForm | None) -> Entry:
    kind = reading.kind
    return Entry(
        asks_value=kind != Kind.SHOW,
        type="date" if kind == Kind.DATE else "text",
        inputmode={Kind.AMOUNT.value: "decimal", Kind.MICR.value: "text"}.get(kind, "numeric"),
        value=_typed(reading, form),
        error=str(form["value"].errors[0]) if form is not None and form["value"].errors else "",
        hint=LETTERS_HINT if kind == Kind.MICR else "",
        warned=form.misfits if form is not None else "",
        button=_button(reading, form),
        offers_verdicts=reading.of_layout,
    )


def _typed(reading: FieldReading, form: CorrectionForm | None) -> str:
    if form is not None:
        return form["value"].value() or ""
    return micr_letters(reading.current_value) if reading.kind == Kind.MICR else reading.current_value


def _button(reading: FieldReading, form: CorrectionForm | None) -> str:
    if form is not None and form.misfits:
        return "Keep it all the same"
    if not reading.current_value:
        return "Enter"
    return "Confirm or correct" if reading.needs_person else "Correct"
