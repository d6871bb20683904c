"""The shapes of the MICR line's font, E-13B: ten digits and four symbols on a grid of modules.

In goes a symbol, out comes its shape, float32. A module is 0.013 inch. Characters are at most seven modules wide and
nine high. They stand 0.125 inch apart, their right edges in line with the grid.

Source: ANSI X9.27 and ISO 1004-1, "Print specifications for magnetic ink character recognition".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 7, 9
"""Modules of a character's grid."""

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
    """The shape of a symbol: float32, 9 × 7 modules, paper 0.0 and ink 1.0.

    Raises:
        KeyError: E-13B has no such symbol.
    """
    rows = _SHAPES[symbol].split("/")
    return np.array([[sign == "#" for sign in row] for row in rows], np.float32)
