"""Decoding by connectionist temporal classification: a posterior for each frame in, the n-best hypotheses out.

This is arithmetic alone, without pictures. For each frame of a line the network names a digit, or another sign of
`ml.reading.forms.signs` if it knows them. Its last class is the blank, which stands between signs and where nothing is
written. All probabilities are natural logarithms, unless a docstring says otherwise.

Source: A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist temporal classification", 2006.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Hypothesis
from ml.reading.forms.signs import SIGNS
from ml.reading.recognisers.constants import CTC

BLANK = 10
"""The blank's class in networks that know digits alone."""

_LEAST = np.finfo(np.float64).smallest_subnormal
"""The least number above 0: to divide by it where there is nothing leaves nothing."""

LogChances = NDArray[np.float64]
"""float64, frames × classes: logarithms of probabilities, the blank last."""


def log_softmax(scores: NDArray[np.float32]) -> LogChances:
    """Turn the network's scores, frames × classes, into logarithms of probabilities."""
    wide = scores.astype(np.float64)
    wide -= wide.max(axis=-1, keepdims=True)
    chances: LogChances = wide - np.log(np.exp(wide).sum(axis=-1, keepdims=True))
    return chances


def n_best(chances: LogChances, count: int | None = None) -> list[Hypothesis]:
    """The likeliest texts of a line, best first.

    A prefix beam search finds them. The probability of each is then summed over all its paths.

    Args:
        chances: float64, frames × classes, logarithms.
        count: How many at most; None for `CTC.n_best`.
    """
    texts = _beam_search(_condensed(chances))[: max(CTC.n_best if count is None else count, 1)]
    sums = log_probabilities(chances, texts).tolist()
    by_probability = sorted(zip(texts, sums, strict=True), key=lambda pair: -pair[1])
    return [Hypothesis(text, float(np.exp(log))) for text, log in by_probability]


def _condensed(chances: LogChances) -> LogChances:
    """The frames that matter: one that is surely blank changes nothing after another that is."""
    blank = chances[:, -1] >= math.log(1 - CTC.blank_doubt)
    blank[1:] &= blank[:-1]
    blank[0] = False
    return chances[~blank]


def _beam_search(chances: LogChances) -> list[str]:
    """The likeliest prefixes after the last frame, best first.

    For each prefix the search keeps two probabilities: of its paths that end in the blank, and in its last sign.

    Source: A. Hannun et al., "First-pass large vocabulary continuous speech recognition", 2014.
    """
    least, most = CTC.least_probability, CTC.beams
    blank = chances.shape[1] - 1
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for frame in np.exp(chances):
        likely = [(int(symbol), float(frame[symbol])) for symbol in np.flatnonzero(frame >= least)]
        grown: dict[str, list[float]] = {}
        for prefix, (in_blank, in_sign) in beams.items():
            for symbol, chance in likely:
                if symbol == blank:
                    grown.setdefault(prefix, [0.0, 0.0])[0] += (in_blank + in_sign) * chance
                elif prefix and prefix[-1] == SIGNS[symbol]:
                    grown.setdefault(prefix, [0.0, 0.0])[1] += in_sign * chance
                    grown.setdefault(prefix + SIGNS[symbol], [0.0, 0.0])[1] += in_blank * chance
                else:
                    grown.setdefault(prefix + SIGNS[symbol], [0.0, 0.0])[1] += (in_blank + in_sign) * chance
        best = sorted(grown.items(), key=lambda beam: -sum(beam[1]))[:most]
        total = sum(sum(both) for _, both in best)  # scaled by it, so that long lines do not underflow
        beams = {prefix: (in_blank / total, in_sign / total) for prefix, (in_blank, in_sign) in best}
    return sorted(beams, key=lambda prefix: -sum(beams[prefix]))


