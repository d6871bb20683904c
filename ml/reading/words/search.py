"""The search for the amounts that explain a line best: the likeliest few at each node of the graph, at each frame.

Each token is an amount said so far, with its logarithm. At each node and frame the best tokens of different amounts are
kept. The search is not exhaustive: what it finds is scored in full afterwards.

Source: S. Young, N. Russell, J. Thornton, "Token passing", 1989.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ml.reading.words.constants import SEARCH
from ml.reading.words.graph import NO_WORD, Arc, Graph
from ml.reading.words.noise import Tolerant
from ml.reading.words.profiles import after_profile, by_taken, first_profile
from ml.reading.words.spans import NEVER, Spans


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The likeliest amounts at a node.

    Attributes:
        logs: float32, tokens × (frames + 1), the best of each frame first.
        said: int64, of the same shape: amounts in hundredths.
    """

    logs: NDArray[np.float32]
    said: NDArray[np.int64]

    def best(self, count: int) -> Tokens:
        """The best few of different amounts, at each frame."""
        left = self.logs.copy()
        count = min(count, len(left))
        logs = np.empty((count, left.shape[1]), np.float32)
        said = np.empty((count, left.shape[1]), np.int64)
        for kept in range(count):
            at = left.argmax(axis=0)[None]
            logs[kept] = np.take_along_axis(left, at, 0)
            said[kept] = np.take_along_axis(self.said, at, 0)
            left[self.said == said[kept]] = NEVER
        return Tokens(logs, said)


def likeliest(graph: Graph, spans: Spans, tolerant: Tolerant) -> list[int]:
    """The amounts that the search finds, in hundredths, the likeliest first."""
    nothing = np.zeros((1, spans.frames + 1), np.int64)
    nodes: list[list[Tokens]] = [[] for _ in graph.arcs]
    nodes[0].append(Tokens(first_profile(tolerant)[None], nothing))
    for node, arrived in enumerate(nodes):
        if not arrived:  # the language lacks the words that lead here
            continue
        tokens = _together(arrived).best(SEARCH.tokens)
        arrived.clear()
        for (target, is_silent), arcs in groupby(
            sorted(graph.arcs[node], key=lambda arc: (arc.target, arc.word == NO_WORD)),
            key=lambda arc: (arc.target, arc.word == NO_WORD),
        ):
            step = _silent if is_silent else _spoken
            nodes[target].append(step(tokens, list(arcs), spans))
    ended = Tokens(tokens.logs + after_profile(tolerant), tokens.said)
    order = np.argsort(-ended.logs, axis=None, kind="stable")
    amounts = dict.fromkeys(ended.said.flat[order[ended.logs.flat[order] > NEVER / 2]].tolist())
    return [amount for amount in amounts if amount > 0]


def _together(tokens: list[Tokens]) -> Tokens:
    return Tokens(np.concatenate([each.logs for each in tokens]), np.concatenate([each.said for each in tokens]))


def _silent(tokens: Tokens, arcs: list[Arc], spans: Spans) -> Tokens:
    """The tokens after arcs without words, of which the cheapest counts."""
    return Tokens(tokens.logs - np.float32(min(arc.cost for arc in arcs)), tokens.said)


def _spoken(tokens: Tokens, arcs: list[Arc], spans: Spans) -> Tokens:
    """The tokens after arcs with words: of each token at each of its frames, the best stretch of each word."""
    words = spans.words[[arc.word for arc in arcs]]
    ends = by_taken(tokens.logs, words.shape[2])[None] + words[:, None]
    taken = ends.argmax(axis=3)
    logs = np.take_along_axis(ends, taken[..., None], 3)[..., 0]
    logs -= np.array([arc.cost for arc in arcs], np.float32)[:, None, None]
    starts = np.maximum(np.arange(spans.frames + 1) - taken, 0)
    said = np.take_along_axis(np.broadcast_to(tokens.said, starts.shape), starts, 2)
    said = said + np.array([arc.adds for arc in arcs])[:, None, None]
    return Tokens(logs.reshape(-1, logs.shape[2]), said.reshape(-1, logs.shape[2]))
