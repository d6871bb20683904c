"""Amounts spelt out: the usual way to write one, and other ways that people write it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ml.reading.words.graph import NO_WORD, WHOLE, Arc, Graph
from ml.reading.words.spans import Vocabulary
from ml.reading.words.ways import Ways, arcs_of

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


def usual_way(graph: Graph, vocabulary: Vocabulary, amount: int) -> Way:
    """The cheapest way to write an amount, in its usual spellings.

    Args:
        graph: Of the language.
        vocabulary: Of the graph.
        amount: In hundredths.

    Raises:
        ValueError: The language cannot write the amount.
    """
    cheapest: dict[tuple[int, int], tuple[float, tuple[Arc, ...]]] = {(0, 0): (0.0, ())}
    for node, arcs in enumerate(arcs_of(graph, (amount,))):
        for said, arc in arcs:
            cost, way = cheapest[arc.source, said]
            place, cost = (node, said + arc.adds), cost + arc.cost
            if place not in cheapest or cost < cheapest[place][0]:
                cheapest[place] = cost, (*way, arc)
    if (graph.last, amount) not in cheapest:
        raise ValueError(f"{amount / WHOLE} cannot be written")
    return _spelt(graph, vocabulary, cheapest[graph.last, amount][1], lambda word: 0)


def any_way(graph: Graph, vocabulary: Vocabulary, amount: int, rng: np.random.Generator) -> Way:
    """A way to write an amount, drawn as the costs of ways and spellings say how usual each is.

    Args:
        graph: Of the language.
        vocabulary: Of the graph.
        amount: In hundredths.
        rng: The source of chance.

    Raises:
        ValueError: The language cannot write the amount.
    """
    ways = Ways(graph)
    if not ways.possible(0, amount):
        raise ValueError(f"{amount / WHOLE} cannot be written")
    ahead: dict[tuple[int, int], float] = {(graph.last, 0): 0.0}

    def costs(rest: int, arcs: Sequence[Arc]) -> list[float]:
        return [arc.cost + cost_ahead(arc.target, rest - arc.adds) for arc in arcs]

    def cost_ahead(node: int, rest: int) -> float:
        """What all ways from a node on cost together."""
        if (node, rest) not in ahead:
            each = costs(rest, list(ways.arcs(node, rest)))
            ahead[node, rest] = -float(np.logaddexp.reduce([-cost for cost in each]))
        return ahead[node, rest]

    node, rest, way = 0, amount, []
    while node != graph.last:
        arcs = list(ways.arcs(node, rest))
        arc = arcs[_drawn(costs(rest, arcs), rng)]
        way.append(arc)
        node, rest = arc.target, rest - arc.adds
    return _spelt(graph, vocabulary, way, lambda choices: _drawn(choices, rng))


def _drawn(costs: Sequence[float], rng: np.random.Generator) -> int:
    """The place of one of some choices, which are the rarer the more they cost, in nats."""
    weights = np.exp(-np.array(costs))
    return int(rng.choice(len(weights), p=weights / weights.sum()))


def _spelt(graph: Graph, vocabulary: Vocabulary, arcs: Sequence[Arc], choose: Callable[[list[float]], int]) -> Way:
    """The words of a way with a spelling for each; a unit after one is spelt as it is after one."""
    way: list[tuple[Arc, int]] = []
    for arc in arcs:
        if arc.word == NO_WORD:
            continue
        numbers, word = vocabulary.of_word(arc.word), graph.words[arc.word]
        spelling = numbers[choose([float(vocabulary.costs[number]) for number in numbers])]
        if word.one and way and graph.words[way[-1][0].word].is_one:
            spelling = numbers[list(word.spellings).index(word.one)]
        way.append((arc, spelling))
    return way
