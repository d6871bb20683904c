"""The nouns of reading: the values that one stage hands to the next, from pixels to numbers.

A `Page` comes from a file. Marks on it become `Glyph`s, which a recogniser turns into `Digit`s and `Hypothesis`es. A
`Reading` is the result for one number or field; a `PageReading` holds all readings of a page.

All elements are frozen, and arrays become read-only when they enter one: no stage can change what an earlier stage
made. Elements that hold an array compare by identity, so a test compares their attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.errors import BadLayout

GLYPH_SIDE = 28
"""Height and width of a glyph, in pixels."""

NO_DIGIT = 10
"""The class that the network of digits gives to a letter, a comma, a blot: anything but a digit."""


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in whole pixels from the page's top left corner.

    Attributes:
        left: Its first column.
        top: Its first row.
        right: The first column beyond it.
        bottom: The first row beyond it.

    Raises:
        ValueError: The box is empty, or starts left of the page or above it.
    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right and 0 <= self.top < self.bottom):
            raise ValueError(f"not a box: {self.left}, {self.top}, {self.right}, {self.bottom}")

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    @property
    def xywh(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels: the order that exports and the site use."""
        return self.left, self.top, self.width, self.height

    def union(self, other: Box) -> Box:
        """The smallest box that contains this box and another."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a sheet, whatever the sheet's size in pixels: where a layout has a field.

    Attributes:
        left, right: Shares of the sheet's width, from its left edge, 0 to 1.
        top, bottom: Shares of the sheet's height, from its top edge, 0 to 1.

    Raises:
        BadLayout: The place is empty, or reaches beyond the sheet.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise BadLayout(f"A place is left, top, right, bottom as shares of the sheet, not {self.as_list}.")

    @property
    def as_list(self) -> list[float]:
        """Left, top, right, bottom: the order that layouts are stored in."""
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One picture of a file, upright; or one sheet of it, once sheets are cut out.

    Attributes:
        pixels: uint8, height × width × 3, RGB.
        number: From 1, in the file's order.
        dpi: Dots an inch, from the file; None where the file has none.
        sha256: Hexadecimal SHA-256 of the pixels. Equal pictures have equal ones.

    Raises:
        ValueError: `pixels` has another type or shape.
    """

    pixels: NDArray[np.uint8]
    number: int
    dpi: float | None
    sha256: str

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise ValueError(f"a page is uint8, height × width × 3, not {self.pixels.dtype} {self.pixels.shape}")
        object.__setattr__(self, "pixels", _read_only(self.pixels))


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """Neighbouring atoms of ink, normalised to the size that the network of digits reads.

    Attributes:
        box: Around the ink, in pixels of the page.
        pixels: float32, 28 × 28, from 0.0 for paper to 1.0 for ink.

    Raises:
        ValueError: `pixels` has another type or shape.
    """

    box: Box
    pixels: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.float32 or self.pixels.shape != (GLYPH_SIDE, GLYPH_SIDE):
            raise ValueError(f"a glyph is float32, 28 × 28, not {self.pixels.dtype} {self.pixels.shape}")
        object.__setattr__(self, "pixels", _read_only(self.pixels))


@dataclass(frozen=True, slots=True)
class Alternative:
    """A digit that a glyph may be instead of the likeliest.

    Attributes:
        digit: 0 to 9, or None for "no digit".
        confidence: Its probability, 0 to 1.
    """

    digit: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text that a line may hold.

    Attributes:
        text: Digits in order; of a field, in its form ("1234.50") or with its signs.
        probability: That this and nothing else is written, 0 to 1.
    """

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Digit:
    """One glyph, classified.

    Attributes:
        digit: The likeliest digit, 0 to 9; None for "no digit".
        confidence: The probability of `digit`, 0 to 1.
        alternatives: The runners-up, likeliest first, without `digit` itself.
        box: Around the glyph's ink, in pixels of the page.
    """

    digit: int | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    box: Box


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A number or a field as the reader read it.

    Attributes:
        field: The field's name in the layout; "number" where no layout names fields.
        text: As written, with separators: "1,234".
        value: In the form that programs use. Of digits, the digits in order, "1234", with "?" for ink that is no digit;
            of an amount, a decimal, "1234.50"; of a date, the day, "2026-01-31". Empty where nothing was read.
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


@dataclass(frozen=True, slots=True)
class LayoutUsed:
    """The layout with which a page was read.

    Attributes:
        name: The layout's name.
        version: The layout's version.
        fit: How well the page fits the layout, 0 to 1.
    """

    name: str
    version: int
    fit: float


@dataclass(frozen=True, slots=True, eq=False)
class PageReading:
    """A page with everything that was read on it.

    Attributes:
        page: The page as it was read: a sheet of it is cut out and level.
        readings: Every number, in reading order (lines from the top, each from the left), where no layout names fields.
        fields: One reading for each field of the layout, in the layout's order. Empty without a layout, and where the
            page does not fit it.
        layout: The layout that was used; None without one.
        faults: Sentences on what is wrong with the page as a whole.
    """

    page: Page
    readings: tuple[Reading, ...]
    fields: tuple[Reading, ...] = ()
    layout: LayoutUsed | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. A larger one is refused by its header, before it is decoded.

    Attributes:
        bytes: Bytes of the largest file.
        pixels: Most pixels of one page.
        pages: Most pages of one file.
        seconds: Most processor seconds in which a file's pages are decoded, all of them together. A decoder that was
            killed from outside begins anew. By the clock they have more: `BOX.wall_share` of
            `ml.reading.files.constants` times as many.
    """

    bytes: int = 25 * 1024 * 1024
    pixels: int = 80_000_000
    pages: int = 50
    seconds: int = 60
