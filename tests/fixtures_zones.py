"""Drawn paper with boxes and strokes on it, and zones of drawn numbers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Box, Page
from ml.reading.ink.zones import Zone

PER_MM = 8.0
Picture = NDArray[np.uint8]


def paper(height_mm: float = 20, width_mm: float = 70, grey: int = 235) -> Picture:
    return np.full((round(height_mm * PER_MM), round(width_mm * PER_MM), 3), grey, np.uint8)


def mm(*values: float) -> tuple[int, ...]:
    return tuple(round(value * PER_MM) for value in values)


def box(picture: Picture, left: float, top: float, right: float, bottom: float, grey: int = 60) -> None:
    cv2.rectangle(picture, mm(left, top), mm(right, bottom), (grey,) * 3, 2)


def stroke(picture: Picture, start: tuple[float, float], end: tuple[float, float], wide: float = 0.5) -> None:
    cv2.line(picture, mm(*start), mm(*end), (50, 40, 90), max(1, round(wide * PER_MM)), cv2.LINE_AA)


def page_with(*pieces: tuple[NDArray[np.uint8], int, int], size: tuple[int, int] = (160, 640)) -> Page:
    pixels = np.full((*size, 3), 235, np.uint8)
    for piece, left, top in pieces:
        inside = pixels[top : top + piece.shape[0], left : left + piece.shape[1]]
        np.minimum(inside, piece[: inside.shape[0], : inside.shape[1]], out=inside)
    return Page(pixels, 1, None, "")


def zone_of(page: Page, per_mm: float = 8.0) -> Zone:
    height, width = page.pixels.shape[:2]
    return Zone.of(page, Box(0, 0, width, height), per_mm)
