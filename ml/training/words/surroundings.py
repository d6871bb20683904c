"""What else a strip shows that was cut around an amount in words: rules, print, strokes, and the lines next to it.

Layers are ink as in `ml.training.words.writing`, and are drawn on in place.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from ml.training.words.fonts import HandFont
from ml.training.words.texts import label, line_text
from ml.training.words.writing import ABOVE, Hand, Ink, Piece, X, line_of

BEFORE = ("Rupees", "RUPEES", "Rs.", "Rupees in words", "the sum of", "Pay", "In words", "Amount", "Rupees")
BEHIND = ("Dollars", "DOLLARS", "dollars", "Only", "Dollars", "Rupees")
"""Words that forms print before and behind an amount."""

_SMALL = ("OR BEARER", "या धारक को", "Date", "Security features included", "VOID", "Details on back", "A/c No.", "रुपये")
_TINY = ("SECURE ", "CHEQUE ", "BANK ", "ORIGINAL DOCUMENT ", "PAY ")


def printed(text: str, face: HandFont, size: float, cut: int) -> Piece:
    """Print a text; its first `cut` letters stand beyond the strip's edge, but for a rest of the last of them.

    Args:
        text: What is printed.
        face: In which typeface.
        size: Height of an x, in heights of the hand's x.
        cut: Letters that are cut off.
    """
    hand = Hand((face,), apart=False, gap=0, space=0.5, jitter=0, pen=0, fractions="font", scribe=None)
    piece = hand.write(text, np.random.default_rng(0))
    lost = round(face.at(X).getlength(text[:cut]) * size)
    wide = round(piece.ink.shape[1] * size)
    matrix = np.array([[size, 0, 0], [0, size, ABOVE * (1 - size)]])
    ink = cv2.warpAffine(piece.ink, matrix, (wide, piece.ink.shape[0]), flags=cv2.INTER_AREA).astype(np.float32)
    left = round(piece.left * size)
    if cut:
        gone = left + lost - round(0.15 * X * size)
        return Piece(ink[:, gone:], 0, max(2, round(piece.advance * size) - lost), label(text[cut:]))
    return Piece(ink, left, round(piece.advance * size), label(text))


def add_rules(layer: Ink, rng: Generator) -> None:
    """Print the rule to write on: solid, dotted or dashed, through or below the letters' feet; some have another."""
    width = layer.shape[1]
    rows = [ABOVE + rng.uniform(-0.1, 1.1) * X] if rng.random() < 0.75 else []
    rows += [ABOVE - rng.uniform(2.2, 4.5) * X] if rng.random() < 0.15 else []
    rows += [ABOVE + rng.uniform(1.2, 3.0) * X] if rng.random() < 0.15 else []
    for row in rows:
        thick, dark = int(rng.choice((1, 1, 1, 2))), rng.uniform(0.4, 1.0)
        first, tilt = round(rng.choice((0.0, rng.uniform(0, 0.2))) * width), rng.normal(0, 0.08) * X
        line = np.zeros_like(layer)
        cv2.line(line, (first, round(row + tilt)), (width - 1, round(row - tilt)), float(dark), thick, cv2.LINE_AA)
        style = rng.random()
        if style < 0.55:
            pitch = rng.uniform(0.12, 0.9) * X
            line *= (np.arange(width) % pitch < pitch * rng.uniform(0.3, 0.75)).astype(np.float32)
        np.maximum(layer, line, out=layer)


