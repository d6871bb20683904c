"""What a sheet lies on, taken out of the picture: a page in, the same page out as if its paper reached to its rim.

Wood, cloth and the sheet's own edge are as dark as ink, and beside a dark ground the paper looks like light writing.
Nothing is moved, so all places stay where they are on the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.sheets.constants import GROUNDS
from ml.reading.sheets.quadrangles import Corners
from ml.reading.sheets.sheet import Sheet

_Mask = NDArray[np.uint8]


def may_show_ground(page: Page) -> bool:
    """Whether at least two sides of a picture are much darker than its brightest part: a quick look."""
    step = max(1, max(page.pixels.shape[:2]) // GROUNDS.look_side)
    small = cv2.cvtColor(np.ascontiguousarray(page.pixels[::step, ::step]), cv2.COLOR_RGB2GRAY)
    rims = small[0], small[-1], small[:, 0], small[:, -1]
    dark = GROUNDS.look_darker * float(np.percentile(small, GROUNDS.look_percentile))
    return sum(bool(np.median(rim) < dark) for rim in rims) >= 2


def without_ground(page: Page, sheets: Sequence[Sheet]) -> Page:
    """A page whose ground is painted over with the colour of the paper that is nearest.

    Args:
        page: The page.
        sheets: The sheets on it; nothing is written beside them.

    Returns:
        A page with the same number, dpi and typed text, and the digest of its pixels.
    """
    height, width = page.pixels.shape[:2]
    rim = GROUNDS.edge * max(height, width)
    kept = _filled([_drawn_in(sheet.corners, rim) for sheet in sheets], (height, width))
    paper = cv2.resize(_paper_everywhere(page.pixels, kept), (width, height), interpolation=cv2.INTER_LINEAR)
    cv2.copyTo(page.pixels, kept, paper)
    pixels = paper.astype(np.uint8, copy=False)
    return replace(page, pixels=pixels, sha256=hashlib.sha256(pixels.data).hexdigest())


def is_at_edge(box: Box, sheets: Sequence[Sheet]) -> bool:
    """Whether a number reaches so near a sheet's edge that a part of it may be missing.

    Args:
        box: Around the number, in pixels of the page.
        sheets: The sheets on the page.
    """
    room = GROUNDS.room * box.height
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    outlines = [sheet.corners.astype(np.float32) for sheet in sheets]
    return not any(all(cv2.pointPolygonTest(each, at, True) >= room for at in corners) for each in outlines)


def _shrunk(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    share = min(1.0, side / max(picture.shape[:2]))
    size = max(1, round(picture.shape[1] * share)), max(1, round(picture.shape[0] * share))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _drawn_in(corners: Corners, rim: float) -> Corners:
    """Corners of a sheet without its rim, which is mixed with the ground and lies in its own shadow."""
    before, after = np.roll(corners, 1, axis=0) - corners, np.roll(corners, -1, axis=0) - corners
    along = [side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1.0) for side in (before, after)]
    drawn_in: Corners = corners + rim * (along[0] + along[1])
    return drawn_in


def _filled(outlines: Sequence[Corners], shape: tuple[int, int]) -> _Mask:
    """A mask, 1 within the outlines."""
    mask: _Mask = np.zeros(shape, np.uint8)
    for corners in outlines:
        cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1)
    return mask


def _paper_everywhere(pixels: NDArray[np.uint8], kept: _Mask) -> NDArray[np.uint8]:
    """The paper's colour at each place of a small picture, beyond the paper that of the paper nearby.

    Args:
        pixels: uint8, height × width × 3, RGB.
        kept: uint8, height × width, 1 where the paper is.
    """
    small = _shrunk(pixels, GROUNDS.paper_side).astype(np.float32)
    inside = cv2.resize(kept, small.shape[1::-1], interpolation=cv2.INTER_AREA).astype(np.float32)[:, :, None]
    side = round(GROUNDS.stroke * GROUNDS.paper_side) | 1
    brightest = cv2.dilate(small * inside, np.ones((side, side), np.uint8)) * inside
    sigma = GROUNDS.smooth * GROUNDS.paper_side
    usual = brightest.sum(axis=(0, 1)) / max(float(inside.sum()), 1.0)
    weight = cv2.GaussianBlur(inside[:, :, 0], (0, 0), sigma)[:, :, None]
    near = cv2.GaussianBlur(brightest, (0, 0), sigma) + GROUNDS.least_weight * usual
    paper: NDArray[np.uint8] = np.clip(near / (weight + GROUNDS.least_weight), 0, 255).astype(np.uint8)
    return paper
