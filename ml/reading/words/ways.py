"""All ways to write given amounts: the part of a language's graph that leads to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ml.reading.words.graph import Arc, Graph


@dataclass(slots=True)
class Ways:
    """The arcs on which an amount stays possible. It remembers what it found, for one call of one caller."""

    graph: Graph
    _possible: dict[tuple[int, int], bool] = field(default_factory=dict)
    _adds: dict[int, list[int]] = field(default_factory=dict)

    def possible(self, node: int, rest: int) -> bool:
        """Whether a rest, in hundredths, can still be written from a node on."""
        if node == self.graph.last:
            return rest == 0
        known = self._possible.get((node, rest))
        if known is None:
            known = self._possible[node, rest] = any(True for _ in self.arcs(node, rest))
        return known

    def arcs(self, node: int, rest: int) -> Iterator[Arc]:
        """The arcs from a node on after which the rest can still be written."""
        arcs = self.graph.arcs[node]
        adds = self._adds.get(node)
        if adds is None:
            adds = self._adds[node] = [arc.adds for arc in arcs]
        least = rest - max((self.graph.most[arc.target] for arc in arcs), default=0)
        for arc in arcs[bisect_left(adds, least) : bisect_right(adds, rest)]:
            if rest - arc.adds <= self.graph.most[arc.target] and self.possible(arc.target, rest - arc.adds):
                yield arc


@lru_cache(maxsize=16)  # the same amounts are held against each look at a line
def arcs_of(graph: Graph, amounts: tuple[int, ...]) -> tuple[frozenset[tuple[int, Arc]], ...]:
    """Every arc on a way to one of some amounts, with what was said before it, by the node to which it leads."""
    ways, found = Ways(graph), [set[tuple[int, Arc]]() for _ in graph.arcs]
    for amount in amounts:
        said = {0: {0}}
        for node in range(graph.last):
            for before in said.get(node, ()):
                for arc in ways.arcs(node, amount - before):
                    found[arc.target].add((before, arc))
                    said.setdefault(arc.target, set()).add(before + arc.adds)
    return tuple(map(frozenset, found))
