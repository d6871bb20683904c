"""How well given amounts explain a line, over all ways to write them, and the way that explains it best."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ml.reading.words.constants import NOISE
from ml.reading.words.graph import NO_WORD, Arc, Graph
from ml.reading.words.noise import Tolerant
from ml.reading.words.profiles import Profile, after_profile, by_taken, first_profile
from ml.reading.words.spans import NEVER, Spans, Vocabulary
from ml.reading.words.ways import arcs_of

Place = tuple[int, int]
"""A node, and what was said before it, in hundredths."""

Said = tuple[int, Arc]
"""What was said before an arc, in hundredths, and the arc."""


@dataclass(slots=True)
class Likelihoods:
    """Amounts held against one line.

    Amounts that begin alike share what was computed for their beginning. A place is a node and what was said before it.
    """

    graph: Graph
    vocabulary: Vocabulary
    spans: Spans
    tolerant: Tolerant
    amounts: tuple[int, ...]
    _profiles: dict[Place, Profile] = field(default_factory=dict)
    _ended: dict[Place, float] = field(default_factory=dict)
    _arcs: tuple[frozenset[Said], ...] = ()
    _begun: Profile = field(init=False)
    _after: Profile = field(init=False)

    def __post_init__(self) -> None:
        first = first_profile(self.tolerant)
        self._begun, self._after = np.full_like(first, NEVER), after_profile(self.tolerant)
        self._profiles[0, 0] = first
        self._ended[0, 0] = self._end(first)
        self._arcs = arcs_of(self.graph, self.amounts)
        for node, arcs in enumerate(self._arcs):
            self._reach(node, arcs)
            if node == self.graph.begin and arcs:
                self._begun = self._profiles[node, 0] - np.float32(NOISE.cut)

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
            place = node, before + arc.adds
            self._profiles[place] = np.maximum(self._profiles.get(place, self._begun), profile)
            earlier = max(self._ended.get(place, -np.inf), self._ended[arc.source, before])
            self._ended[place] = max(earlier, self._end(self._profiles[place]))

    def _end(self, profile: Profile) -> float:
        return float((profile + self._after).max())

    def log(self, amount: int) -> float:
        """The logarithm of the best way; minus infinity where the language cannot write the amount."""
        place = self.graph.last, amount
        if place not in self._profiles:
            return -math.inf
        return max(self._end(self._profiles[place]), self._ended[place] - NOISE.cut)

    def best_way(self, amount: int) -> list[tuple[Arc, int]]:
        """The words between the beginning and the end that can be read, in order.

        Returns:
            For each its arc and the number of its likeliest spelling.

        Raises:
            KeyError: The amount is not one of those held against the line, or cannot be written.
        """
        place = self._last_place(amount)
        end = int((self._profiles[place] + self._after).argmax())
        way: list[tuple[Arc, int]] = []
        while step := self._best_step(place, end):
            place, arc, taken = step
            if arc is not None and arc.word != NO_WORD:
                way.append((arc, self._spelling(arc.word, end, taken)))
            end -= taken
        return way[::-1]

    def _last_place(self, amount: int) -> Place:
        """Where the amount's best way ends: at the last node, unless its end cannot be read."""
        place = self.graph.last, amount
        if self._end(self._profiles[place]) >= self._ended[place] - NOISE.cut:
            return place
        while self._end(self._profiles[place]) < self._ended[place]:
            place = max(self._places_before(place), key=self._ended.__getitem__)
        return place

    def _places_before(self, place: Place) -> list[Place]:
        node, said = place
        return [(arc.source, before) for before, arc in self._arcs[node] if before + arc.adds == said]

    def _best_step(self, place: Place, end: int) -> tuple[Place, Arc | None, int] | None:
        """The place before the best arc to a place, the arc, and how many frames its word takes.

        Returns:
            Without an arc where the amount's beginning cannot be read; None where the line begins.
        """
        node, said = place
        if not node:
            return None
        steps: list[tuple[float, Place, Arc | None, int]] = []
        for before, arc in self._arcs[node]:
            if before + arc.adds == said:
                source = self._profiles[arc.source, before]
                lengths = self.spans.words.shape[2] if arc.word != NO_WORD else 1
                ends = source[max(0, end - lengths + 1) : end + 1][::-1]
                if arc.word != NO_WORD:
                    ends = ends + self.spans.words[arc.word, end, : len(ends)]
                taken = int(ends.argmax())
                steps.append((float(ends[taken]) - arc.cost, (arc.source, before), arc, taken))
        if node > self.graph.begin:
            steps.append((float(self._begun[end]), (self.graph.begin, 0), None, 0))
        return max(steps, key=lambda step: step[0])[1:]

    def _spelling(self, word: int, end: int, taken: int) -> int:
        """The number of the spelling in which a word explains a stretch best; the usual one where no frame shows it."""
        numbers = self.vocabulary.of_word(word)
        if not taken:
            return numbers.start
        return numbers.start + int(self.spans.spellings[numbers.start : numbers.stop, end, taken].argmax())
