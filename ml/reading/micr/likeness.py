"""Compares a row of print with the shapes of E-13B.

In goes a level row, float32, ink 0 to 255, `MICR_LINE.pixels_a_module` pixels a module. Out comes how well each symbol
fits at each column: correlations, -1 to 1.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.micr.constants import E13B, MICR_LINE
from ml.reading.micr.e13b import SYMBOLS, WIDTH, shape_of


def likeness_of_symbols(row: NDArray[np.float32]) -> NDArray[np.float32]:
    """How well each symbol fits the ink whose frame begins at each column.

    Args:
        row: float32, height × width, ink 0 to 255.

    Returns:
        float32, symbols × columns, symbols in the order of `SYMBOLS`.
    """
    fine, frame = MICR_LINE.pixels_a_module, MICR_LINE.frame
    soft = cv2.GaussianBlur(row, (0, 0), MICR_LINE.row_blur * fine)
    room = (WIDTH + 2 * frame) * fine
    # Paper behind the end, so that a symbol may begin at each column.
    padded: NDArray[np.float32] = cv2.copyMakeBorder(soft, 0, 0, 0, room, cv2.BORDER_CONSTANT).astype(np.float32)
    templates = [_template(symbol, fine, frame, MICR_LINE.shape_blur) for symbol in SYMBOLS]
    spread = _spread(padded, templates[0].shape)
    return np.stack([_likeness(template, padded, spread) for template in templates])


@cache
def _template(symbol: str, fine: int, frame: int, blur: float) -> NDArray[np.float32]:
    """A symbol's shape as a printer leaves it.

    Args:
        symbol: One of `SYMBOLS`.
        fine: Pixels to a module.
        frame: Modules of paper on each side.
        blur: Modules; rounds the corners.

    Returns:
        float32, height × width, paper 0.0 and ink 1.0.
    """
    shape = np.pad(shape_of(symbol), frame)
    large = cv2.resize(shape, None, fx=fine, fy=fine, interpolation=cv2.INTER_NEAREST)
    return cv2.GaussianBlur(large, (0, 0), blur * fine).astype(np.float32)


def _spread(row: NDArray[np.float32], size: tuple[int, ...]) -> NDArray[np.float32]:
    """The norm of each window of a row after its mean is taken away: float32, one value a window.

    Args:
        row: float32, height × width.
        size: A window's height and width, in pixels.
    """
    sums, squares = cv2.integral2(row, sdepth=cv2.CV_64F, sqdepth=cv2.CV_64F)
    high, wide = size

    def windows(table: NDArray[Any]) -> NDArray[np.float64]:
        corners = table[high:, wide:], table[:-high, wide:], table[high:, :-wide], table[:-high, :-wide]
        whole: NDArray[np.float64] = corners[0] - corners[1] - corners[2] + corners[3]
        return whole

    squared = windows(squares) - windows(sums) ** 2 / (high * wide)
    spread: NDArray[np.float32] = np.sqrt(np.maximum(squared, 1.0)).astype(np.float32)
    return spread


def _likeness(
    template: NDArray[np.float32], row: NDArray[np.float32], spread: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Correlation with a template at each column, at the height where it fits best.

    Faint ink lowers it: print that shines through has the shape of print.
    """
    common = cv2.matchTemplate(row, template, cv2.TM_CCOEFF)
    norm = float(np.linalg.norm(template - template.mean()))
    ink = np.clip(common / (255 * norm**2 * MICR_LINE.full_ink), 0, 1)
    likeness: NDArray[np.float32] = common / (norm * spread) * ink
    best: NDArray[np.float32] = likeness.max(axis=0)
    return best


def best_columns(likeness: NDArray[np.float32]) -> list[int]:
    """Chooses the columns at which symbols begin, from the left, by dynamic programming.

    No two chosen columns are closer than `MICR_LINE.closest`. Their likeness above `MICR_LINE.least_like` adds up to
    the most that is possible.

    Args:
        likeness: float32, symbols × columns.
    """
    gain = likeness.max(axis=0) - MICR_LINE.least_like
    step = round(MICR_LINE.closest * E13B.pitch * MICR_LINE.pixels_a_module)
    best = np.zeros(len(gain) + 1)
    taken = np.zeros(len(gain) + 1, bool)
    for column in range(len(gain)):
        with_column = gain[column] + (best[column - step + 1] if column >= step else 0.0)
        taken[column + 1] = with_column > best[column]
        best[column + 1] = max(with_column, best[column])
    columns, at = [], len(gain)
    while at > 0:
        if taken[at]:
            columns.append(at - 1)
            at = max(0, at - step)
        else:
            at -= 1
    return columns[::-1]
