"""Sheets as a camera or a poor scanner sees them: tilted, turned, in shadow, blurred, compressed, small.

Pictures go in and come out as uint8, height × width, grey.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def photographed(sheet: Picture, rng: Generator, tilt_degrees: float, turn_degrees: float) -> Picture:
    """A photograph of a sheet that lies on a table.

    Args:
        sheet: uint8, height × width, grey.
        rng: Decides the table's grey and grain, and which side of the sheet is farther away.
        tilt_degrees: Angle between the camera's axis and the vertical; 0: the camera looks straight down.
        turn_degrees: Angle by which the sheet is turned on the table.

    Returns:
        uint8, height × width, grey: the whole sheet with some table around.
    """
    height, width = sheet.shape
    seen = _corners_seen(width, height, np.radians(tilt_degrees), np.radians(turn_degrees), rng.uniform(0, 2 * np.pi))
    margin = 0.06 * width
    seen = seen - seen.min(axis=0) + margin
    size = np.ceil(seen.max(axis=0) + margin).astype(int)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    table = _table((int(size[1]), int(size[0])), rng)
    on_table = cv2.warpPerspective(sheet, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.full_like(sheet, 255), matrix, (int(size[0]), int(size[1])))
    share = covered.astype(np.float32) / 255
    return _grey(table * (1 - share) + on_table.astype(np.float32) * share)


def _corners_seen(width: int, height: int, tilt: float, turn: float, side: float) -> NDArray[np.float64]:
    """Where a camera sees the sheet's corners: float64, 4 × 2, pixels from the sheet's middle.

    Args:
        width: Of the sheet, in pixels.
        height: Of the sheet, in pixels.
        tilt: Of the camera, in radians.
        turn: Of the sheet on the table, in radians.
        side: Direction from the sheet's middle to the camera's far side, in radians.
    """
    flat = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    flat = flat @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    axis = np.array([np.cos(side), np.sin(side)])
    along = flat @ axis
    distance = 2.2 * max(width, height)  # from the camera to the sheet's middle
    depth = distance + along * np.sin(tilt)
    seen: NDArray[np.float64] = (flat + np.outer(along * (np.cos(tilt) - 1), axis)) * (distance / depth)[:, None]
    return seen


def _grey(picture: NDArray[np.floating[Any]]) -> Picture:
    grey: Picture = picture.astype(np.uint8)
    return grey


def _table(shape: tuple[int, int], rng: Generator) -> NDArray[np.float32]:
    """A table, darker than paper, with a grain: float32, height × width, grey 0 to 255."""
    coarse = rng.normal(0, 1, (shape[0] // 8 + 2, shape[1] // 40 + 2)).astype(np.float32)
    grain = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    table: NDArray[np.float32] = np.clip(rng.uniform(35, 95) + 8 * grain, 0, 255).astype(np.float32)
    return table


def shadowed(picture: Picture, rng: Generator, depth: float) -> Picture:
    """Lay a shadow with a soft edge across the picture.

    Args:
        picture: uint8, height × width, grey.
        rng: Decides where the edge runs and how soft it is.
        depth: Share of the light that the shadow takes away, 0 to 1.
    """
    height, width = picture.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, soft = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.1) * width
    off = (across - width * rng.uniform(0.3, 0.7)) * np.cos(angle) + (down - height / 2) * np.sin(angle)
    light = 1 - depth / (1 + np.exp(-np.clip(off / soft, -30, 30)))
    return _grey(picture * light)


def blurred(picture: Picture, sigma: float) -> Picture:
    """Put the picture out of focus; `sigma` is the standard deviation in pixels."""
    return cv2.GaussianBlur(picture, (0, 0), sigma).astype(np.uint8)


def compressed(picture: Picture, quality: int) -> Picture:
    """Compress the picture as JPEG (quality 0 to 100) and decode it again."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


DAMAGES: dict[str, tuple[float, Callable[[Picture, Generator], Picture]]] = {
    "clean, 200 dpi": (200, lambda sheet, rng: sheet),
    "clean, 300 dpi": (300, lambda sheet, rng: sheet),
    "100 dpi": (100, lambda sheet, rng: sheet),
    "150 dpi": (150, lambda sheet, rng: sheet),
    "400 dpi": (400, lambda sheet, rng: sheet),
    "turned 2°": (200, lambda sheet, rng: photographed(sheet, rng, 0, 2)),
    "any angle": (200, lambda sheet, rng: photographed(sheet, rng, 0, rng.uniform(0, 360))),
    "from 10° aside": (200, lambda sheet, rng: photographed(sheet, rng, 10, rng.uniform(-8, 8))),
    "from 25° aside": (200, lambda sheet, rng: photographed(sheet, rng, 25, rng.uniform(-8, 8))),
    "shadow": (200, lambda sheet, rng: shadowed(sheet, rng, 0.5)),
    "blur 1.5 px": (200, lambda sheet, rng: blurred(sheet, 1.5)),
    "blur 2.5 px": (200, lambda sheet, rng: blurred(sheet, 2.5)),
    "JPEG 40": (200, lambda sheet, rng: compressed(sheet, 40)),
    "photo: 15°, shadow, blur, JPEG": (
        250,
        lambda sheet, rng: compressed(
            blurred(shadowed(photographed(sheet, rng, 15, rng.uniform(-15, 15)), rng, 0.35), 1.0), 60
        ),
    ),
}
"""By name: at how many dots an inch the sheet is drawn, and the function that then damages it."""
