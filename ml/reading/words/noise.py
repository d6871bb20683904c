"""A recogniser's frames made tolerant of its mistakes: no letter and no gap is impossible in any frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.recognisers.ctc import LogChances
from ml.reading.words.alphabet import ALIKE, BLANK
from ml.reading.words.constants import NOISE


@dataclass(frozen=True, slots=True, eq=False)
class Tolerant:
    """What each frame costs, whatever is written there.

    Attributes:
        signs: float32, frames × 38, logarithms: the frame shows the sign.
        stray: float32, one for each frame: it is passed over within the amount.
        around: float32, one for each frame: it stands before or behind the amount.
    """

    signs: NDArray[np.float32]
    stray: NDArray[np.float32]
    around: NDArray[np.float32]

    @classmethod
    def of(cls, frames: LogChances) -> Tolerant:
        """Condense a line's frames, and bound what each costs.

        Raises:
            ValueError: The frames are not over the 38 signs and the blank.
        """
        if frames.ndim != 2 or frames.shape[1] != BLANK + 1:
            raise ValueError(f"frames over {BLANK} signs and the blank are needed, not of shape {frames.shape}")
        kept = condensed(frames)
        signs = kept[:, :BLANK]
        lookalikes = np.array([signs[:, alike].max(axis=1, initial=-np.inf) for alike in ALIKE]).T.reshape(signs.shape)
        signs = np.maximum(np.maximum(signs, lookalikes - NOISE.alike), -NOISE.wrong)
        blank = kept[:, BLANK]
        return cls(
            signs.astype(np.float32),
            np.maximum(blank, -NOISE.stray).astype(np.float32),
            np.maximum(blank, -NOISE.around).astype(np.float32),
        )


def condensed(frames: LogChances) -> LogChances:
    """The frames that matter: of a run that is surely blank, the first."""
    blank = frames[:, BLANK] >= math.log(1 - NOISE.blank_doubt)
    return frames[~(blank & np.concatenate([[False], blank[:-1]]))]
