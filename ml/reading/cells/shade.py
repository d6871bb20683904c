"""Cells that stand on grey or on a colour: a table without its rules in, the same without the shade of its cells out.

Such a ground may be as dark as ink. In a cell most is ground, so what is darker than that is written there.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ml.reading.cells.clean import CleanTable
from ml.reading.cells.constants import SHADE
from ml.reading.ink.ink import Ink


def without_shade(table: CleanTable) -> CleanTable:
    """A table in whose shaded cells ink is what is darker than their ground; the table itself where none is shaded."""
    soft, mask = table.ink.soft.copy(), table.ink.mask.copy()
    is_shaded = False
    for cell in table.grid.cells:
        outline = np.rint(table.grid.corners(cell)).astype(np.int32)
        (left, top), (right, bottom) = np.maximum(outline.min(axis=0), 0), outline.max(axis=0) + 1
        inside = np.s_[top:bottom, left:right]
        own = cv2.fillPoly(np.zeros(soft[inside].shape, np.uint8), [outline - (left, top)], 1) > 0
        ground = int(np.median(soft[inside][own])) if own.any() else 0
        if ground < SHADE.least:
            continue
        is_shaded = True
        darker = np.clip(soft[inside].astype(np.float32) - ground, 0, None) * (255 / max(255 - ground, 1))
        pen = float(np.percentile(darker[own], SHADE.pen_percentile))
        is_ink = darker >= max(SHADE.pen_share * pen, SHADE.grain)
        soft[inside] = np.where(own, darker, soft[inside]).astype(np.uint8)
        mask[inside] = np.where(own, is_ink, mask[inside])
    return replace(table, ink=Ink.of(soft, mask, table.ink.scale)) if is_shaded else table
