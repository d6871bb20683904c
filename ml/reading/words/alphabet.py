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

_ALIKE = (
    "ao ad ae ce co eo er ei il ij it lt lk ft fb hk hn hb hl nu nr nm nv mw uv uw vw vr vy gy gq jy rs sz ct cl bl kx"
    " pf ty o0 d0 l1 i1 s5 z2 b6 g9 q9 /1 /l t7"
).split()


def _alike() -> NDArray[np.bool_]:
    table = np.zeros((BLANK, BLANK), bool)
    for one, other in _ALIKE:
        table[SIGNS.index(one), SIGNS.index(other)] = table[SIGNS.index(other), SIGNS.index(one)] = True
    return table


ALIKE = _alike()
"""bool, 38 × 38: pairs of signs that one hand writes as another hand writes its neighbour; by eye."""


def indices(text: str) -> list[int]:
    """The classes of a text of these signs.

    Raises:
        ValueError: It holds another sign, for instance a capital or a space.
    """
    return [SIGNS.index(sign) for sign in text]
