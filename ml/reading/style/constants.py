"""Constants of the room `style`."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye


@dataclass(frozen=True, slots=True)
class OverlayConstants(Constants):
    """How two numbers are laid over one another, and how their styles are compared.

    A stray divides the difference of one measurement: two numbers by one writer differ by about that much.
    """

    least_copy: float = by_eye(0.95, "correlation", (0.7, 1.0), "Ink that coincides at least so well is called a copy.")
    height: int = by_eye(64, "pixels", (48, 96), "Both numbers are scaled to this height before they are aligned.")
    most_width: int = by_eye(
        6400, "pixels", (3200, 12_800), "A longer number is narrowed to this: it has more than a hundred digits."
    )
    margin: int = by_eye(16, "pixels", (8, 24), "Paper around each number, so that alignment may move its ink.")
    blur: float = by_eye(1.6, "pixels", (1.0, 2.4), "Blur before alignment, so that strokes that miss closely overlap.")
    most_steps: int = by_eye(80, "iterations", (40, 160), "Alignment stops after this many steps.")
    least_gain: float = by_eye(1e-5, "correlation", (1e-6, 1e-4), "Alignment stops when a step gains less than this.")
    slant_stray: float = by_eye(8.0, "degrees", (5.0, 12.0), "How far slant strays within one hand.")
    pen_stray: float = by_eye(0.03, "heights of a digit", (0.02, 0.05), "How far the pen's width strays.")
    spacing_stray: float = by_eye(0.12, "heights of a digit", (0.08, 0.18), "How far spacing strays within one hand.")
    unevenness_stray: float = by_eye(0.06, "heights of a digit", (0.04, 0.09), "How far unevenness strays.")


OVERLAY = OverlayConstants()


@dataclass(frozen=True, slots=True)
class WritingConstants(Constants):
    """Thresholds that choose the words for a writing.

    The limits of the hues follow one another around the colour circle, so each stays between its neighbours.
    """

    upright: int = by_eye(4, "degrees", (2, 8), "A smaller slant is not seen: the number is called upright.")
    fine: float = by_eye(0.07, "heights of a digit", (0.05, 0.1), "A narrower pen is called fine.")
    broad: float = by_eye(0.13, "heights of a digit", (0.09, 0.18), "A wider pen is called broad.")
    touching: float = by_eye(0.0, "heights of a digit", (-0.1, 0.1), "Digits with no more space touch.")
    far_apart: float = by_eye(0.35, "heights of a digit", (0.25, 0.5), "Digits with more space stand far apart.")
    even: float = by_eye(0.09, "heights of a digit", (0.06, 0.14), "Spaces that stray further are called uneven.")
    coloured: int = by_eye(
        38, "steps of 255", (28, 50), "Ink whose red, green and blue lie closer together is black, grey or white."
    )
    black: int = by_eye(110, "steps of 255", (80, 140), "Ink without colour is black below this brightness.")
    grey: int = by_eye(200, "steps of 255", (150, 250), "Ink without colour is grey below this, and white from it on.")
    red: int = by_eye(15, "degrees of hue", (10, 20), "Hues up to here are red, and red again beyond purple.")
    brown: int = by_eye(40, "degrees of hue", (30, 50), "Hues up to here are brown.")
    yellow: int = by_eye(75, "degrees of hue", (56, 94), "Hues up to here are yellow.")
    green: int = by_eye(165, "degrees of hue", (120, 195), "Hues up to here are green.")
    turquoise: int = by_eye(200, "degrees of hue", (170, 250), "Hues up to here are turquoise.")
    blue: int = by_eye(262, "degrees of hue", (205, 325), "Hues up to here are blue.")
    purple: int = by_eye(330, "degrees of hue", (265, 360), "Hues up to here are purple.")


WRITING = WritingConstants()
