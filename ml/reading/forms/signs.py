"""The signs that a field may hold beside digits, one letter for each, and those of an amount in words."""

from __future__ import annotations

CURRENCY, STAR, RAISED, LETTERS = "¤", "*", "^", "x"
"""Any currency's sign; a star; the start of raised cents; any run of letters."""

SIGNS = "0123456789.,/-" + CURRENCY + STAR + RAISED + LETTERS
"""In the order of the networks' classes; a network of digits alone knows the first ten."""

WORD_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789/-"
"""The signs of amounts in words, in the order of the classes. Case is folded, and a space is no sign."""
