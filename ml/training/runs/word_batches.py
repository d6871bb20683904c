"""Lines for the network of words: kept in one file, and put into batches, each time warped a little.

Lines come in. Batches leave: pixels, float32, size × 48 × width × 1, with their signs as numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.line_network import WORDS_HEIGHT
from ml.reading.words.alphabet import SIGNS
from ml.training.words.lines import WordLine

_STEP = 16
"""Frames: widths of batches are multiples of so many, so that few shapes occur."""

_PAPER = 75
"""Paper, packed: 0.0 of -0.5 to 1.2."""


def save_lines(lines: Sequence[WordLine], file: Path) -> None:
    """Keep lines in one file, so that another run need not draw them again."""
    together = np.concatenate([line.pixels for line in lines], axis=1)
    widths = np.array([line.pixels.shape[1] for line in lines])
    with file.open("wb") as out:
        np.savez(out, pixels=together, widths=widths, texts=np.array([line.text for line in lines]))


def load_lines(file: Path) -> list[WordLine]:
    """The lines of a file that `save_lines` left."""
    with np.load(file, allow_pickle=False) as arrays:
        ends = np.cumsum(arrays["widths"])
        parts = np.split(arrays["pixels"], ends[:-1], axis=1)
        return [WordLine(part, str(text)) for part, text in zip(parts, arrays["texts"], strict=True)]


def batches(
    lines: Sequence[WordLine], size: int, rng: Generator, *, short_first: bool = False
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Each line once, in batches of similar width and random order, warped, its ink paler or darker, its edges cut.

    Args:
        lines: The lines.
        size: Lines in a batch.
        rng: Decides everything.
        short_first: Whether the shortest lines come first: a network that begins with them learns sooner where signs
            stand. Source: D. Amodei et al., "Deep Speech 2", 2016 (SortaGrad).

    Yields:
        Pixels: float32, size × 48 × width × 1, paper 0.0 and ink 1.0.
        Signs: int32, size × most signs, as places in `SIGNS`; -1 behind the last.
    """
    most = max(len(line.text) for line in lines)
    widths = np.array([line.pixels.shape[1] for line in lines]) * rng.uniform(0.9, 1.1, len(lines))
    whole = len(lines) // size
    order = np.argsort(widths)[: whole * size].reshape(whole, size)
    for chosen in order if short_first else order[rng.permutation(whole)]:
        warped = [warped_line(lines[index], rng) for index in chosen]
        step = _STEP * FRAME
        width = -(-max(line.shape[1] for line in warped) // step) * step
        pixels: NDArray[np.float32] = np.zeros((size, WORDS_HEIGHT, width), np.float32)
        signs = np.full((size, most), -1, np.int32)
        for row, (index, line) in enumerate(zip(chosen, warped, strict=True)):
            start = int(rng.integers(0, width - line.shape[1] + 1))
            pixels[row, :, start : start + line.shape[1]] = line
            signs[row, : len(lines[index].text)] = [SIGNS.index(sign) for sign in lines[index].text]
        pixels *= rng.uniform(0.75, 1.25, (size, 1, 1)).astype(np.float32)
        pixels += rng.normal(0, 0.04, pixels.shape).astype(np.float32)
        yield pixels[..., None], signs


def warped_line(line: WordLine, rng: Generator) -> NDArray[np.float32]:
    """A line stretched, slanted, moved up or down, in places blurred or cut: float32, 48 × another width."""
    height, width = line.pixels.shape
    least = (2 * len(line.text) + 2) * FRAME / width  # enough frames for its signs
    across = max(float(rng.uniform(0.78, 1.25)), min(1.0, least))
    down, slant = rng.uniform(0.85, 1.12), rng.normal(0, 0.12)
    shift = (1 - down) * height * 0.6 + rng.uniform(-2.5, 2.5)
    wide = max(FRAME, round(width * across))
    matrix = np.array([[across, -slant, slant * height * 0.6], [rng.normal(0, 0.006), down, shift]])
    moved = cv2.warpAffine(line.pixels, matrix, (wide, height), flags=cv2.INTER_LINEAR, borderValue=_PAPER)
    if rng.random() < 0.15:
        moved = cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.4, 1.0))
    elif rng.random() < 0.1:
        change = cv2.dilate if rng.random() < 0.5 else cv2.erode
        moved = cv2.addWeighted(moved, 0.5, change(moved, np.ones((2, 2), np.uint8)), 0.5, 0)
    return moved.astype(np.float32) * np.float32(1.7 / 255) - np.float32(0.5)
