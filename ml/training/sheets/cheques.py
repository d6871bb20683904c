"""Cheques with their amount in words, drawn without end: scanned or photographed, some contradicting themselves.

Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ml.reading.forms.layout_json import shipped_layouts
from ml.training.fields.digits import Writers
from ml.training.sheets.filled import Filled, fill_in
from ml.training.sheets.filled_words import WordsOfSheet
from ml.training.sheets.photographs import DAMAGES, Picture
from ml.training.words.lines import Sources

CLEAN = ("clean, 200 dpi", "clean, 300 dpi")
PHOTOGRAPHED = ("photo: 15°, shadow, blur, JPEG", "from 10° aside")
OTHERS = ("JPEG 40", "150 dpi", "turned 2°")
"""How a cheque comes to its picture: names of `DAMAGES`."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCheque:
    """A cheque, drawn.

    Attributes:
        filled: The sheet with its layout and values.
        picture: uint8, height × width, grey: the sheet as it was scanned or photographed.
        way: A name of `DAMAGES`.
        contradicts: Whether its words say another amount than its figures.
    """

    filled: Filled
    picture: Picture
    way: str
    contradicts: bool


def draw_cheques(
    sources: Sources, writers: Writers, numbers: range, seed: int, *, ways: tuple[str, ...], contradicting: float
) -> Iterator[DrawnCheque]:
    """Draw cheques, in turn of each layout that has an amount in words, and in each way.

    Args:
        sources: Who writes the words.
        writers: Who writes the digits.
        numbers: Which cheques of the seed.
        seed: Decides everything.
        ways: Names of `DAMAGES`.
        contradicting: Share of the cheques that contradict themselves, 0 to 1.
    """
    layouts = [layout for layout in shipped_layouts() if any(field.words_of for field in layout.fields)]
    for number in numbers:
        rng = np.random.default_rng((seed, number))
        layout, way = layouts[number % len(layouts)], ways[number // len(layouts) % len(ways)]
        dpi, spoil = DAMAGES[way]
        contradicts = bool(rng.random() < contradicting)
        filled = fill_in(layout, writers, rng, dpi / 25.4, WordsOfSheet(sources, contradicts))
        yield DrawnCheque(filled, spoil(filled.picture, rng), way, contradicts)
