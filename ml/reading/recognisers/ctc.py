"""Decoding by connectionist temporal classification: a posterior for each frame in, the n-best hypotheses out.

This is arithmetic alone, without pictures. For each frame of a line the network names a digit, or another sign of
`ml.reading.forms.signs` if it knows them. Its last class is the blank, which stands between signs and where nothing is
written.

Source: A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist temporal classification", 2006.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis
from ml.reading.forms.signs import SIGNS

BLANK = 10
"""Of the networks that know digits alone."""

_LEAST = 1e-3
"""What is less likely in a frame is not followed up while searching."""

_BEAMS = 12

N_BEST = 5
"""Of a line, where nobody asks for more."""

_SURELY_BLANK = math.log(1 - 1e-5)
"""A frame that is surely blank, after another, changes nothing, and is passed over."""

LogChances = NDArray[np.float64]


def log_softmax(scores: NDArray[np.float32]) -> LogChances:
    """The network's scores as logarithms of probabilities: float64, frames × classes."""
    wide = scores.astype(np.float64)
    wide -= wide.max(axis=-1, keepdims=True)
    chances: LogChances = wide - np.log(np.exp(wide).sum(axis=-1, keepdims=True))
    return chances


def n_best(chances: LogChances, count: int = N_BEST) -> list[Hypothesis]:
    """The likeliest readings, best first.

    A prefix beam search finds them; each one's probability is then summed over all its paths.

    Args:
        chances: float64, frames × classes, logarithms.
        count: How many at most.
    """
    found = list(_beams(_condensed(chances)))[: max(count, 1)]
    sums = log_probabilities(chances, found)
    ranked = sorted(zip(found, sums.tolist(), strict=True), key=lambda pair: -pair[1])
    return [Hypothesis(digits, float(np.exp(total))) for digits, total in ranked]


def _condensed(chances: LogChances) -> LogChances:
    """The frames less those that change nothing: surely blank, behind another such frame."""
    blank = chances[:, -1] >= _SURELY_BLANK
    blank[1:] &= blank[:-1]
    blank[0] = False
    return chances[~blank]


def _beams(chances: LogChances) -> list[str]:
    """Prefixes kept from frame to frame, with the probability of their paths that end in the blank and in a digit.

    Source: A. Hannun et al., "First-pass large vocabulary continuous speech recognition", 2014.
    """
    last = chances.shape[1] - 1
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for frame in np.exp(chances):
        likely = [int(symbol) for symbol in np.flatnonzero(frame >= _LEAST)]
        grown: dict[str, list[float]] = {}
        for prefix, (blank, digit) in beams.items():
            for symbol in likely:
                chance = float(frame[symbol])
                if symbol == last:
                    grown.setdefault(prefix, [0.0, 0.0])[0] += (blank + digit) * chance
                elif prefix and prefix[-1] == SIGNS[symbol]:
                    grown.setdefault(prefix, [0.0, 0.0])[1] += digit * chance
                    grown.setdefault(prefix + SIGNS[symbol], [0.0, 0.0])[1] += blank * chance
                else:
                    grown.setdefault(prefix + SIGNS[symbol], [0.0, 0.0])[1] += (blank + digit) * chance
        best = sorted(grown.items(), key=lambda beam: -sum(beam[1]))[:_BEAMS]
        whole = sum(sum(both) for _, both in best)  # scaled, so that long lines do not vanish
        beams = {prefix: (blank / whole, digit / whole) for prefix, (blank, digit) in best}
    return sorted(beams, key=lambda prefix: -sum(beams[prefix]))


def log_probabilities(chances: LogChances, readings: list[str]) -> NDArray[np.float64]:
    """How likely each of some readings is, over all the ways to spread it over the frames.

    Args:
        chances: float64, frames × classes, logarithms.
        readings: Digits, or signs, in order; may be empty.

    Returns:
        float64, one logarithm a reading; minus infinity where the line is too short for it.
    """
    longest = max(map(len, readings), default=0)
    condensed = _condensed(chances)
    if len(condensed) > 2 * longest:  # else a reading might seem too long for its line
        chances = condensed
    states = np.full((len(readings), 2 * longest + 1), chances.shape[1] - 1)
    skips = np.zeros(states.shape)  # from a digit straight to the next, where they differ
    for row, reading in enumerate(readings):
        states[row, 1 : 2 * len(reading) : 2] = [SIGNS.index(sign) for sign in reading]
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    frames = np.exp(chances)[:, states]
    # Two columns of nothing at the left: what comes from one state before, and from two, are views.
    alive = np.zeros((len(readings), states.shape[1] + 2))
    alive[:, 2:4] = frames[0, :, :2]
    total: NDArray[np.float64] = np.zeros(len(readings))
    for frame in frames[1:]:
        moved = (alive[:, 2:] + alive[:, 1:-1] + alive[:, :-2] * skips) * frame
        scale = moved.sum(axis=1)
        # Scaled, so that long lines do not vanish; a line too short for a reading has nothing left.
        with np.errstate(divide="ignore"):
            total += np.log(scale)
        alive[:, 2:] = moved / np.where(scale > 0, scale, 1.0)[:, None]
    ends = 2 * np.array([len(reading) for reading in readings], int)
    rows = np.arange(len(readings))
    last = alive[rows, ends + 2] + np.where(ends > 0, alive[rows, ends + 1], 0.0)
    with np.errstate(divide="ignore"):
        total += np.log(last)
    return total


def digit_chances(chances: LogChances, digits: str) -> NDArray[np.float64]:
    """For each digit of a reading, what may stand in its place if all else is right.

    Args:
        chances: float64, frames × classes, logarithms.
        digits: The reading; of signs between them nothing is asked.

    Returns:
        float64, digits × 11, rows summing to 1: the probability of 0 to 9, and that nothing is written there, last.
    """
    readings = [
        digits[:place] + (str(other) if other != BLANK else "") + digits[place + 1 :]
        for place, sign in enumerate(digits)
        if sign.isdigit()
        for other in range(BLANK + 1)
    ]
    sums = log_probabilities(chances, readings).reshape(-1, BLANK + 1)
    shares = np.exp(sums - sums.max(axis=1, keepdims=True))
    normal: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return normal


def spans(chances: LogChances, digits: str) -> list[tuple[int, int]]:
    """Which frames each digit, or sign, of a reading takes on the likeliest path: first, and last exclusive.

    Raises:
        ValueError: The line has too few frames for the reading.
    """
    blank = chances.shape[1] - 1
    states = [blank] + [symbol for digit in digits for symbol in (SIGNS.index(digit), blank)]
    best = np.full((len(chances), len(states)), -np.inf)
    back = np.zeros(best.shape, int)
    best[0, :2] = chances[0, states[:2]]
    for frame in range(1, len(chances)):
        for state, symbol in enumerate(states):
            lasts = [state] + [state - 1] * (state > 0)
            if state > 1 and symbol not in (blank, states[state - 2]):
                lasts.append(state - 2)
            back[frame, state] = max(lasts, key=lambda last: best[frame - 1, last])
            best[frame, state] = best[frame - 1, back[frame, state]] + chances[frame, symbol]
    at = len(states) - 1
    if len(states) > 1 and best[-1, at - 1] > best[-1, at]:
        at -= 1
    if best[-1, at] == -np.inf:
        raise ValueError(f"{len(chances)} frames are too few for {len(digits)} digits")
    frames: list[list[int]] = [[] for _ in digits]
    for frame in range(len(chances) - 1, -1, -1):
        if at % 2:
            frames[at // 2].append(frame)
        at = back[frame, at]
    return [(own[-1], own[0] + 1) for own in frames]
