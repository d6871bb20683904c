"""Sheets as a camera or a poor scanner sees them: from aside, turned, in shadow, blurred, packed, small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def photographed(sheet: Picture, rng: Generator, tilt_degrees: float, turn_degrees: float) -> Picture:
    """A sheet on a table, seen from aside.

    Args:
        sheet: uint8, height × width, grey.
        rng: Decides the table and which side is farther away.
        tilt_degrees: From where the camera looks straight down.
        turn_degrees: Of the sheet on the table.

    Returns:
        uint8, height × width, grey, large enough to show the whole sheet with some table around.
    """
    height, width = sheet.shape
    tilt, turn, side = np.radians(tilt_degrees), np.radians(turn_degrees), rng.uniform(0, 2 * np.pi)
    flat = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    flat = flat @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    axis = np.array([np.cos(side), np.sin(side)])
    along = flat @ axis
    away = 2.2 * max(width, height)  # the camera's distance
    depth = away + along * np.sin(tilt)
    seen = (flat + np.outer(along * (np.cos(tilt) - 1), axis)) * (away / depth)[:, None]
    room = 0.06 * width
    seen = seen - seen.min(axis=0) + room
    size = np.ceil(seen.max(axis=0) + room).astype(int)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    scene = _table((int(size[1]), int(size[0])), rng)
    lying = cv2.warpPerspective(sheet, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.full_like(sheet, 255), matrix, (int(size[0]), int(size[1])))
    share = covered.astype(np.float32) / 255
    return _grey(scene * (1 - share) + lying.astype(np.float32) * share)


def _grey(picture: NDArray[np.floating[Any]]) -> Picture:
    grey: Picture = picture.astype(np.uint8)
    return grey


def _table(shape: tuple[int, int], rng: Generator) -> NDArray[np.float32]:
    """Darker than paper, with a grain."""
    coarse = rng.normal(0, 1, (shape[0] // 8 + 2, shape[1] // 40 + 2)).astype(np.float32)
    grain = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    table: NDArray[np.float32] = np.clip(rng.uniform(35, 95) + 8 * grain, 0, 255).astype(np.float32)
    return table


def shadowed(picture: Picture, rng: Generator, depth: float) -> Picture:
    """A soft-edged shadow across the picture that takes away so much of the light, 0 to 1."""
    height, width = picture.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, soft = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.1) * width
    off = (across - width * rng.uniform(0.3, 0.7)) * np.cos(angle) + (down - height / 2) * np.sin(angle)
    light = 1 - depth / (1 + np.exp(-np.clip(off / soft, -30, 30)))
    return _grey(picture * light)


def blurred(picture: Picture, sigma: float) -> Picture:
    """Out of focus by so many pixels (standard deviation)."""
    return cv2.GaussianBlur(picture, (0, 0), sigma).astype(np.uint8)


def packed(picture: Picture, quality: int) -> Picture:
    """Through JPEG and back."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


DPI = 200
DAMAGES: dict[str, tuple[float, Callable[[Picture, Generator], Picture]]] = {
    "clean, 200 dpi": (200, lambda sheet, rng: sheet),
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
    "JPEG 40": (200, lambda sheet, rng: packed(sheet, 40)),
    "photo: 15°, shadow, blur, JPEG": (
        250,
        lambda sheet, rng: packed(
            blurred(shadowed(photographed(sheet, rng, 15, rng.uniform(-15, 15)), rng, 0.35), 1.0), 60
        ),
    ),
}
"""By name: dots an inch of the sheet, and what is then done to it."""
