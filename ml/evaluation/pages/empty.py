"""Patches of paper and of what lies around it, without any writing: whatever passes on them is wrong.

Most are drawn. Where the data folder has real pages that may be built on, some are cut from these, where nothing is
written or printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.evaluation.pages.readers import pixels_of
from ml.training.pages.nothing import empty_patch
from ml.training.real_pages import sets_to_build_on

Pixels = NDArray[np.uint8]

_PALEST_INK = 24
"""Steps of grey by which the palest ink is darker than the paper around it: what is shaded less is paper."""
_TRIES = 60
"""Patches that are tried on a page before it is left."""


def drawn_patches(count: int, seed: int) -> Iterator[Pixels]:
    """Patches of drawn paper, cloth, wood, rules and print: uint8, height × width × 3, RGB."""
    for index in range(count):
        yield empty_patch(np.random.default_rng((seed, index)))


def real_patches(folder: Path | None, count: int, seed: int) -> Iterator[Pixels]:
    """Patches cut from real pages that may be built on, as many from each; fewer where there is little empty paper.

    Args:
        folder: The data folder; None: there is none, and no patch comes.
        count: About how many.
        seed: Decides where they are cut.
    """
    files = [page.file for pages in sets_to_build_on(folder) if not pages.one_number for page in pages.pages]
    if folder is not None:
        files += sorted(file for name in ("cheques-us", "cheques-india") for file in _pictures(folder / name))
    rng = np.random.default_rng(seed)
    for file in files:
        yield from _patches_of(pixels_of(file.read_bytes()), -(-count // len(files)), rng)


def _pictures(folder: Path) -> list[Path]:
    return [file for file in folder.glob("**/*") if file.suffix.lower() in (".jpg", ".jpeg", ".png")]


def _patches_of(page: Pixels, count: int, rng: Generator) -> Iterator[Pixels]:
    """Up to `count` patches of one page, of the size of a cell or a field."""
    found = 0
    for _ in range(_TRIES):
        tall, wide = int(rng.integers(28, 140)), int(rng.integers(40, 320))
        if found == count or tall >= page.shape[0] or wide >= page.shape[1]:
            return
        top, left = int(rng.integers(page.shape[0] - tall)), int(rng.integers(page.shape[1] - wide))
        patch = page[top : top + tall, left : left + wide]
        if is_without_ink(patch):
            found += 1
            yield np.ascontiguousarray(patch)


def is_without_ink(patch: Pixels) -> bool:
    """Whether nothing on a patch is as much darker than the paper around it as the palest ink is."""
    grey = cv2.GaussianBlur(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    around = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    return int((around.astype(int) - grey).max()) < _PALEST_INK
