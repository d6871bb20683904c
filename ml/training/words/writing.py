"""One person's way to write words, in a font that looks like handwriting: texts in, pieces of ink out.

Ink is float32, height × width, paper 0.0 and ink 1.0. All is drawn with an x of `X` pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ml.training.fields.digits import Writers
from ml.training.pages.scribe import Scribe
from ml.training.words.fonts import HandFont
from ml.training.words.texts import label

Ink = NDArray[np.float32]

X = 18
"""Height of an x on the sheet, in pixels."""

ABOVE, BELOW = 5 * X, 4 * X
"""Room for a piece above and below its base line: some fonts' capitals reach far."""

_FORMAL, _SELDOM = 0.4, 0.4
"""A font in which an x is lower than this share of an em is a formal script, and is so much less often written in:
people's letters are plainer and higher."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SIDE = 2 * X
"""Paper left and right of a piece while it is drawn: letters reach beyond their widths."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A word, drawn.

    Attributes:
        ink: float32, (ABOVE + BELOW) × width; the base line is row `ABOVE`.
        left: Columns of the ink that reach to the left of where the word begins.
        advance: Columns from where the word begins to where it ends.
        text: What the network is to name.
    """

    ink: Ink
    left: int
    advance: int
    text: str


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's way to write words.

    Attributes:
        fonts: The font; of some hands that write letters one by one several, so that there are more hands than fonts.
        apart: Whether letters are written one by one; else a word in one go, joined as the font joins.
        gap: More room between letters, in heights of an x.
        space: Room between words, in heights of an x.
        jitter: How far letters stray from the base line, in heights of an x.
        pen: Width of the strokes, in heights of an x; 0: as the font has it.
        fractions: How this person writes fractions: "font", "digits", "stacked" or "raised".
        scribe: Who writes the digits, where a font does not.
    """

    fonts: tuple[HandFont, ...]
    apart: bool
    gap: float
    space: float
    jitter: float
    pen: float
    fractions: str
    scribe: Scribe | None = field(repr=False)

    @classmethod
    def random(cls, fonts: list[HandFont], writers: Writers, rng: Generator) -> Hand:
        """A hand at random: its font, its spacing, its pen, and how it writes fractions."""
        apart = rng.random() < 0.5
        fractions = str(rng.choice(("font", "digits", "stacked", "raised"), p=(0.5, 0.25, 0.13, 0.12)))
        count = 3 if apart and len(fonts) > 2 and rng.random() < 0.4 else 1
        weights = np.array([_SELDOM if font.x_height < _FORMAL else 1.0 for font in fonts])
        return cls(
            fonts=tuple(fonts[at] for at in rng.choice(len(fonts), count, replace=False, p=weights / weights.sum())),
            apart=apart,
            gap=float(rng.choice((rng.normal(0, 0.06), rng.uniform(0, 0.55)))) if apart else 0.0,
            space=float(rng.choice((rng.uniform(0.35, 1.2), rng.uniform(0.8, 3.0)), p=(0.65, 0.35))),
            jitter=float(rng.choice((0.02, rng.uniform(0.03, 0.14)))),
            pen=float(rng.uniform(0.08, 0.26)),
            fractions=fractions,
            scribe=Scribe.random(writers, X * rng.uniform(1.3, 2.0), rng) if fractions != "font" else None,
        )

    def write(self, word: str, rng: Generator) -> Piece:
        """Write a word, a fraction, or an amount's closing "/-"."""
        cents, slash, whole = word.partition("/")
        if slash and cents.isalnum() and whole and self.fractions in ("stacked", "raised"):
            return self._fraction(cents, whole, rng)
        if self.scribe is not None and word[:1].isdigit() and set(word) <= set("0123456789/-"):
            return _standing(self.scribe.write(word, rng), label(word), rng)
        return self._in_font(word, rng)

    def _in_font(self, word: str, rng: Generator) -> Piece:
        high = X * rng.uniform(0.93, 1.07)
        # Each letter has one font: a person writes it in one way.
        fonts = [self.fonts[ord(sign) % len(self.fonts)].at(high) for sign in word]
        widths = [
            font.getlength(sign) + (self.gap + rng.normal(0, 0.05)) * X for font, sign in zip(fonts, word, strict=True)
        ]
        length = sum(widths) if self.apart else fonts[0].getlength(word)
        paper = Image.new("L", (round(length) + 2 * _SIDE, ABOVE + BELOW), 0)
        draw, at = ImageDraw.Draw(paper), float(_SIDE)
        if self.apart:
            for sign, font, width in zip(word, fonts, widths, strict=True):
                draw.text((at, ABOVE + rng.normal(0, self.jitter) * X), sign, font=font, fill=255, anchor="ls")
                at += width
        else:
            draw.text((at, ABOVE), word, font=fonts[0], fill=255, anchor="ls")
        ink = np.asarray(paper, np.float32) / np.float32(255)
        return Piece(self._with_pen(ink), _SIDE, max(2, round(length)), label(word))

    def _with_pen(self, ink: Ink) -> Ink:
        """The same strokes with this hand's pen; at most two fifths thinner than the font's."""
        if not self.pen:
            return ink
        own = float(np.mean([font.pen for font in self.fonts]))
        change = (max(self.pen, 0.62 * own) - own) * X / 2  # on either side of a stroke, in pixels
        while abs(change) > 0.05:
            share = min(1.0, abs(change))
            moved = cv2.dilate(ink, _CROSS) if change > 0 else cv2.erode(ink, _CROSS)
            ink = ((1 - share) * ink + share * moved).astype(np.float32)
            change -= np.sign(change) * share
        return ink

    def _part(self, text: str, rng: Generator) -> Ink:
        """A part of a fraction, small, without paper around it."""
        if self.scribe is not None and text.isdigit():
            body = self.scribe.write(text, rng)
        else:
            body = _cropped(self._in_font(text, rng).ink)
        scale = X * rng.uniform(0.8, 1.25) / max(6, body.shape[0])
        size = max(2, round(body.shape[1] * scale)), max(2, round(body.shape[0] * scale))
        return cv2.resize(body, size, interpolation=cv2.INTER_AREA).astype(np.float32)

    def _fraction(self, cents: str, whole: str, rng: Generator) -> Piece:
        """Cents over their whole: one above the other with a stroke between, or raised with a slash."""
        upper, lower = self._part(cents, rng), self._part(whole, rng)
        pen = max(1, round((self.pen or self.fonts[0].pen) * X * 0.9))
        if self.fractions == "stacked":
            wide = max(upper.shape[1], lower.shape[1]) + X // 2
            ink: Ink = np.zeros((upper.shape[0] + lower.shape[0] + X // 2 + pen, wide), np.float32)
            bar = upper.shape[0] + X // 4
            _lay(ink, upper, (wide - upper.shape[1]) // 2, 0)
            _lay(ink, lower, (wide - lower.shape[1]) // 2, bar + pen + X // 6)
            tilt = round(rng.normal(0, 0.12) * X)
            cv2.line(ink, (0, bar + tilt), (wide - 1, bar - tilt), 1.0, pen, cv2.LINE_AA)
            foot = round(ABOVE + X * rng.uniform(0.2, 0.9))
        else:
            lean, drop = round(X * rng.uniform(0.3, 1.0)), round(X * rng.uniform(0.2, 0.9))
            wide = upper.shape[1] + lean + lower.shape[1] + X // 4
            ink = np.zeros((max(upper.shape[0], lower.shape[0]) + drop + X // 3, wide), np.float32)
            _lay(ink, upper, 0, 0)
            _lay(ink, lower, wide - lower.shape[1], ink.shape[0] - lower.shape[0])
            foot_x = upper.shape[1] + X // 8 - lean // 4
            cv2.line(ink, (foot_x, ink.shape[0] - 1), (foot_x + lean, 0), 1.0, pen, cv2.LINE_AA)
            foot = round(ABOVE + X * rng.uniform(-0.1, 0.2))
        return _standing(ink, label(f"{cents}/{whole}"), rng, foot)


def _cropped(ink: Ink) -> Ink:
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.2), np.flatnonzero(ink.max(axis=0) > 0.2)
    if not len(rows):
        return ink[:2, :2]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _standing(body: Ink, text: str, rng: Generator, foot: int | None = None) -> Piece:
    """A drawing as a piece: it stands on the base line, or on the row `foot`."""
    bottom = foot if foot is not None else round(ABOVE + rng.normal(0, 0.1) * X)
    body = body[-min(bottom, body.shape[0]) :]
    ink: Ink = np.zeros((ABOVE + BELOW, body.shape[1]), np.float32)
    _lay(ink, body, 0, bottom - body.shape[0])
    return Piece(ink, 0, body.shape[1] + round(0.1 * X), text)


def _lay(sheet: Ink, body: Ink, left: int, top: int) -> None:
    """Lay ink over a sheet; what reaches beyond it is cut."""
    area = sheet[max(0, top) : max(0, top + body.shape[0]), max(0, left) : max(0, left + body.shape[1])]
    seen = body[max(0, -top) :, max(0, -left) :][: area.shape[0], : area.shape[1]]
    np.maximum(area, seen, out=area)


def line_of(pieces: list[Piece], spaces: list[float], margin: int) -> tuple[Ink, list[tuple[int, int]]]:
    """Pieces one after the other.

    Args:
        pieces: Words.
        spaces: Room behind each, in pixels.
        margin: Paper before the first word and behind the last, in pixels.

    Returns:
        Ink, float32, (ABOVE + BELOW) × width.
        Where each piece begins and ends, in columns.
    """
    width = round(2 * margin + sum(piece.advance for piece in pieces) + sum(spaces))
    ink: Ink = np.zeros((ABOVE + BELOW, width), np.float32)
    at, places = float(margin), []
    for piece, space in zip(pieces, spaces, strict=True):
        _lay(ink, piece.ink, round(at) - piece.left, 0)
        places.append((round(at), round(at) + piece.advance))
        at += piece.advance + space
    return ink, places
