"""Numbers on paper."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]
Encode = Callable[..., bytes]
Read = Callable[..., list[str]]


def on_paper(number: Pixels, height: int = 240, width: int = 700, left: int = 60, top: int = 60) -> Pixels:
    sheet = np.full((height, width, 3), 255, np.uint8)
    place = sheet[top : top + number.shape[0], left : left + number.shape[1]]
    np.minimum(place, number, out=place)
    return sheet
