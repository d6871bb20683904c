"""Amounts spelt out: the usual way to write one, and other ways that people write it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np

from ml.reading.words.graph import NO_WORD, Arc, Graph
from ml.reading.words.spans import Vocabulary
from ml.reading.words.ways import Ways

Way = Sequence[tuple[Arc, int]]
"""The arcs with words of one way to write an amount, each with the number of its spelling."""


def as_text(graph: Graph, vocabulary: Vocabulary, way: Way, *, around: bool = False) -> str:
    """A way as a text, with spaces between words.

    Args:
        graph: Of the language.
        vocabulary: Of the graph.
        way: Of the graph.
        around: Whether the words around the amount are in the text.
    """
    text = ""
    for arc, spelling in way:
        word = vocabulary.spellings[spelling]
        if graph.words[arc.word].around and not around:
            continue
        is_one_number = text[-1:].isdigit() and not word[0].isalpha()
        text += word if is_one_number or not text else f" {word}"
    return text
