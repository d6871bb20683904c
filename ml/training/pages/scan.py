"""How a page is scanned or photographed: turned a little, reduced, blurred, unevenly lit, grainy, packed as JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.elements import Box
from ml.training.pages.page import DrawnPage, Outline, Picture, Points, Written
from ml.training.pages.sheet import Colours

_WHOLE = 0.5
"""Pixels by which a number's outline may reach beyond the picture, and its ink is still whole."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One way to scan or photograph a page.

    Attributes:
        scale: Of the picture against the drawing; at most 1.
        turn: Against the clock, in degrees.
        blur: Of the lens, in pixels.
        grain: Noise of the sensor, in steps of grey.
        light: Share of the light that the darkest corner lacks, 0 to 1.
        quality: Of JPEG, 1 to 100; 100: it is not packed.
    """

    scale: float
    turn: float
    blur: float
    grain: float
    light: float
    quality: int

    @classmethod
    def random(cls, rng: Generator) -> Scan:
        """As a usual scanner or a steady hand does it: a reader may be sure of what a person writes clearly."""
        return cls(
            scale=1.0,
            turn=float(np.clip(rng.normal(0, 0.5), -1.5, 1.5)),
            blur=rng.uniform(0.3, 0.9),
            grain=rng.uniform(0.5, 5),
            light=float(rng.choice((0.0, rng.uniform(0.05, 0.35)), p=(0.5, 0.5))),
            quality=int(rng.choice((100, int(rng.integers(45, 96))), p=(0.4, 0.6))),
        )


def scanned(kind: str, picture: Picture, scan: Scan, rng: Generator) -> DrawnPage:
    """Scan a picture. A number of which a part falls beyond the page is none.

    Args:
        kind: Of the page that leaves.
        picture: The page before the scanner.
        scan: How it is scanned.
        rng: Decides on grain and light.
    """
    pixels, moved = _placed(picture, scan)
    lit = pixels * _light(pixels.shape[0], pixels.shape[1], scan.light, rng)
    noise = rng.normal(0, scan.grain, lit.shape[:2]).astype(np.float32)
    shot = np.clip(cv2.GaussianBlur(lit, (0, 0), scan.blur) + noise[:, :, None], 0, 255).astype(np.uint8)
    if scan.quality < 100:
        shot = as_jpeg(shot, scan.quality)
    height, width = shot.shape[:2]
    numbers = [_written(outline, height, width) for outline in moved]
    return DrawnPage(kind, shot, tuple(number for number in numbers if number is not None))


def as_jpeg(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Pack a picture, uint8, height × width × 3, RGB, as JPEG, and unpack it."""
    packed = cv2.imencode(".jpg", pixels[:, :, ::-1], (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    back = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(back[:, :, ::-1])


def _placed(picture: Picture, scan: Scan) -> tuple[Colours, tuple[Outline, ...]]:
    """The picture turned about its middle and reduced, with its outlines."""
    height, width = picture.pixels.shape[:2]
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), scan.turn, 1.0), np.float64)
    pixels: Colours = cv2.warpAffine(
        picture.pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    if scan.scale < 1:
        size = (max(1, round(width * scan.scale)), max(1, round(height * scan.scale)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        matrix = np.diag((size[0] / width, size[1] / height)) @ matrix
    return pixels, tuple(Outline(one.value, moved(one.points, matrix)) for one in picture.outlines)


def moved(points: Points, matrix: NDArray[np.float64]) -> Points:
    """Move points, count × 2, by an affine matrix, 2 × 3."""
    placed: Points = (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    return placed


def _light(height: int, width: int, lack: float, rng: Generator) -> NDArray[np.float32]:
    """Light that falls off smoothly towards a corner: float32, height × width × 1, at most 1."""
    if lack == 0:
        return np.ones((1, 1, 1), np.float32)
    corners = 1 - lack * rng.uniform(0, 1, (2, 2))
    even = cv2.resize(corners.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return even.astype(np.float32)[:, :, None]


def _written(outline: Outline, height: int, width: int) -> Written | None:
    """The number with the box around its ink; None where a part of it is not on the page."""
    left, top = outline.points.min(axis=0)
    right, bottom = outline.points.max(axis=0)
    if min(left, top) < -_WHOLE or right > width - 1 + _WHOLE or bottom > height - 1 + _WHOLE:
        return None
    first = (max(0, int(np.floor(left))), max(0, int(np.floor(top))))
    beyond = (min(width, int(np.ceil(right)) + 1), min(height, int(np.ceil(bottom)) + 1))
    return Written(outline.value, Box(*first, *beyond))
