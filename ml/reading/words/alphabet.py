"""The signs in which amounts in words are read, and which of them look alike in handwriting.

Frames are `LogChances` of `ml.reading.recognisers.ctc` over these signs: float64, frames × 39, natural logarithms, the
blank last. Case is folded. Spaces are not written: a space counts as the blank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789/-"
"""In the order of the classes."""

BLANK = len(SIGNS)
"""The blank's class, the last."""

_ALIKE = {
    **{"a": "ode", "c": "eotl", "e": "roil", "i": "jtl", "l": "tkb", "f": "tbp", "h": "nkbl", "n": "urmv"},
    **{"u": "vw", "v": "wry", "m": "w", "g": "yq", "y": "jt", "s": "rz", "k": "x"},
    **{"0": "od", "1": "li/", "2": "z", "5": "s", "6": "b", "7": "t", "9": "gq", "/": "l"},
}
"""By sign the ones that look like it in some hands; by eye. Each pair stands once."""


def _alike() -> NDArray[np.bool_]:
    table = np.zeros((BLANK, BLANK), bool)
    for sign, others in _ALIKE.items():
        for other in others:
            table[SIGNS.index(sign), SIGNS.index(other)] = table[SIGNS.index(other), SIGNS.index(sign)] = True
    return table


ALIKE = _alike()
"""bool, 38 × 38: whether two signs look alike in handwriting."""


FIGURES = np.array([sign.isdigit() for sign in SIGNS])
"""bool, one for each sign: whether it is a figure."""


def indices(text: str) -> list[int]:
    """The classes of a text of these signs.

    Raises:
        ValueError: It holds another sign, for instance a capital or a space.
    """
    others = set(text) - set(SIGNS)
    if others:
        raise ValueError(f"{sorted(others)} are not in the alphabet")
    return [SIGNS.index(sign) for sign in text]
