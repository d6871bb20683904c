"""Pictures of what passed and is wrong, one under the other with what was read and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_TILE = (190, 96)
"""Width and height of a picture with its words, in pixels."""
_WORDS = 30
"""Rows of a tile for its words, in pixels."""
_ACROSS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One mistake to show.

    Attributes:
        pixels: uint8, height × width × 3, RGB: where it was read.
        above: First line of words.
        below: Second line of words.
    """

    pixels: Pixels
    above: str
    below: str


def draw_mistakes(mistakes: Sequence[Shown], file: Path) -> None:
    """Write all mistakes into one PNG picture.

    Args:
        mistakes: In order; without any, a white picture is written.
        file: Where it goes.
    """
    rows = max(1, -(-len(mistakes) // _ACROSS))
    sheet = np.full((rows * _TILE[1], _ACROSS * _TILE[0], 3), 255, np.uint8)
    for index, mistake in enumerate(mistakes):
        top, left = index // _ACROSS * _TILE[1], index % _ACROSS * _TILE[0]
        sheet[top : top + _TILE[1], left : left + _TILE[0]] = _tile(mistake)
    cv2.imwrite(str(file), sheet[:, :, ::-1])


def _tile(mistake: Shown) -> Pixels:
    tile = np.full((_TILE[1], _TILE[0], 3), 255, np.uint8)
    room = (_TILE[0] - 6, _TILE[1] - _WORDS - 4)
    tall, wide = mistake.pixels.shape[:2]
    scale = min(room[0] / wide, room[1] / tall)
    size = (max(1, int(wide * scale)), max(1, int(tall * scale)))
    tile[_WORDS : _WORDS + size[1], 2 : 2 + size[0]] = cv2.resize(mistake.pixels, size, interpolation=cv2.INTER_AREA)
    for row, words in enumerate((mistake.above, mistake.below)):
        cv2.putText(tile, words, (2, 12 + 13 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)
    return tile
