"""Numbers as presses and printers leave them: a text in, ink in one of the machine's typefaces out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.signs import print_word

_LIKE_WRITING = ("script", "hand", "chancery", "comic", "symbol", "emoji", "music", "fontin", "play")
"""Typefaces that look as if a person wrote, or have no digits."""

_STROKED = 0.12
"""Share of numbers that are printed with strokes of one width, as plotters and old terminals do."""

_HELD_OUT_EVERY = 5
"""One of so many families of typefaces is held out."""


@cache
def typefaces() -> tuple[str, ...]:
    """The files of all typefaces that are installed here, without those that look like handwriting; sorted by name.

    Raises:
        RuntimeError: There is none, or no fontconfig to ask for them.
    """
    command = shutil.which("fc-list")
    if command is None:
        raise RuntimeError("fc-list is missing: install fontconfig and some typefaces.")
    listed = subprocess.run([command, ":", "file"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    files = sorted({line.rstrip().rstrip(":") for line in listed.splitlines()}, key=lambda file: Path(file).name)
    kept = [file for file in files if file.endswith((".ttf", ".otf")) and _has_digits(file)]
    if not kept:
        raise RuntimeError("No typeface is installed.")
    return tuple(kept)


def split_faces(faces: Sequence[str], every: int = _HELD_OUT_EVERY) -> tuple[list[str], list[str]]:
    """Typefaces to train with, and held-out ones: whole families, told by how a file's name begins."""
    held_out = set(sorted({_family(face) for face in faces})[::every])
    return [face for face in faces if _family(face) not in held_out], [f for f in faces if _family(f) in held_out]


def _family(face: str) -> str:
    return Path(face).stem.split("-")[0].lower()[:6]


def _has_digits(file: str) -> bool:
    name = Path(file).stem.lower()
    if any(word in name for word in _LIKE_WRITING):
        return False
    font = ImageFont.truetype(file, 24)
    shapes = {bytes(font.getmask(sign)) for sign in "0123456789"}
    return len(shapes) == 10


def printed(text: str, height: float, face: str, rng: Generator) -> NDArray[np.float32]:
    """Print a text.

    Args:
        text: Digits and marks.
        height: Of a digit, in pixels.
        face: A typeface's file.
        rng: Decides on the spacing, and how much the ink spread.

    Returns:
        float32, height × width, paper 0.0 and ink 1.0, no paper around it.
    """
    if rng.random() < _STROKED:
        return print_word(text, max(6, round(height)), rng)
    size = 64
    tall = ImageFont.truetype(face, size).getbbox("8")
    font = ImageFont.truetype(face, max(6.0, size * height / max(1, tall[3] - tall[1])))
    apart = height * float(rng.choice((0.0, rng.uniform(0, 0.25))))
    widths = [font.getlength(sign) + apart for sign in text]
    paper = Image.new("L", (round(sum(widths) + 2 * height) + 4, round(3 * height) + 4), 0)
    draw, at = ImageDraw.Draw(paper), height
    for sign, width in zip(text, widths, strict=True):
        draw.text((at, height), sign, font=font, fill=255)
        at += width
    return crop_to_ink(np.asarray(paper, np.float32) / np.float32(255))