def add_print(layer: Ink, face: HandFont, rng: Generator) -> None:
    """Print small words above or below the writing, a corner's bracket, a wall."""
    height, width = layer.shape
    if rng.random() < 0.25:
        text, size = str(rng.choice(_SMALL)), X * rng.uniform(0.3, 0.75)
        foot = ABOVE + X * float(rng.choice((rng.uniform(-4.5, -2.2), rng.uniform(1.3, 2.6))))
        _print_text(layer, text, face, size, (rng.uniform(-0.05, 0.9) * width, foot))
    if rng.random() < 0.12:
        corner = (round(width - rng.uniform(0.2, 2) * X), round(ABOVE + rng.uniform(-1, 1) * X))
        cv2.line(layer, corner, (corner[0], height), 0.8, 1)
        cv2.line(layer, corner, (width, corner[1]), 0.8, 1)
    if rng.random() < 0.05:
        column = round(rng.choice((rng.uniform(0, 0.03), rng.uniform(0.97, 1))) * width)
        cv2.line(layer, (column, 0), (column, height), 0.9, int(rng.integers(1, 4)))


def microprint(shape: tuple[int, int], face: HandFont, rng: Generator) -> Ink:
    """Rows of tiny words all over, as banks print them: ink, to be laid under all else, pale."""
    layer: Ink = np.zeros(shape, np.float32)
    size, word = X * rng.uniform(0.18, 0.6), str(rng.choice(_TINY))
    pitch, at = X * rng.uniform(0.6, 2.2), -rng.uniform(0, 2) * X
    many = max(2, round(shape[1] / max(1.0, face.at(size).getlength(word))) + 2)
    while at < shape[0] + X:
        _print_text(layer, word * many, face, size, (-rng.uniform(0, 3) * X, at))
        at += pitch
    return layer


def _print_text(layer: Ink, text: str, face: HandFont, size: float, place: tuple[float, float]) -> None:
    paper = Image.new("L", layer.shape[::-1], 0)
    ImageDraw.Draw(paper).text(place, text, font=face.at(size), fill=255, anchor="ls")
    np.maximum(layer, np.asarray(paper, np.float32) / np.float32(255), out=layer)


def add_strokes(layer: Ink, end: int, hand: Hand, rng: Generator) -> None:
    """Draw what people put behind an amount so that nothing is added: a long stroke, a wave, two strokes.

    The network is to name none of them.
    """
    width, pen = layer.shape[1], max(1, round((hand.pen or hand.fonts[0].pen) * X))
    start = end + round(X * rng.uniform(0.3, 1.5))
    stop = min(width - 1, start + round(X * rng.uniform(3, 14)))
    row = ABOVE - X * rng.uniform(0.1, 0.9)
    kind = rng.random()
    across = np.linspace(start, stop, 40)
    if kind < 0.35:
        tilt = rng.normal(0, 0.03)
        curves = [row + tilt * (across - start) + rng.normal(0, 0.05) * X * np.sin(across / (3 * X))]
    elif kind < 0.6:
        curves = [row + X * rng.uniform(0.1, 0.45) * np.sin((across - start) / (X * rng.uniform(0.25, 1.0)))]
    else:
        curves = [row + 0 * across, row + X * rng.uniform(0.25, 0.6) + rng.normal(0, 0.02) * (across - start)]
    for curve in curves:
        points = (np.stack([across, curve], axis=1) * 16).round().astype(np.int32)
        cv2.polylines(layer, [points], False, 1.0, pen, cv2.LINE_AA, shift=4)


def add_neighbours(layer: Ink, hand: Hand, rng: Generator) -> None:
    """Write on the lines above and below: their descenders and ascenders reach into the strip."""
    for likely, offset in ((0.35, -rng.uniform(2.9, 5.0)), (0.2, rng.uniform(2.9, 4.6))):
        if rng.random() < likely:
            words = line_text(rng).split()[:5]
            pieces = [hand.write(word, rng) for word in words]
            ink, _ = line_of(pieces, [X * rng.uniform(0.5, 3) for _ in pieces], X)
            shift = np.array([[1, 0, rng.uniform(-0.2, 0.7) * layer.shape[1]], [0, 1, offset * X]])
            moved = cv2.warpAffine(ink, shift, layer.shape[::-1]).astype(np.float32)
            np.maximum(layer, moved, out=layer)
