"""The nouns of reading: the values that one stage hands to the next, from pixels to numbers.

A `Page` comes from a file. Marks on it become `Glyph`s, which a recogniser turns into `Digit`s and `Hypothesis`es. A
`Reading` is the result for one number or field; a `PageReading` holds all readings of a page.

All elements are frozen, and arrays become read-only when they enter one: no stage can change what an earlier stage
made. Elements that hold an array compare by identity, so a test compares their attributes.
"""

from __future__ import annotations

from ml.reading.elements.glyphs import GLYPH_SIDE, NO_DIGIT, Alternative, Digit, Glyph, Hypothesis
from ml.reading.elements.pages import LayoutUsed, Page, PageReading
from ml.reading.elements.places import Box, Place, TypedText
from ml.reading.elements.readings import Agreement, Provenance, Reading, Words, Writing
from ml.reading.elements.tables import Cell, Table

__all__ = [
    "GLYPH_SIDE",
    "NO_DIGIT",
    "Agreement",
    "Alternative",
    "Box",
    "Cell",
    "Digit",
    "Glyph",
    "Hypothesis",
    "LayoutUsed",
    "Page",
    "PageReading",
    "Place",
    "Provenance",
    "Reading",
    "Table",
    "TypedText",
    "Words",
    "Writing",
]
