"""How well given amounts explain a line, over all ways to write them, and the way that explains it best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ml.reading.words.graph import NO_WORD, Arc, Graph
from ml.reading.words.noise import Tolerant
from ml.reading.words.profiles import Profile, after_profile, by_taken, first_profile
from ml.reading.words.spans import Spans, Vocabulary
from ml.reading.words.ways import Ways

Said = tuple[int, Arc]
"""What was said before an arc, in hundredths, and the arc."""


@dataclass(slots=True)
class Likelihoods:
    """Amounts held against one line.

    Amounts that begin alike share what was computed for their beginning.
    """

    graph: Graph
    vocabulary: Vocabulary
    spans: Spans
    tolerant: Tolerant
    amounts: tuple[int, ...]
    _profiles: dict[tuple[int, int], Profile] = field(default_factory=dict)
    _arcs: list[set[Said]] = field(default_factory=list)
    _after: Profile = field(init=False)

    def __post_init__(self) -> None:
        self._profiles[0, 0] = first_profile(self.tolerant)
        self._after = after_profile(self.tolerant)
        self._arcs = Ways(self.graph).arcs_of(self.amounts)
        for node in range(1, self.graph.last + 1):
            self._reach(node, self._arcs[node])

    def _reach(self, node: int, arcs: Iterable[Said]) -> None:
        """Compute a node's profiles from those of the nodes before it."""
        silent = [(before, arc) for before, arc in arcs if arc.word == NO_WORD]
        spoken = [(before, arc) for before, arc in arcs if arc.word != NO_WORD]
        reached = [self._profiles[arc.source, before] - np.float32(arc.cost) for before, arc in silent]
        if spoken:
            sources = np.array([self._profiles[arc.source, before] for before, arc in spoken])
            taken = by_taken(sources, self.spans.words.shape[2])
            ends = (taken + self.spans.words[[arc.word for _, arc in spoken]]).max(axis=2)
            reached.extend(ends - np.array([[arc.cost] for _, arc in spoken], np.float32))
        for (before, arc), profile in zip(silent + spoken, reached, strict=True):
            key = node, before + arc.adds
            known = self._profiles.get(key)
            self._profiles[key] = profile if known is None else np.maximum(known, profile)

    def log(self, amount: int) -> float:
        """The logarithm of the best way; minus infinity where the language cannot write the amount."""
        profile = self._profiles.get((self.graph.last, amount))
        return -np.inf if profile is None else float((profile + self._after).max())

    def best_way(self, amount: int) -> list[tuple[Arc, int]]:
        """The arcs with words of the best way, in order, each with the number of its likeliest spelling.

        Raises:
            KeyError: The amount is not one of those held against the line, or cannot be written.
        """
        node, said = self.graph.last, amount
        end = int((self._profiles[node, said] + self._after).argmax())
        way = []
        while node:
            before, arc, taken = self._best_step(node, said, end)
            if arc.word != NO_WORD:
                way.append((arc, self._spelling(arc.word, end, taken)))
            node, said, end = arc.source, before, end - taken
        return way[::-1]

    def _best_step(self, node: int, said: int, end: int) -> tuple[int, Arc, int]:
        """What was said before the best arc to a node, the arc, and how many frames its word takes."""
        steps = []
        for before, arc in self._arcs[node]:
            if before + arc.adds == said:
                source = self._profiles[arc.source, before]
                if arc.word == NO_WORD:
                    steps.append((float(source[end]) - arc.cost, before, arc, 0))
                else:
                    spans = self.spans.words[arc.word, end, : end + 1]
                    ends = source[end - np.arange(len(spans))] + spans
                    taken = int(ends.argmax())
                    steps.append((float(ends[taken]) - arc.cost, before, arc, taken))
        _, before, arc, taken = max(steps, key=lambda step: step[0])
        return before, arc, taken

    def _spelling(self, word: int, end: int, taken: int) -> int:
        """The number of the spelling in which a word explains a stretch best."""
        numbers = self.vocabulary.of_word(word)
        return numbers.start + int(self.spans.spellings[numbers.start : numbers.stop, end, taken].argmax())
