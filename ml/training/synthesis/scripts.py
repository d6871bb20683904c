"""Digits of other scripts, Bangla and Devanagari: strokes that our code draws, to be told from digits of ours.

A digit leaves as ink: float32, height × width in pixels, paper 0.0 and ink 1.0, no paper around it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from ml.training.synthesis.elastic import distort
from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.signs import Ink, Stroke, draw_strokes


def _strokes(text: str) -> tuple[Stroke, ...]:
    """Parse "x,y x,y; x,y x,y", where a semicolon lifts the pen; x to the right and y down, 0 to 1."""
    return tuple(tuple(_point(point) for point in stroke.split()) for stroke in text.split(";"))


def _point(text: str) -> tuple[float, float]:
    x, y = text.split(",")
    return float(x), float(y)


_BANGLA = (
    "0.5,0.1 0.2,0.25 0.1,0.55 0.25,0.85 0.5,0.95 0.78,0.85 0.9,0.55 0.8,0.25 0.5,0.1",
    "0.55,0.35 0.35,0.3 0.3,0.5 0.5,0.6 0.7,0.45 0.65,0.2 0.4,0.05 0.15,0.2 0.1,0.55 0.3,0.85 0.7,1 0.95,0.95",
    "0.15,0.1 0.5,0.02 0.8,0.15 0.75,0.4 0.4,0.6 0.1,0.65 0.4,0.7 0.7,0.85 0.95,1",
    "0.1,0.4 0.3,0.2 0.35,0.5 0.25,0.65 0.15,0.5 0.3,0.15 0.6,0.05 0.9,0.25 0.95,0.6 0.75,0.9 0.4,0.95",
    "0.5,0.45 0.2,0.3 0.25,0.08 0.55,0.02 0.8,0.15 0.75,0.35 0.5,0.45 0.2,0.6 0.1,0.85 0.45,1 0.85,0.85 0.8,0.6 0.5,.5",
    "0.75,0.05 0.3,0.1 0.05,0.5 0.25,0.9 0.65,0.95 0.9,0.7 0.75,0.45 0.5,0.5 0.45,0.7 0.6,0.9 0.95,1",
    "0.1,0.05 0.12,0.5 0.3,0.85 0.6,0.95 0.9,0.75 0.85,0.5 0.6,0.4 0.4,0.55 0.5,0.75; 0.85,0.5 0.95,0.15",
    "0.6,0.45 0.3,0.55 0.1,0.35 0.25,0.08 0.6,0.02 0.85,0.2 0.85,0.6 0.8,1",
    "0.15,0.02 0.2,0.5 0.35,0.85 0.6,0.95 0.75,0.75 0.6,0.55 0.4,0.7; 0.35,0.85 0.6,0.6 0.95,0.5",
    "0.4,0.05 0.7,0.2 0.5,0.45 0.2,0.35 0.35,0.1; 0.5,0.45 0.15,0.7 0.35,0.98 0.75,0.9 0.95,0.6",
)
_DEVANAGARI = (
    "0.5,0.1 0.2,0.25 0.1,0.55 0.25,0.85 0.5,0.95 0.78,0.85 0.9,0.55 0.8,0.25 0.5,0.1",
    "0.6,0.5 0.3,0.55 0.15,0.3 0.35,0.05 0.7,0.05 0.85,0.3 0.7,0.55 0.5,0.75 0.6,1",
    "0.1,0.2 0.4,0.02 0.8,0.1 0.85,0.35 0.5,0.55 0.2,0.6 0.5,0.65 0.75,0.8 0.9,1",
    "0.1,0.08 0.5,0.0 0.8,0.15 0.6,0.35 0.35,0.38; 0.35,0.38 0.75,0.45 0.75,0.68 0.4,0.7 0.6,0.85 0.85,1",
    "0.1,0.05 0.45,0.4 0.75,0.7 0.7,0.95 0.4,0.98 0.3,0.75 0.55,0.4 0.9,0.02",
    "0.1,0.05 0.15,0.45 0.45,0.6 0.7,0.4 0.7,0.05; 0.7,0.05 0.72,0.5 0.75,1; 0.2,0.5 0.1,0.75",
    "0.8,0.08 0.4,0.05 0.2,0.25 0.5,0.42 0.3,0.5 0.15,0.75 0.4,0.95 0.7,0.8 0.55,0.6; 0.6,0.85 0.9,1",
    "0.15,0.05 0.05,0.5 0.2,0.9 0.6,0.95 0.9,0.65 0.8,0.35 0.55,0.35 0.5,0.6 0.7,0.65",
    "0.1,0.05 0.5,0.02 0.9,0.05; 0.45,0.05 0.15,0.4 0.2,0.8 0.6,0.98 0.95,0.9",
    "0.9,0.1 0.65,0.0 0.55,0.2 0.8,0.35 0.9,0.1; 0.8,0.35 0.5,0.5 0.2,0.4 0.3,0.15; 0.5,0.5 0.45,0.75 0.65,1",
)

SCRIPTS: Mapping[str, tuple[tuple[Stroke, ...], ...]] = {
    "Bangla": tuple(map(_strokes, _BANGLA)),
    "Devanagari": tuple(map(_strokes, _DEVANAGARI)),
}
"""By a script's name the strokes of its digits, 0 to 9."""

UNLIKE_OURS: Mapping[str, tuple[int, ...]] = {"Bangla": (5, 8), "Devanagari": (6, 8)}
"""By a script's name its digits that look like none of ours in any hand. (A quick Devanagari 1 or 9 is our 9.)"""


def draw_foreign(script: str, digit: int, height: float, pen: float, rng: Generator) -> Ink:
    """Draw a digit of another script.

    Args:
        script: A name of `SCRIPTS`.
        digit: Its value, 0 to 9.
        height: In pixels.
        pen: Width of the line, in pixels.
        rng: Decides how it comes out.
    """
    size = (height * rng.uniform(0.6, 0.85), height * rng.uniform(0.85, 1.0))
    body = draw_strokes(SCRIPTS[script][digit], size, pen, rng, waver=0.03)
    return crop_to_ink(distort(np.pad(body, 3), rng))
