"""Lines with amounts in words as people write them on cheques, composed without end: the network of words learns them.

Fonts, real digits and a seed go in. A line leaves as the network looks at it, with its text. Everything follows from
the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME, as_line
from ml.reading.recognisers.line_network import WIDEST_WORDS, WORDS_HEIGHT
from ml.training.fields.digits import Writers
from ml.training.synthesis.elastic import distort
from ml.training.synthesis.paper import random_paper, scan_page
from ml.training.words.fonts import HandFont
from ml.training.words.surroundings import (
    BEFORE,
    BEHIND,
    add_neighbours,
    add_print,
    add_rules,
    add_strokes,
    microprint,
    printed,
)
from ml.training.words.texts import line_text
from ml.training.words.writing import ABOVE, Hand, Ink, Piece, X, line_of

_TYPED = 0.07
"""Share of lines that are printed, as some cheques are."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What lines are composed of.

    Attributes:
        fonts: Of handwriting.
        faces: Typefaces.
        writers: Real digits.
    """

    fonts: Sequence[HandFont]
    faces: Sequence[HandFont]
    writers: Writers


@dataclass(frozen=True, slots=True, eq=False)
class WordLine:
    """A line with its text, packed.

    Attributes:
        pixels: uint8, 48 × width: -0.5 to 1.2 as 0 to 255.
        text: Its signs in order, case folded, no spaces.
    """

    pixels: NDArray[np.uint8]
    text: str

    @classmethod
    def of(cls, grey: NDArray[np.uint8], text: str) -> WordLine:
        """Prepare a strip, uint8, height × width, as the reader does, and pack it."""
        line = as_line(grey, WORDS_HEIGHT, WIDEST_WORDS)
        return cls(((line + 0.5) * (255 / 1.7)).round().astype(np.uint8), text)

    def unpacked(self) -> NDArray[np.float32]:
        """float32, 48 × width, paper 0.0 and ink 1.0."""
        return self.pixels.astype(np.float32) * np.float32(1.7 / 255) - np.float32(0.5)


def compose_lines(sources: Sources, count: int, seed: int, *, clean: bool = False) -> Iterator[WordLine]:
    """Compose lines.

    Args:
        sources: Fonts, typefaces and digits.
        count: How many.
        seed: Decides everything.
        clean: Whether they are as easy as can be: whole amounts on plain paper, nothing around them.
    """
    number = done = 0
    while done < count:
        line = compose_line(sources, np.random.default_rng((seed, number)), clean=clean)
        number += 1
        if _has_room(line):
            done += 1
            yield line


def _has_room(line: WordLine) -> bool:
    """Whether a line has a frame for each sign, and one more between two signs that are the same."""
    repeats = sum(sign == following for sign, following in pairwise(line.text))
    return bool(line.text) and line.pixels.shape[1] // FRAME > len(line.text) + repeats


def compose_line(sources: Sources, rng: Generator, *, clean: bool = False) -> WordLine:
    """Compose one line; see `compose_lines`."""
    by_machine = not clean and rng.random() < _TYPED
    hand = Hand.random(list(sources.faces if by_machine else sources.fonts), sources.writers, rng)
    if by_machine:
        hand = replace(hand, pen=0.0, jitter=0.0, fractions="font", scribe=None)
    face = sources.faces[int(rng.integers(len(sources.faces)))]
    pieces = [hand.write(word, rng) for word in _words(rng)]
    before = behind = None
    if not clean:
        before = _print_before(face, rng) if rng.random() < 0.25 else None
        behind = printed(str(rng.choice(BEHIND)), face, rng.uniform(0.5, 1.1), 0) if rng.random() < 0.12 else None
    ink, form, text, ends = _laid_out(pieces, before, behind, hand, rng)
    if not clean:
        if behind is None and rng.random() < 0.12:
            add_strokes(ink, ends[1], hand, rng)
        add_neighbours(ink, hand, rng)
        add_rules(form, rng)
        add_print(form, face, rng)
    if not by_machine:
        ink = moved(ink, rng)
    grey = _scanned(ink, form, face, rng, clean=clean)
    return WordLine.of(grey, text)


def _words(rng: Generator) -> list[str]:
    """The words of a line, or of a part of one: parts are cheaper to learn from, and as good."""
    words = line_text(rng).split()
    most = int(rng.choice((2, 3, 4, 5, 12)))
    if len(words) <= most:
        return words
    start = int(rng.integers(0, len(words) - most + 1))
    return words[start : start + most]


def _print_before(face: HandFont, rng: Generator) -> Piece:
    text = str(rng.choice(BEFORE))
    cut = int(rng.integers(1, len(text) // 2 + 1)) if rng.random() < 0.35 else 0
    return printed(text, face, rng.uniform(0.45, 1.0), cut)


def _laid_out(
    pieces: list[Piece], before: Piece | None, behind: Piece | None, hand: Hand, rng: Generator
) -> tuple[Ink, Ink, str, tuple[int, int]]:
    """Words in their order, print on a layer of its own, and paper left and right.

    Returns:
        What the pen wrote, what the form printed, the text, and where the writing begins and ends.
    """
    spaces = [max(0.1, hand.space * rng.uniform(0.75, 1.25)) * X for _ in pieces]
    printed_ones = [piece for piece in (before, behind) if piece is not None]
    ordered = [*([before] if before else []), *pieces, *([behind] if behind else [])]
    gaps = [*([X * rng.uniform(0.4, 5)] if before else []), *spaces[:-1], X * rng.uniform(0.5, 3), 0.0][: len(ordered)]
    margin = 4 * X
    ink, places = line_of([_blank(p) if p in printed_ones else p for p in ordered], gaps, margin)
    form, _ = line_of([p if p in printed_ones else _blank(p) for p in ordered], gaps, margin)
    first = margin if before is not None and before.left == 0 else round(margin - X * rng.uniform(0.1, 3))
    last = round(places[-1][1] + X * float(rng.choice((rng.uniform(0.1, 1.0), rng.uniform(0.5, 4)))))
    if rng.random() < 0.1:  # much empty paper behind
        more = round(X * rng.uniform(2, 14))
        ink, form = (np.pad(layer, ((0, 0), (0, more))) for layer in (ink, form))
        last += more
    text = "".join(piece.text for piece in ordered)
    begins, ends = places[1 if before else 0][0], places[-2 if behind else -1][1]
    return ink[:, first:last].copy(), form[:, first:last].copy(), text, (begins - first, ends - first)


def _blank(piece: Piece) -> Piece:
    return replace(piece, ink=np.zeros_like(piece.ink))


def moved(ink: Ink, rng: Generator) -> Ink:
    """Slant the writing, let its base line climb or fall, and bend its strokes."""
    height, width = ink.shape
    slant = rng.normal(0, 0.16)
    slope = float(np.clip(rng.normal(0, 0.014), -0.9 * X / width, 0.9 * X / width))
    matrix = np.array([[1, -slant, slant * ABOVE], [slope, 1, -slope * width / 2]])
    moved = cv2.warpAffine(ink, matrix, (width, height)).astype(np.float32)
    return distort(moved, rng) if rng.random() < 0.6 else moved


def _scanned(ink: Ink, form: Ink, face: HandFont, rng: Generator, *, clean: bool) -> NDArray[np.uint8]:
    """Cut the strip, often too close or too far, put it on paper, and scan it: uint8, height × width."""
    above = X * (rng.uniform(2.4, 3.2) if clean else rng.uniform(1.4, 3.9))
    below = X * (rng.uniform(0.9, 1.4) if clean else rng.uniform(0.15, 1.9))
    top, bottom = round(ABOVE - above), round(ABOVE + below)
    ink, form = ink[top:bottom], form[top:bottom]
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 0.8))
    uneven = rng.random((4, max(2, ink.shape[1] // X)), np.float32)
    cover = soft * (1 - rng.uniform(0, 0.55) * cv2.resize(uneven, ink.shape[::-1]))
    if clean or rng.random() < 0.4:
        paper = np.full(ink.shape, rng.uniform(170, 250), np.float32)
    else:
        paper = random_paper(ink.shape[0], ink.shape[1], 2.0 * X, rng)
        if rng.random() < 0.12:
            paper -= rng.uniform(8, 60) * microprint(ink.shape, face, rng)
    usual = float(np.median(paper))
    page = paper * (1 - form) + np.minimum(paper, rng.uniform(10, 0.75 * usual)) * form
    page = page * (1 - cover) + np.minimum(page, rng.uniform(10, 0.64 * usual)) * cover
    scale = min(1.0, float(np.exp(rng.uniform(np.log(8), np.log(30)))) / X)
    stretch = float(np.exp(rng.uniform(np.log(0.75), np.log(1.6))))
    size = max(24, round(page.shape[1] * scale * stretch)), max(12, round(page.shape[0] * scale))
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    if not clean and rng.random() < 0.1:
        small = _screened(small, rng)
    grey = np.clip(small, 0, 255).astype(np.uint8) if clean else scan_page(small, rng)
    return (255 - grey) if rng.random() < 0.02 else grey


def _screened(page: Ink, rng: Generator) -> Ink:
    """Print the paper as a screen of fine dots, dark ones, as a black and white copy does."""
    down, across = np.mgrid[0 : page.shape[0], 0 : page.shape[1]].astype(np.float32)
    pitch = rng.uniform(2, 5)
    dots = np.sin((across + down) * np.pi / pitch) * np.sin((across - down) * np.pi / pitch)
    screened: Ink = page - rng.uniform(20, 110) * (dots > rng.uniform(-0.2, 0.6))
    return screened
