"""Where something is: on a page, or on a sheet of any size."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.errors import BadLayout


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
class TypedText:
    """A word that a PDF holds as text, where it is seen on the page.

    Attributes:
        text: Without spaces.
        box: Around it, in pixels of the page.
    """

    text: str
    box: Box


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
