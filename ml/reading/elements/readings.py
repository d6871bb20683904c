"""The result for one number or field, how it was written, and what made it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ml.reading.elements.glyphs import Digit, Hypothesis
from ml.reading.elements.places import Box


@dataclass(frozen=True, slots=True)
class Writing:
    """The style of a number: how its writer wrote it.

    Attributes:
        slant: Degrees by which strokes lean to the right; negative to the left.
        pen: Width of a stroke, in pixels of the page.
        height: Height of a digit, in pixels of the page.
        spacing: Mean space between neighbouring digits, in heights of a digit; negative where they overlap. None for a
            single digit.
        unevenness: Standard deviation of these spaces, in heights of a digit. None for a single digit.
        ink: Colour of the ink: red, green and blue, 0 to 255.
        words: The style in plain words, for people.
    """

    slant: float
    pen: float
    height: float
    spacing: float | None
    unevenness: float | None
    ink: tuple[int, int, int]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a value, so that it can be made again.

    Attributes:
        model_sha256: Hexadecimal SHA-256 of all networks together: `Reader.sha256`.
        settings: The layout, the error rate and the threshold, as "name=value" with spaces between.
    """

    model_sha256: str
    settings: str


class Agreement(StrEnum):
    """What an amount in words says of the amount in figures."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Words:
    """The legal amount: the amount in words that stands beside an amount in figures.

    Attributes:
        text: The likeliest words: "five crores ten lakhs".
        value: Their amount, a decimal: "51000000.00".
        confidence: How likely this is the amount that the words say, 0 to 1, as far as the words alone tell.
        agreement: What they say of the figures.
        box: Around the written line, in pixels of the page.
    """

    text: str
    value: str
    confidence: float
    agreement: Agreement
    box: Box


@dataclass(frozen=True, slots=True)
class Reading:
    """A number or a field as the reader read it.

    Attributes:
        field: The field's name in the layout; "number" where no layout names fields.
        text: As written, with separators: "1,234".
        value: In the form that programs use. Of digits, the digits in order, "1234", with "?" for ink that is no digit;
            of a number, also its marks, "-20.5"; of an amount, a decimal, "1234.50"; of a date, the day, "2026-01-31".
            Empty where nothing was read.
        confidence: The calibrated probability, 0 to 1, that the whole value is right.
        accepted: Whether the value may pass without a person.
        digits: The glyphs that make the value, from left to right.
        box: Around all ink of the number, in pixels of the page.
        provenance: The networks and settings that made the value.
        checks: Sentences on what does not hold, or why a person has to look.
        hypotheses: The likeliest values, best first. The first is `value`, with its confidence. Empty where `value` has
            a "?", and where there is no choice.
        writing: The number's style; None where it was not measured.
        kind: What the field holds: "digits", or another value of `ml.reading.forms.layouts.Kind`.
        currency: Of an amount, the three letters of ISO 4217; otherwise empty.
        signed: Whether a currency's sign stands before the amount.
        typed: Whether the value is no recogniser's, but the text of a PDF.
        printed: Whether a machine printed it, and no hand wrote it: a form's own numbers are no answers.
        words: Of an amount, what the amount in words says; None where none was read.
    """

    field: str
    text: str
    value: str
    confidence: float
    accepted: bool
    digits: tuple[Digit, ...]
    box: Box
    provenance: Provenance
    checks: tuple[str, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    writing: Writing | None = None
    kind: str = "digits"
    currency: str = ""
    signed: bool = False
    typed: bool = False
    printed: bool = False
    words: Words | None = None