def log_probabilities(chances: LogChances, texts: list[str]) -> NDArray[np.float64]:
    """The probability of each of some texts, summed over all ways to spread it over the frames (forward algorithm).

    Args:
        chances: float64, frames × classes, logarithms.
        texts: Of digits, or of signs; may be empty.

    Returns:
        float64, one logarithm for each text; minus infinity where the line is too short for it.
    """
    longest = max(map(len, texts), default=0)
    condensed = _condensed(chances)
    if len(condensed) > 2 * longest:  # else a text might seem too long for its line
        chances = condensed
    states, skips = _states(texts, longest, chances.shape[1] - 1)
    frames = np.exp(chances)[:, states]
    # Two columns of zeros at the left make the moves from one state before, and from two, views.
    alive = np.zeros((len(texts), states.shape[1] + 2))
    alive[:, 2:4] = frames[0, :, :2]
    scales = np.empty((len(frames), len(texts), 1))
    for frame, scale in zip(frames[1:], scales, strict=False):
        moved = alive[:, 2:] + alive[:, 1:-1]
        moved += alive[:, :-2] * skips
        moved *= frame
        moved.sum(axis=1, keepdims=True, out=scale)
        # Scaled, so that long lines do not underflow. Where a line is too short for its text, nothing is left.
        np.divide(moved, np.maximum(scale, _LEAST), out=alive[:, 2:])
    ends = 2 * np.array([len(text) for text in texts], int)
    rows = np.arange(len(texts))
    scales[-1, :, 0] = alive[rows, ends + 2] + np.where(ends > 0, alive[rows, ends + 1], 0.0)
    with np.errstate(divide="ignore"):
        total: NDArray[np.float64] = np.log(scales[..., 0]).sum(axis=0)
    return total


def _states(texts: list[str], longest: int, blank: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Each text's classes with the blank around each sign, and whether a path may skip the blank before a state.

    Returns:
        Both texts × states. The first int64; the second float64, 1.0 where two neighbouring signs differ, else 0.0.
    """
    states = np.full((len(texts), 2 * longest + 1), blank)
    for row, text in enumerate(texts):
        states[row, 1 : 2 * len(text) : 2] = [SIGNS.index(sign) for sign in text]
    skips = np.zeros(states.shape)
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    return states, skips


def digit_chances(chances: LogChances, text: str) -> NDArray[np.float64]:
    """For each digit of a text, what may stand in its place if all else is right.

    Args:
        chances: float64, frames × classes, logarithms.
        text: Its signs other than digits are kept, and have no row.

    Returns:
        float64, digits × 11, rows summing to 1: the probability of 0 to 9, and that nothing is written there, last. A
        text that is too long for the frames says nothing: then all are as likely.
    """
    variants = [
        text[:place] + (str(other) if other != BLANK else "") + text[place + 1 :]
        for place, sign in enumerate(text)
        if sign.isdigit()
        for other in range(BLANK + 1)
    ]
    sums = log_probabilities(chances, variants).reshape(-1, BLANK + 1)
    best = sums.max(axis=1, keepdims=True)
    shares = np.exp(np.where(np.isneginf(best), 0.0, sums - np.where(np.isneginf(best), 0.0, best)))
    normal: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return normal


def spans(chances: LogChances, text: str) -> list[tuple[int, int]]:
    """The frames of each sign of a text on the likeliest path (Viterbi): first, and last exclusive.

    Raises:
        ValueError: The line has too few frames for the text.
    """
    frames: list[list[int]] = [[] for _ in text]
    for frame, state in enumerate(_likeliest_path(chances, text)):
        if state % 2:
            frames[state // 2].append(frame)
    return [(inside[0], inside[-1] + 1) for inside in frames]


def _likeliest_path(chances: LogChances, text: str) -> list[int]:
    """The state of each frame: odd ones are the signs of the text, even ones the blanks around them."""
    blank = chances.shape[1] - 1
    states = [blank] + [symbol for sign in text for symbol in (SIGNS.index(sign), blank)]
    origins = [
        [at, *[at - 1] * (at > 0), *[at - 2] * (at > 1 and symbol not in (blank, states[at - 2]))]
        for at, symbol in enumerate(states)
    ]
    # A line has few states: lists are faster than arrays.
    first, *others = chances[:, states].tolist()
    best = first[:2] + [-math.inf] * (len(states) - 2)
    back: list[list[int]] = []
    for frame in others:
        back.append([max(before, key=best.__getitem__) for before in origins])
        best = [best[before] + chance for before, chance in zip(back[-1], frame, strict=True)]
    at = len(states) - 1
    if len(states) > 1 and best[at - 1] > best[at]:
        at -= 1
    if best[at] == -math.inf:
        raise ValueError(f"{len(chances)} frames are too few for {len(text)} digits")
    path = [at]
    for came_from in reversed(back):
        path.append(came_from[path[-1]])
    return path[::-1]
