"""Pages, and everything that was read on one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements.arrays import read_only
from ml.reading.elements.places import TypedText
from ml.reading.elements.readings import Reading
from ml.reading.elements.tables import Table


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One picture of a file, upright; or one sheet of it, once sheets are cut out.

    Attributes:
        pixels: uint8, height × width × 3, RGB.
        number: From 1, in the file's order.
        dpi: Dots an inch, from the file; None where the file has none.
        sha256: Hexadecimal SHA-256 of the pixels. Equal pictures have equal ones.
        typed: What a PDF holds as text, in the order of the file. A sheet that is cut out has none of it.

    Raises:
        ValueError: `pixels` has another type or shape.
    """

    pixels: NDArray[np.uint8]
    number: int
    dpi: float | None
    sha256: str
    typed: tuple[TypedText, ...] = ()

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise ValueError(f"a page is uint8, height × width × 3, not {self.pixels.dtype} {self.pixels.shape}")
        object.__setattr__(self, "pixels", read_only(self.pixels))


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
        readings: Every number, in reading order (lines from the top, each from the left), where no layout names fields;
            else those of its tables. Those of tables are among them.
        fields: One reading for each field of the layout, in the layout's order. Empty without a layout, and where the
            page does not fit it.
        layout: The layout that was used; None without one.
        faults: Sentences on what is wrong with the page as a whole.
        tables: The tables on the page, where no layout names fields and it is no picture of one number; else those that
            the layout names.
    """

    page: Page
    readings: tuple[Reading, ...]
    fields: tuple[Reading, ...] = ()
    layout: LayoutUsed | None = None
    faults: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
