"""From ink to the 28 × 28 pixels that the network of digits reads.

`normalise` is the last step, and the same for training and for reading. `glyph_of` comes before it in reading: it takes
the ink of some atoms of a strip and thickens fine strokes. Ink is float32 from 0.0, paper, to 1.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE, Box, Glyph
from ml.reading.ink.locate import Strip
from ml.reading.recognisers.atoms import Atom
from ml.reading.recognisers.constants import GLYPHS

_BODY_SIDE = 20
_RAMP = np.arange(_BODY_SIDE, dtype=np.float32)
_NEIGHBOURS = np.ones((3, 3), np.uint8)


def normalise(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale and centre a mark as MNIST's authors did.

    The ink's bounding box is scaled, aspect kept, until its longer side is 20 pixels. It is then placed on 28 × 28 with
    its centre of mass in the middle (in whole pixels, the body kept inside).

    Args:
        ink: float32, height × width, paper 0.0 and ink 1.0; any size. Values below `GLYPHS.faint` count as paper when
            the bounding box is taken.

    Returns:
        float32, 28 × 28, 0.0 to 1.0. All zeros where there is no ink.

    Raises:
        ValueError: `ink` is not a float32 matrix.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
    """
    if ink.dtype != np.float32 or ink.ndim != 2:
        raise ValueError(f"ink is float32, height × width, not {ink.dtype} {ink.shape}")
    glyph = np.zeros((GLYPH_SIDE, GLYPH_SIDE), np.float32)
    left, top, width, height = cv2.boundingRect((ink >= GLYPHS.faint).view(np.uint8))
    if width == 0:
        return glyph
    body = ink[top : top + height, left : left + width]
    scale = _BODY_SIDE / max(width, height)
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    body = np.minimum(np.maximum(cv2.resize(body, (width, height), interpolation=method), 0), 1).astype(np.float32)
    rows, columns = body.sum(axis=1), body.sum(axis=0)
    mass = float(rows.sum())
    middle = (GLYPH_SIDE - 1) / 2
    top = min(max(round(middle - float(rows @ _RAMP[:height]) / mass), 0), GLYPH_SIDE - height)
    left = min(max(round(middle - float(columns @ _RAMP[:width]) / mass), 0), GLYPH_SIDE - width)
    glyph[top : top + height, left : left + width] = body
    return glyph


def glyph_of(strip: Strip, atoms: Sequence[Atom], stroke: float, scale: float) -> Glyph:
    """The glyph of some atoms: soft edges kept, strokes at least as thick as a pen's.

    Args:
        strip: Whose atoms.
        atoms: Taken together as one glyph; at least one.
        stroke: The stroke's width, in pixels of the strip.
        scale: Pixels of the page for one of the strip's; the glyph's box is in pixels of the page.
    """
    left, top = min(atom.box.left for atom in atoms), min(atom.box.top for atom in atoms)
    right, bottom = max(atom.box.right for atom in atoms), max(atom.box.bottom for atom in atoms)
    mask = np.zeros((bottom - top + 2, right - left + 2), np.uint8)
    for atom in atoms:
        row, column = atom.box.top - top + 1, atom.box.left - left + 1
        mask[row : row + atom.box.height, column : column + atom.box.width] |= atom.pixels
    box = Box(left, top, right, bottom)
    return Glyph(strip.on_page(box, scale), normalise(_thickened(_soft_ink(strip, box, mask), stroke)))


def _soft_ink(strip: Strip, box: Box, mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The ink under a mask and one pixel around it, 0.0 to 1.0; the mask is the box with a border of one pixel."""
    top, left = max(box.top - 1, 0), max(box.left - 1, 0)
    soft = strip.soft[top : box.bottom + 1, left : box.right + 1]
    if soft.shape != mask.shape:
        above, before = top - box.top + 1, left - box.left + 1
        below, behind = mask.shape[0] - soft.shape[0] - above, mask.shape[1] - soft.shape[1] - before
        soft = cv2.copyMakeBorder(soft, above, below, before, behind, cv2.BORDER_CONSTANT).astype(np.uint8)
    grown = cv2.dilate(mask, _NEIGHBOURS)
    return cv2.multiply(soft, grown, scale=1 / 255, dtype=cv2.CV_32F).astype(np.float32, copy=False)


def _thickened(ink: NDArray[np.float32], stroke: float) -> NDArray[np.float32]:
    """Ink whose strokes are at least `GLYPHS.thinnest_stroke` thick once its body is 20 pixels long."""
    side = max(ink.shape)
    if side > GLYPHS.most_side:
        ink, stroke, side = _shrunk(ink), stroke * (GLYPHS.most_side / side), GLYPHS.most_side
    missing = round(GLYPHS.thinnest_stroke / _BODY_SIDE * side - stroke)
    if missing < 1:
        return ink
    bordered = cv2.copyMakeBorder(ink, missing, missing, missing, missing, cv2.BORDER_CONSTANT)
    return cv2.dilate(bordered, _pen(missing + 1)).astype(np.float32, copy=False)


def _shrunk(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Large ink brought to `GLYPHS.most_side`; fine strokes pale by this, so its contrast is stretched again."""
    share = GLYPHS.most_side / max(ink.shape)
    size = max(1, round(ink.shape[1] * share)), max(1, round(ink.shape[0] * share))
    ink = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)
    inked = np.sort(ink[ink > GLYPHS.faint])
    peak = inked[int(GLYPHS.peak * len(inked))] if len(inked) else np.float32(1)
    return np.minimum(ink / peak, np.float32(1))


@cache
def _pen(side: int) -> NDArray[np.uint8]:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.uint8)
