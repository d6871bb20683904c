"""The nouns of reading: what travels from pixels to numbers.

All are frozen. Arrays are made read-only when they enter an element, so that no later stage can change what an earlier
one saw. Elements that hold an array compare by identity; compare their fields where a test needs equality.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading.errors import BadLayout

GLYPH_SIDE = 28
"""Height and width, in pixels, of what the network reads."""

NO_DIGIT = 10
"""The network's class for what is no digit: a letter, a comma, a blot."""


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in whole pixels from the page's top left; right and bottom are exclusive.

    Raises:
        ValueError: The box is empty or starts outside the page.
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
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def xywh(self) -> tuple[int, int, int, int]:
        """Left, top, width, height: the form that exports and pages use."""
        return self.left, self.top, self.width, self.height

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a sheet, in shares of its width and height from the top left, 0 to 1.

    Raises:
        BadLayout: It is empty, or reaches beyond the sheet.
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
        """Left, top, right, bottom."""
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page of a scan, upright (EXIF orientation applied).

    Attributes:
        pixels: uint8, height × width × 3, RGB.
        number: From 1, in the file's order.
        dpi: Dots an inch where the file tells, else None.
        sha256: Hex digest of the pixels, to know the same page again.

    Raises:
        ValueError: The pixels are not uint8, height × width × 3.
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
class Field:
    """A place on a page where one number stands.

    Attributes:
        name: What the layout calls it; "number" where no layout names fields.
        kind: "digits" (any run of digits).
        box: Where on the page.
        pixels: uint8, height × width × 3: the page within the box.
    """

    name: str
    kind: str
    box: Box
    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", _read_only(self.pixels))


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One mark, normalised for the network.

    Attributes:
        box: The mark's ink on the page.
        pixels: float32, 28 × 28, paper 0.0 and ink 1.0.

    Raises:
        ValueError: The pixels are not float32, 28 × 28.
    """

    box: Box
    pixels: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.float32 or self.pixels.shape != (GLYPH_SIDE, GLYPH_SIDE):
            raise ValueError(f"a glyph is float32, 28 × 28, not {self.pixels.dtype} {self.pixels.shape}")
        object.__setattr__(self, "pixels", _read_only(self.pixels))


@dataclass(frozen=True, slots=True)
class Alternative:
    """A runner-up: another digit (None: no digit) and its probability, 0 to 1."""

    digit: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text, and the probability that it is all and only what is written in the line."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Digit:
    """What the network says of one glyph.

    Attributes:
        digit: 0 to 9, or None where it is no digit.
        confidence: The network's probability for that, 0 to 1.
        alternatives: The runners-up, likeliest first, without `digit` itself.
        box: The glyph's ink on the page.
    """

    digit: int | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Writing:
    """How a number was written.

    Attributes:
        slant: Degrees to the right; below 0 to the left.
        pen: The stroke's width, in pixels of the page.
        height: A digit's, in pixels of the page.
        spacing: From digit to digit, in their heights, below 0 where they overlap; None for a single digit.
        unevenness: How far those spaces stray (standard deviation), in digit heights; None for a single digit.
        ink: Red, green and blue, 0 to 255.
        words: The same as a person says it.
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
    """What made a value: the SHA-256 of both networks together and the settings it was read with."""

    model_sha256: str
    settings: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as read.

    Attributes:
        field: The field's name.
        text: As written, with separators: "1,234".
        value: The digits in order, with "?" where something stands that is no digit: "1234".
        confidence: 0 to 1: the probability that the value is right as a whole, calibrated on real amounts.
        accepted: Whether it may pass without a person.
        digits: Left to right.
        box: All of the number's ink on the page.
        checks: Sentences about what was checked and did not hold.
        provenance: What made it.
        hypotheses: The likeliest values, best first; the first is `value`, with its confidence. Empty where something
            stands in it that is no digit.
        writing: How it was written; None where nobody measured.
        kind: What the field holds: "digits", or as `ml.reading.forms.layouts.Kind` has it. Of an amount the value is a
            decimal, "1234.50", of a date the day, "2026-01-31".
        currency: Of an amount, by the three letters of ISO 4217.
        signed: Whether a currency's sign was read before it.
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
    """Which layout a page was read with.

    Attributes:
        name: Of the layout.
        version: Of the layout.
        fit: How sure it is that the page has this layout, 0 to 1.
    """

    name: str
    version: int
    fit: float


@dataclass(frozen=True, slots=True, eq=False)
class PageReading:
    """A page and what was read on it.

    Attributes:
        page: As it was read: turned level where it had to be.
        readings: Numbers in reading order (lines from the top, each from the left), where no layout names fields.
        fields: One reading for each field of the layout, in its order; none without a layout.
        layout: That layout; None without.
        faults: Sentences about what is wrong with the page as a whole.
    """

    page: Page
    readings: tuple[Reading, ...]
    fields: tuple[Reading, ...] = ()
    layout: LayoutUsed | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused, judged from its header.

    Attributes:
        bytes: Largest file, in bytes.
        pixels: Most pixels on one page.
        pages: Most pages in one file.
    """

    bytes: int = 25 * 1024 * 1024
    pixels: int = 80_000_000
    pages: int = 50
