"""The shapes of the MICR line's font, E-13B: ten digits and four symbols on a grid of modules.

A module is 0.013 inch. Characters are seven modules wide at most, nine high, and stand 0.125 inch apart, their right
edges in line with the grid.

Source: ANSI X9.27 and ISO 1004-1, "Print specifications for magnetic ink character recognition".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WIDE, HIGH = 7, 9
"""Modules of a character's place."""

PITCH = 0.125 / 0.013
"""Modules from one character's right edge to the next one's."""

MODULE_MM = 0.3302
PITCH_MM = 3.175

TRANSIT, AMOUNT, ON_US, DASH = "⑆", "⑇", "⑈", "⑉"

_SHAPES = {
    "0": "#######/#     #/#     #/#     #/#     #/#     #/#     #/#     #/#######",
    "1": "   ##  /   ##  /    #  /    #  /    #  /   ####/   ####/   ####/   ####",
    "2": "   ####/      #/      #/      #/   ####/   #   /   #   /   #   /   ####",
    "3": "  #### /     # /     # /     # /  #####/     ##/     ##/     ##/  #####",
    "4": " ##    / ##    / ##    / ##    / ##    / ##  ##/ ######/     ##/     ##",
    "5": "  #####/  #    /  #    /  #    /  #####/      #/      #/      #/  #####",
    "6": " ####  / #  #  / #  #  / #     / #     / ######/ #    #/ #    #/ ######",
    "7": "  #####/  #   #/  #   #/      #/    ###/    #  /    #  /    #  /    #  ",
    "8": " ##### / #   # / #   # / #   # / ##### /##   ##/##   ##/##   ##/#######",
    "9": " ######/ #    #/ #    #/ #    #/ ######/     ##/     ##/     ##/     ##",
    TRANSIT: "    ###/    ###/##  ###/##     /##     /##     /##  ###/    ###/    ###",
    AMOUNT: "       /    ###/    ###/   ####/   #   /####   /###    /###    /       ",
    ON_US: "    ###/# # ###/# # ###/# # ###/# #    /# #    /# #    /       /       ",
    DASH: "       /       /       /## ## #/## ## #/## ## #/       /       /       ",
}

SYMBOLS = "".join(_SHAPES)


def shape_of(symbol: str) -> NDArray[np.float32]:
    """A symbol on its grid: float32, 9 × 7, ink 1.0.

    Raises:
        KeyError: There is no such symbol in E-13B.
    """
    rows = _SHAPES[symbol].split("/")
    return np.array([[sign == "#" for sign in row] for row in rows], np.float32)
