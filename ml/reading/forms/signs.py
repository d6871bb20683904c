"""What a field may hold beside digits, each sign by one letter."""

from __future__ import annotations

CURRENCY, STAR, RAISED, LETTERS = "¤", "*", "^", "x"
"""A currency's sign, whichever; a star; what stands before cents that are raised; any run of letters."""

SIGNS = "0123456789.,/-" + CURRENCY + STAR + RAISED + LETTERS
"""In the networks' order; a network of digits alone knows the first ten."""
