"""A recogniser's frames made tolerant of its mistakes: no letter and no gap is impossible in any frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.recognisers.ctc import LogChances
from ml.reading.words.alphabet import ALIKE, BLANK, FIGURES, SIGNS
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
        signs = np.maximum(np.maximum(signs, lookalikes - NOISE.alike), -(NOISE.wrong + NOISE.figure * FIGURES))
        blank = np.logaddexp(kept[:, BLANK], kept[:, SIGNS.index("-")])  # dashes fill lines and join words
        return cls(
            signs.astype(np.float32),
            np.maximum(blank, -NOISE.stray).astype(np.float32),
            np.maximum(blank, -NOISE.around).astype(np.float32),
        )


def missing() -> NDArray[np.float32]:
    """float32, one for each sign: what it costs when no frame shows it."""
    return (NOISE.missing + NOISE.figure * FIGURES).astype(np.float32)


def condensed(frames: LogChances) -> LogChances:
    """The frames that matter: of a run that is surely blank, the first; of a run that shows one figure, the surest.

    So a doubled figure needs a blank between, as the recogniser was taught. A doubled letter does not: to miss that
    blank is a common mistake, and the rest of the word tells.
    """
    blank = frames[:, BLANK] >= math.log(1 - NOISE.blank_doubt)
    shown = frames.argmax(axis=1)
    is_figure = np.append(FIGURES, False)[shown]
    goes_on = np.concatenate([[False], np.where(is_figure[1:], shown[1:] == shown[:-1], blank[1:] & blank[:-1])])
    runs = np.cumsum(~goes_on[: len(frames)])
    surest: dict[int, int] = {}
    for frame, run in enumerate(runs.tolist()):
        if run not in surest or (is_figure[frame] and frames[frame].max() > frames[surest[run]].max()):
            surest[run] = frame
    kept: LogChances = frames[list(surest.values())]
    return kept
