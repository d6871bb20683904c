"""Signs beside the digits of an amount or a date: signs of currencies, letters of a pen, letters of print.

Each function draws one at random and gives its ink: float32, about `height` × its width in pixels, paper 0.0 and ink
1.0, no paper around it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.training.synthesis.marks import crop_to_ink

Ink = NDArray[np.float32]
Stroke = tuple[tuple[float, float], ...]

_CURRENCIES: tuple[tuple[Stroke, ...], ...] = (
    # dollar: an S with one stroke through it, or two
    (
        ((0.9, 0.24), (0.62, 0.12), (0.2, 0.18), (0.12, 0.38), (0.5, 0.5), (0.88, 0.62), (0.8, 0.84), (0.4, 0.9)),
        ((0.4, 0.9), (0.1, 0.78)),
        ((0.5, 0), (0.5, 1)),
    ),
    (
        ((0.9, 0.24), (0.62, 0.1), (0.2, 0.16), (0.12, 0.38), (0.5, 0.5), (0.9, 0.64), (0.8, 0.86), (0.4, 0.9)),
        ((0.4, 0.9), (0.08, 0.76)),
        ((0.42, 0), (0.42, 1)),
        ((0.6, 0), (0.6, 1)),
    ),
    # rupee: two bars, a bow, a slanting leg
    (
        ((0.05, 0.03), (0.95, 0.03)),
        ((0.05, 0.25), (0.95, 0.25)),
        ((0.1, 0.03), (0.5, 0.04), (0.72, 0.2), (0.6, 0.42), (0.1, 0.48)),
        ((0.1, 0.48), (0.72, 1)),
    ),
    # euro
    (
        ((0.95, 0.12), (0.6, 0.02), (0.25, 0.25), (0.2, 0.7), (0.55, 0.98), (0.95, 0.88)),
        ((0, 0.4), (0.7, 0.4)),
        ((0, 0.6), (0.65, 0.6)),
    ),
    # pound
    (
        ((0.85, 0.2), (0.7, 0.02), (0.4, 0.1), (0.35, 0.5), (0.3, 0.85), (0.05, 0.98)),
        ((0.05, 0.98), (0.9, 0.97)),
        ((0.1, 0.52), (0.7, 0.52)),
    ),
)

_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)


def draw_currency(height: int, rng: Generator) -> Ink:
    """Draw a currency's sign, printed or by hand, or letters that stand for it, such as "Rs."."""
    choice = rng.random()
    if choice < 0.15:
        return _put_text(str(rng.choice(("Rs", "Rs.", "INR", "USD", "EUR", "US$"))), height, _FONTS[:5], rng)
    if choice < 0.35:
        return _put_text("$", height, _FONTS[:5], rng)
    strokes = _CURRENCIES[rng.choice(len(_CURRENCIES), p=(0.25, 0.1, 0.4, 0.15, 0.1))]
    width = height * rng.uniform(0.45, 0.75)
    return draw_strokes(strokes, (width, height), height * rng.uniform(0.05, 0.16), rng, waver=0.02)


def draw_currency_of(iso: str, height: int, rng: Generator) -> Ink:
    """Draw the printed sign of one currency: USD, INR, EUR or GBP."""
    at = {"USD": int(rng.integers(2)), "INR": 2, "EUR": 3, "GBP": 4}[iso]
    size = (height * rng.uniform(0.5, 0.7), float(height))
    return draw_strokes(_CURRENCIES[at], size, height * rng.uniform(0.06, 0.14), rng, waver=0.01)


def draw_letters(height: int, pen: float, rng: Generator) -> Ink:
    """Draw letters as a pen writes them: a month, or up to six letters at random; `pen` is its width in pixels."""
    if rng.random() < 0.4:
        months = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec", "October")
        word = str(rng.choice(months))
    else:
        count = int(rng.integers(1, 7))
        word = "".join(rng.choice(list("abcdefghijkmnoprstuvwxyzABCDEFGHKLMNPRTVXY"), size=count))
    body = _put_text(word, height, (*_FONTS[:1], *_FONTS[5:]), rng, pen)
    shear = rng.uniform(-0.1, 0.4)
    matrix = np.array([[1, -shear, max(0.0, shear) * body.shape[0]], [0, 1, 0]])
    if shear < 0:
        matrix[0, 2] = -shear * body.shape[0]
    size = (body.shape[1] + int(abs(shear) * body.shape[0]) + 1, body.shape[0])
    return crop_to_ink(cv2.warpAffine(body, matrix, size).astype(np.float32))


def print_letter(height: int, rng: Generator) -> Ink:
    """Print the letter that tells what belongs in a box of a form: D, M, Y, or another."""
    letter = str(rng.choice(list("DMYYDMABCEFHKLNPRT")))
    return _put_text(letter, height, _FONTS[:5], rng, pen=height * 0.1)


def print_word(word: str, height: int, rng: Generator) -> Ink:
    """Print a word of a form."""
    return _put_text(word, height, _FONTS[:5], rng, pen=height * rng.uniform(0.08, 0.16))


def draw_strokes(
    strokes: tuple[Stroke, ...], size: tuple[float, float], pen: float, rng: Generator, waver: float
) -> Ink:
    """Draw strokes.

    Args:
        strokes: Points, x to the right and y down, both 0 to 1.
        size: Width and height of the drawing, in pixels.
        pen: Width of the line, in pixels.
        rng: Decides everything.
        waver: How far points stray, as a share of the size.
    """
    thick = max(1, round(pen))
    rim = thick + 2
    paper = np.zeros((int(size[1]) + 2 * rim + 1, int(size[0]) + 2 * rim + 1), np.uint8)
    for stroke in strokes:
        points = (np.array(stroke) + rng.normal(0, waver, (len(stroke), 2))) * size + rim
        cv2.polylines(paper, [(points * 16).round().astype(np.int32)], False, 255, thick, cv2.LINE_AA, shift=4)
    return crop_to_ink(paper.astype(np.float32) / np.float32(255))


def _put_text(text: str, height: int, fonts: tuple[int, ...], rng: Generator, pen: float | None = None) -> Ink:
    font = fonts[rng.integers(len(fonts))]
    thick = max(1, round(pen if pen is not None else height * rng.uniform(0.04, 0.16)))
    scale = height / cv2.getTextSize("X", font, 1.0, 1)[0][1]
    (width, tall), base = cv2.getTextSize(text, font, scale, thick)
    paper = np.zeros((tall + base + 2 * thick + 8, width + 2 * thick + 16), np.uint8)
    cv2.putText(paper, text, (thick + 6, tall + thick + 2), font, scale, 255, thick, cv2.LINE_AA)
    return crop_to_ink(paper.astype(np.float32) / np.float32(255))
