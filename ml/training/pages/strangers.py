"""What people write and print beside numbers: words, initials, signatures, ditto marks, logos, another script's digits.

None of it may pass as a number. Numbers stand between it where a page says so.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from ml.training.fields.digits import Writers, slant
from ml.training.pages.numbers import any_digits, digit_height, digits, finished, page_size
from ml.training.pages.page import DrawnPage
from ml.training.pages.scan import Scan
from ml.training.pages.scribe import Scribe, resized
from ml.training.pages.sheet import Ink, Sheet
from ml.training.synthesis.elastic import distort
from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.scripts import SCRIPTS, UNLIKE_OURS, draw_foreign
from ml.training.synthesis.signs import Stroke, draw_strokes, print_word

_WORDS = (
    "Absent", "Anna", "Total", "March", "Smith", "kg", "Rahman", "paid", "Nil", "ok", "Mr", "Sum", "per", "Hours",
)  # fmt: skip
_INITIALS = "ABCDEFGHIJKLMNOPRSTUVWYZ", "AEFHKMNPRTUVWXY"
"""The first of two initials may look like a digit; the second cannot."""

_SERIFS: dict[str, tuple[Stroke, ...]] = {
    "I": (((0.5, 0), (0.5, 1)), ((0.15, 0), (0.85, 0)), ((0.15, 1), (0.85, 1))),
    "V": (((0, 0), (0.5, 1)), ((0.5, 1), (1, 0))),
    "X": (((0, 0), (1, 1)), ((1, 0), (0, 1))),
}
_ROMAN = ("II", "III", "IV", "VI", "VII", "IX", "XI", "XII", "XX")


def letters(writers: Writers, rng: Generator) -> DrawnPage:
    """Words, initials, signatures, ditto marks, roman numerals and logos; on half of the pages numbers besides."""
    height = float(np.clip(digit_height(rng), 16, 60))
    sheet = Sheet(*page_size(height, rng))
    scribe = Scribe.random(writers, height, rng)
    share = float(rng.choice((0.0, 0.45)))
    top = height * rng.uniform(0.8, 1.5)
    while top + 2 * height < sheet.height:
        _write_row(sheet, scribe, top, share, rng)
        top += height * rng.uniform(2.4, 3.2)
    return finished("letters", sheet, Scan.random(rng), rng)


def _write_row(sheet: Sheet, scribe: Scribe, top: float, share: float, rng: Generator) -> None:
    """Write one to three things in a row, `share` of them numbers."""
    at = scribe.height * rng.uniform(0.8, 2)
    for _ in range(int(rng.integers(1, 4))):
        value = any_digits(rng) if rng.random() < share else ""
        body = scribe.write(value, rng) if value else _STRANGERS[rng.choice(6, p=_SHARES)](scribe, rng)
        if at + body.shape[1] + 0.6 * scribe.height > sheet.width:
            return
        sheet.write(body, at, top + max(0.0, 1.15 * scribe.height - body.shape[0]), value)
        at += body.shape[1] + scribe.height * rng.uniform(2, 3.5)


def _word(scribe: Scribe, rng: Generator) -> Ink:
    return by_hand(str(rng.choice(_WORDS)), scribe, rng)


def _initials(scribe: Scribe, rng: Generator) -> Ink:
    text = "".join(str(rng.choice(list(letters_))) for letters_ in _INITIALS)
    return by_hand(text, scribe, rng)


def by_hand(text: str, scribe: Scribe, rng: Generator) -> Ink:
    """Letters bent and slanted as a hand does it."""
    body = np.pad(print_word(text, round(scribe.height * rng.uniform(0.7, 1.0)), rng), 4)
    return slant(distort(body, rng), float(rng.uniform(-0.1, 0.4)), float(rng.normal(0, 0.04)))


def _signature(scribe: Scribe, rng: Generator) -> Ink:
    """A line that loops along, its loops growing smaller, with a stroke beneath."""
    tall, wide = scribe.height * rng.uniform(1.0, 1.6), scribe.height * rng.uniform(3, 6)
    t = np.linspace(0, 1, 160)
    loops = rng.uniform(4, 11)
    fade = np.interp(t, (0, rng.uniform(0.1, 0.4), 1), (1, rng.uniform(0.3, 0.9), rng.uniform(0.1, 0.3)))
    x = t + rng.uniform(0.03, 0.08) * np.sin(2 * np.pi * loops * t + rng.uniform(0, 6))
    y = 0.5 + 0.4 * fade * np.sin(2 * np.pi * loops * t) + 0.1 * np.sin(2 * np.pi * loops * 0.37 * t)
    line = tuple(zip(x.tolist(), y.tolist(), strict=True))
    beneath: tuple[Stroke, ...] = (((0.1, 1.0), (1.0, 0.9)),) if rng.random() < 0.4 else ()
    return draw_strokes((line, *beneath), (wide, tall), _pen(scribe), rng, waver=0.003)


def _ditto(scribe: Scribe, rng: Generator) -> Ink:
    """Two short strokes that say "as above"."""
    lean = rng.uniform(0, 0.3)
    strokes: tuple[Stroke, ...] = (((lean, 0), (0, 1)), ((0.6 + lean, 0), (0.6, 1)))
    size = scribe.height * rng.uniform(0.25, 0.4)
    body = draw_strokes(strokes, (size, size), _pen(scribe), rng, waver=0.05)
    return np.pad(body, ((0, round(0.5 * scribe.height)), (0, 0)))


def _roman(scribe: Scribe, rng: Generator) -> Ink:
    """A roman numeral, each I with both its serifs: without them nobody could tell it from a 1."""
    bodies = [
        draw_strokes(
            _SERIFS[sign], (scribe.height * (0.4 if sign == "I" else 0.65), scribe.height), _pen(scribe), rng, 0.03
        )
        for sign in str(rng.choice(_ROMAN))
    ]
    tall = max(body.shape[0] for body in bodies)
    gap = round(scribe.height * rng.uniform(0.0, 0.15))
    return np.hstack([np.pad(body, ((0, tall - body.shape[0]), (0, gap))) for body in bodies])


def _logo(scribe: Scribe, rng: Generator) -> Ink:
    """A ring, a star or bars as a firm prints them."""
    side = round(scribe.height * rng.uniform(1.2, 1.8))
    logo = np.zeros((side + 4, side + 4), np.uint8)
    middle, thick = (side // 2 + 2, side // 2 + 2), max(2, side // int(rng.integers(6, 14)))
    kind = rng.integers(3)
    if kind == 0:
        cv2.circle(logo, middle, side // 2 - thick, 255, thick, cv2.LINE_AA)
        cv2.line(logo, (thick, middle[1]), (side - thick, middle[1] - side // 5), 255, thick, cv2.LINE_AA)
    elif kind == 1:
        turns = np.arange(0, 11) * np.pi / 5 + rng.uniform(0, 1)
        radius = np.where(np.arange(11) % 2 == 0, 0.5, 0.22) * side
        star = np.stack([middle[0] + radius * np.cos(turns), middle[1] + radius * np.sin(turns)], axis=1)
        cv2.fillPoly(logo, [star.round().astype(np.int32)], 255, cv2.LINE_AA)
    else:
        for bar in range(3):
            corner = (2 + bar * side // 3, 2 + (2 - bar) * side // 4)
            cv2.rectangle(logo, corner, (corner[0] + side // 5, side), 255, -1)
    return crop_to_ink(logo.astype(np.float32) / np.float32(255))


def _pen(scribe: Scribe) -> float:
    """The width of a scribe's line, in pixels of the page."""
    return max(1.0, scribe.height * scribe.pen.hand.pen * 0.9)


