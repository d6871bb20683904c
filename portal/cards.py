"""What the card of a number or a field shows. It is decided here, so that templates only print it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ml.reading.elements import Agreement
from ml.reading.forms.layouts import Kind
from ml.reading.forms.signs import CURRENCY, LETTERS, RAISED
from portal.entries import Entry
from portal.forms import CorrectionForm
from portal.typed import long_form
from recognition.amounts import amount_of, with_amounts
from recognition.cheques import Objection, objection_to
from recognition.models import Decision, Document, FieldReading
from recognition.value_checks import standing_checks

_SIGNS = str.maketrans({CURRENCY: None, LETTERS: "…", RAISED: " "})
"""A currency's sign, a run of letters, and what stands before raised cents, as a person reads them."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A state, told by a shape and a word; `style` is its CSS class."""

    shape: str
    word: str
    style: str = ""


_AGREEMENTS = {
    Agreement.AGREES.value: Badge("✓", "Agrees with the figures", "sure"),
    Agreement.CONTRADICTS.value: Badge("▲", "Contradicts the figures", "doubt"),
    Agreement.UNSURE.value: Badge("○", "Not clear"),
}
"""How each agreement of words and figures is told."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value as a page prints it.

    Attributes:
        form: Which partial of `documents/values/` prints it: "plain", "day", "micr" or "none".
        text: The value, an amount with its thousands grouped, or the words that say that there is none.
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

    @property
    def words(self) -> str:
        """The value in a sentence or a label: an amount without its currency, a date with its weekday."""
        return long_form(self.day) if self.day else self.text


@dataclass(frozen=True, slots=True)
class LegalAmount:
    """What the amount in words says, beside the amount in figures.

    Attributes:
        text: The words as they were read.
        value: Their amount.
        badge: Whether they agree with the figures.
    """

    text: str
    value: ShownValue
    badge: Badge

    @classmethod
    def beside(cls, reading: FieldReading) -> LegalAmount | None:
        """What was read beside an amount in figures; None where nothing was."""
        words, decision = reading.words, reading.decision
        if words is None:
            return None
        badge = _AGREEMENTS[words["agreement"]]
        if decision is not None and decision.value:  # what a person says has taken the place of the figures
            if Decimal(decision.value) == Decimal(words["value"]):
                badge = _AGREEMENTS[Agreement.AGREES]
            elif words["agreement"] != Agreement.UNSURE:
                badge = Badge("◆", "Says another amount", "doubt")
        return cls(words["text"], _printed(reading, words["value"], None), badge)


@dataclass(frozen=True, slots=True)
class Was:
    """What was read before a person decided, and what they did: "Read as 1234, corrected on 3 May 2026".

    Attributes:
        lead: "Read as", or what else was there.
        value: As it was read.
        verb: What the person did.
        at: When.
        overrode: The checks against their value that they were told of.
    """

    lead: str
    value: ShownValue | None
    verb: str
    at: datetime
    overrode: list[str]


@dataclass(frozen=True, slots=True)
class Card:
    """The card of one reading.

    Attributes:
        reading: Whose card.
        style: Its CSS classes.
        badge: Its state.
        value: What holds now; None where the card shows only the picture.
        words: Of an amount in figures, the field with the amount in words.
        legal: What that says; None where it could not be read.
        objection: Why a cheque of this date is not paid; None where nothing speaks against it.
        against: The objection's sentence; empty where it is told already as one that a person has set aside.
        was: What a person decided on; None where nobody has.
        story: All decisions on it in their order, with those that undo others.
        written: What stands on the paper, where that is not the value itself; else empty.
        checks: What does not hold of the value that stands there now.
        notice: What the person has to know first, because the reading changed while they typed; else empty.
        entry: The form.
        summary: What the closed part of the card offers; empty where the form stands open because a person is asked.
        is_open: Whether that part is open all the same, because what was typed was refused.
    """

    reading: FieldReading
    style: str
    badge: Badge
    value: ShownValue | None
    words: FieldReading | None
    legal: LegalAmount | None
    objection: Objection | None
    against: str
    was: Was | None
    story: list[Decision]
    written: str
    checks: list[str]
    notice: str
    entry: Entry
    summary: str
    is_open: bool

    @classmethod
    def of(
        cls, reading: FieldReading, form: CorrectionForm | None = None, *, filled: str = "", notice: str = ""
    ) -> Card:
        """The card of a reading.

        Args:
            reading: Whose card.
            form: What was typed and was not kept; it stands there with the reason.
            filled: A value that a button fills in.
            notice: Why what was typed was not kept, where that is not the value's fault.
        """
        decision, objection = reading.decision, objection_to(reading)
        is_set_aside = objection is not None and decision is not None and objection.sentence in decision.overrode
        is_shown_only = reading.kind == Kind.SHOW
        return cls(
            reading=reading,
            style="doubt" if reading.needs_person else "shown" if is_shown_only else "",
            badge=badge_of(reading),
            value=None if is_shown_only and decision is None else shown_value(reading),
            words=reading.in_words,
            legal=LegalAmount.beside(reading),
            objection=objection,
            against=objection.sentence if objection is not None and not is_set_aside else "",
            was=_was(reading, decision) if decision is not None else None,
            story=sorted(reading.decisions.all(), key=lambda made: made.pk),
            written=_written(reading) if decision is None else "",
            checks=_checks(reading),
            notice=notice,
            entry=Entry.of(reading, form, filled, is_outdated=bool(notice)),
            summary=_summary(reading),
            is_open=bool(form or filled or notice),
        )


def _checks(reading: FieldReading) -> list[str]:
    """The checks of the value that stands there now, but for those that a person has set aside."""
    checks = standing_checks(reading)
    if reading.kind != Kind.AMOUNT:
        return checks
    convention = reading.layout_field.convention if reading.layout_field else None
    return [with_amounts(check, convention, reading.currency) for check in checks]


def badge_of(reading: FieldReading) -> Badge:
    """Its state: a person's word first, then the reader's."""
    decision = reading.decision
    if decision is not None:
        return Badge("✎", _decided(reading, decision), "decided")
    if reading.kind == Kind.SHOW:
        return Badge("◉", "To look at")
    if reading.accepted:
        return Badge("✓", "Sure", "sure")
    if reading.needs_person:
        return Badge("▲", "Needs a look", "doubt")
    if reading.table_id is None:
        return Badge("○", "May be absent")
    return Badge("○", "Empty") if reading.is_empty else Badge("○", "No number")


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
    return _printed(reading, reading.current_value, reading.current_day)


def written(reading: FieldReading) -> str:
    """What stands on the paper, as far as the reader's signs tell it: "… 20, 2019"."""
    # Beside a value, letters are the form's own words.
    text = reading.text.strip(LETTERS) if reading.value else reading.text
    return " ".join(text.translate(_SIGNS).split())


def _written(reading: FieldReading) -> str:
    text = "" if reading.kind == Kind.MICR else written(reading)
    return "" if text == reading.value else text


def _printed(reading: FieldReading, value: str, day: date | None) -> ShownValue:
    if day is not None:
        return ShownValue("day", value, day)
    if reading.kind == Kind.AMOUNT:
        convention = reading.layout_field.convention if reading.layout_field else None
        return ShownValue("plain", amount_of(value, convention, reading.currency), currency=reading.currency)
    return ShownValue("micr" if reading.kind == Kind.MICR else "plain", value)


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
    lead, value = "Looked at" if reading.kind == Kind.SHOW else "Nothing was read", None
    if reading.value:
        lead, value = "Read as", _printed(reading, reading.value, reading.day_read)
    return Was(lead, value, verb, decision.decided_at, decision.overrode)


def _summary(reading: FieldReading) -> str:
    if reading.needs_person:
        return ""
    if reading.kind == Kind.SHOW:
        return "Unreadable or absent?"
    return "Correct it, or look digit by digit" if reading.digits else "Correct it"
