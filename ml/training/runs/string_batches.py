"""Lines for the networks of strings and of fields: composed in several processes, and put into batches.

Real digits and a seed go in. Lines come out, and of these batches of pixels, float32, size × 32 × width × 1, with their
signs as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing.pool import Pool

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.forms.signs import SIGNS
from ml.reading.ink.lines import LINE_HEIGHT, padded_width
from ml.training.fields.amounts import compose_lines
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.fields.writings import compose_writings
from ml.training.pages.notes import compose_notes

Composer = Callable[[int, int], list[Line]]
"""Given a round's number and a count, composes the round's lines."""

_PART = 2_500
"""Lines that a process composes at a time. A part has its own seed, so another number composes other lines."""

_SHIFT = 8
"""Pixels by which a line may be moved to the right in its batch."""


_writers: Writers


def start_process(writers: Writers) -> None:
    """Initialise a process of the pool, which keeps its digits."""
    global _writers
    _writers = writers


def _compose_part(task: tuple[bool, float, list[int], int]) -> list[Line]:
    fields, notes, seed, count = task
    rng = np.random.default_rng(seed)
    if not fields:
        return compose_lines(_writers, count, rng)
    return compose_fields(_writers, count, notes, rng)


def compose_fields(writers: Writers, count: int, notes: float, rng: Generator) -> list[Line]:
    """Compose lines for the network of fields.

    Args:
        writers: The digits to write with.
        count: How many lines.
        notes: The share of them that are noted on any paper, 0 to 1; the others stand in a form's fields.
        rng: Decides everything.
    """
    noted = round(count * notes)
    return compose_writings(writers, count - noted, rng) + compose_notes(writers, noted, rng)


def composer(pool: Pool, seed: int, *, fields: bool, notes: float) -> Composer:
    """A function that composes a round's lines in the pool's processes, the same lines for any number of processes.

    Args:
        pool: Processes that `start_process` has initialised.
        seed: Decides, together with the round's number, everything.
        fields: Whether lines are fields with their signs; else amounts' digits.
        notes: Of fields the share that are noted on any paper, 0 to 1.
    """

    def compose(number: int, count: int) -> list[Line]:
        starts = range(0, count, _PART)
        parts = [(fields, notes, [seed, number, start], min(_PART, count - start)) for start in starts]
        return [line for lines in pool.imap(_compose_part, parts) for line in lines]

    return compose


def batches(lines: list[Line], size: int, rng: Generator) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Each line once, in batches of similar width and random order; contrast, noise and place vary.

    Yields:
        Pixels: float32, size × 32 × width × 1, paper 0.0 and ink 1.0.
        Signs: int32, size × most signs, as places in `ml.reading.forms.signs`; -1 behind the last.
    """
    most = max(len(line.text) for line in lines)
    # Widths are sorted with some chance, so that no two passes have the same batches.
    widths = np.array([line.pixels.shape[1] for line in lines]) + rng.uniform(-8, 8, len(lines))
    whole = len(lines) // size
    order = np.argsort(widths)[: whole * size].reshape(whole, size)
    for chosen in order[rng.permutation(whole)]:
        batch = [lines[index] for index in chosen]
        width = padded_width(max(line.pixels.shape[1] for line in batch) + _SHIFT)
        pixels = np.zeros((size, LINE_HEIGHT, width), np.float32)
        signs = np.full((size, most), -1, np.int32)
        for row, line in enumerate(batch):
            start = int(rng.integers(0, _SHIFT + 1))
            pixels[row, :, start : start + line.pixels.shape[1]] = line.unpacked()
            signs[row, : len(line.text)] = [SIGNS.index(sign) for sign in line.text]
        pixels *= rng.uniform(0.75, 1.25, (size, 1, 1)).astype(np.float32)
        pixels += rng.normal(0, 0.06, pixels.shape).astype(np.float32)
        yield pixels[..., None], signs
