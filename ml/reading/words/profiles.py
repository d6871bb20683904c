"""Logarithms along a line: how well what was said so far explains the frames up to each."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ml.reading.words.noise import Tolerant
from ml.reading.words.spans import NEVER

Profile = NDArray[np.float32]
"""float32, frames + 1: the best logarithm with which the frames before each place were explained."""


def first_profile(tolerant: Tolerant) -> Profile:
    """Nothing was said yet: all frames up to each stand before the amount."""
    return np.concatenate([[0], np.cumsum(tolerant.around)]).astype(np.float32)


def after_profile(tolerant: Tolerant) -> Profile:
    """The amount has ended: all frames from each on stand behind it."""
    return np.concatenate([np.cumsum(tolerant.around[::-1])[::-1], [0]]).astype(np.float32)


def by_taken(profiles: NDArray[np.float32], lengths: int) -> NDArray[np.float32]:
    """A view of profiles: at [..., end, taken] stands the profile so many frames before the end.

    Args:
        profiles: float32, its last axis frames + 1.
        lengths: How many numbers of frames, 0 included.
    """
    padding = [(0, 0)] * (profiles.ndim - 1) + [(lengths - 1, 0)]
    padded = np.pad(profiles, padding, constant_values=NEVER)
    return sliding_window_view(padded, lengths, axis=-1)[..., ::-1]