_STRANGERS: tuple[Callable[[Scribe, Generator], Ink], ...] = (_word, _initials, _signature, _ditto, _roman, _logo)
_SHARES = (0.25, 0.2, 0.2, 0.12, 0.13, 0.1)


def another_script(writers: Writers, rng: Generator) -> DrawnPage:
    """Numbers in Bangla or Devanagari digits, drawn by strokes: nothing may pass as one of ours."""
    height = float(np.clip(digit_height(rng), 16, 60))
    script, pen = str(rng.choice(list(SCRIPTS))), _pen(Scribe.random(writers, height, rng))
    return _foreign_page(script, height, lambda digit: draw_foreign(script, digit, height, pen, rng), rng)


def another_script_by_hand(script: str, hands: Writers, rng: Generator) -> DrawnPage:
    """The same in real hands.

    Args:
        script: A name of `ml.training.synthesis.scripts.SCRIPTS`.
        hands: That script's digits.
        rng: Decides everything.
    """
    height = float(np.clip(digit_height(rng), 16, 60))

    def write(digit: int) -> Ink:
        body = hands.sample(digit, rng)
        return resized(body, height * rng.uniform(0.85, 1.0) / max(body.shape))

    return _foreign_page(script, height, write, rng)


def _foreign_page(script: str, height: float, write: Callable[[int], Ink], rng: Generator) -> DrawnPage:
    """Rows of numbers of another script, their digits `height` pixels high; `write` writes one of them."""
    sheet = Sheet(*page_size(height, rng))
    top = height * rng.uniform(0.8, 1.5)
    while top + 1.6 * height < sheet.height:
        body = _foreign_number(digits(int(rng.integers(3, 8)), rng), script, height, write, rng)
        if body.shape[1] + height < sheet.width:
            sheet.write(body, rng.uniform(0.5 * height, sheet.width - body.shape[1] - 0.5 * height), top)
        top += height * rng.uniform(1.9, 2.8)
    return finished("another script", sheet, Scan.random(rng), rng)


def _foreign_number(text: str, script: str, height: float, write: Callable[[int], Ink], rng: Generator) -> Ink:
    """A number of another script; at least two of its digits look like none of ours."""
    signs = [int(sign) for sign in text]
    for place in rng.choice(len(signs), 2, replace=False):
        signs[place] = int(rng.choice(UNLIKE_OURS[script]))
    gap = round(height * rng.uniform(0.12, 0.3))
    bodies = [write(sign) for sign in signs]
    tall = max(body.shape[0] for body in bodies)
    return np.hstack([np.pad(body, ((tall - body.shape[0], 0), (0, gap))) for body in bodies])
