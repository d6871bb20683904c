"""Augmentation of glyphs: as another hand, pen or scanner would have made them.

Glyphs come in and leave as float32, count × 28 × 28, paper 0.0 and ink 1.0.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE

_BENDS = 5
"""Control points on a side of the grid that bends a glyph: few, so that strokes bend as a whole and stay smooth."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def augment(glyphs: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Turn, shear, scale, shift and bend each glyph, make its strokes thicker or thinner, its ink paler or harder.

    Args:
        glyphs: float32, count × 28 × 28, paper 0.0 and ink 1.0.
        rng: Decides everything.

    Returns:
        float32, count × 28 × 28, 0.0 to 1.0.

    Source: Simard, Steinkraus, Platt, "Best Practices for Convolutional Neural Networks", 2003 (bending).
    """
    sources = _source_places(len(glyphs), rng)
    moved = np.stack([cv2.remap(g, at[0], at[1], cv2.INTER_LINEAR) for g, at in zip(glyphs, sources, strict=True)])
    for index in np.nonzero(rng.random(len(moved)) < 0.3)[0]:
        moved[index] = _change_pen(moved[index], rng)
    for index in np.nonzero(rng.random(len(moved)) < 0.1)[0]:
        moved[index] = cv2.GaussianBlur(moved[index], (0, 0), rng.uniform(0.4, 0.7))
    gain = rng.uniform(0.9, 1.25, (len(moved), 1, 1)).astype(np.float32)
    return np.clip(moved * gain, 0, 1)


def _source_places(count: int, rng: Generator) -> NDArray[np.float32]:
    """The place from which each pixel is taken: float32, count × 2 (x, y) × 28 × 28, in pixels."""
    turn, shear = rng.normal(0, 0.1, count), rng.normal(0, 0.12, count)
    across, down = rng.uniform(0.87, 1.13, (2, count))
    matrices = np.array([[across * np.cos(turn), shear - np.sin(turn)], [np.sin(turn), down * np.cos(turn)]])
    side = np.arange(GLYPH_SIDE) - (GLYPH_SIDE - 1) / 2
    grid = np.stack(np.meshgrid(side, side))  # 2 × 28 × 28
    turned = matrices.transpose(2, 0, 1) @ grid.reshape(2, -1)
    straight = turned.reshape(count, 2, GLYPH_SIDE, GLYPH_SIDE) + (GLYPH_SIDE - 1) / 2
    shifts = rng.uniform(-1.5, 1.5, (count, 2, 1, 1))
    steps = rng.normal(0, rng.uniform(0.2, 1.1, (count, 1, 1, 1)), (count, 2, _BENDS, _BENDS))
    bends = _INFLUENCE @ steps @ _INFLUENCE.T
    return np.asarray(straight + shifts + bends, np.float32)


def _influence() -> NDArray[np.float64]:
    """The weight of each control point in each row: float64, 28 × 5, smooth, rows sum to one."""
    places = np.linspace(0, GLYPH_SIDE - 1, _BENDS)
    weights = np.exp(-((np.arange(GLYPH_SIDE)[:, None] - places) ** 2) / (2 * 4.5**2))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


_INFLUENCE = _influence()


def _change_pen(glyph: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Make strokes broader or finer by up to half a pixel on either side."""
    change = cv2.dilate if rng.random() < 0.6 else cv2.erode
    share = rng.uniform(0.1, 0.5)
    return np.asarray((1 - share) * glyph + share * change(glyph, _CROSS), np.float32)
