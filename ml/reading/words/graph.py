"""A language's amounts as a graph: every way through it writes one amount.

Nodes are numbered so that each arc leads to a greater one: arithmetic on the graph goes once over its nodes. An arc
carries a word, or none, and what the word adds to the amount. So "five" is on many arcs: it adds five crores before a
crore, and five at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from ml.reading.words.constants import HABITS
from ml.reading.words.languages import Language, Spellings, Unit

NO_WORD = -1
"""In place of a word's number on an arc without one."""

WHOLE = 100
"""Hundredths of one."""

_DIGITS = tuple(MappingProxyType({str(digit): 0.0}) for digit in range(10))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the graph.

    Attributes:
        spellings: With their costs.
        one: How it is spelt after one, else empty.
        around: Whether it stands around the amount, and is no part of it.
        is_one: Whether it is the number one.
    """

    spellings: Spellings
    one: str = ""
    around: bool = False
    is_one: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """One step on the way through an amount.

    Attributes:
        source: The node from which it leads.
        target: The greater node to which it leads.
        word: The number of its word, or `NO_WORD`.
        adds: What it adds to the amount, in hundredths.
        cost: Nats.
    """

    source: int
    target: int
    word: int
    adds: int
    cost: float


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """All ways to write an amount.

    Attributes:
        words: Of the language.
        arcs: For each node the arcs that leave it, by what they add.
        most: For each node the greatest amount that can be added from there on, in hundredths.
        begin: The node at which the words before the amount have ended.
    """

    words: tuple[Word, ...]
    arcs: tuple[tuple[Arc, ...], ...]
    most: tuple[int, ...]
    begin: int

    @property
    def last(self) -> int:
        """The node at which each amount ends; each begins at 0."""
        return len(self.arcs) - 1


def graph_of(language: Language) -> Graph:
    """The graph of a language's amounts."""
    builder = _Builder(language)
    at = builder.optional(0, language.before, HABITS.before + HABITS.again, around=True)
    begin = builder.optional(at, language.before, HABITS.before, around=True)
    said = None
    for unit in language.units[:-1]:
        said = builder.group(begin, said, unit)
    said = builder.below_thousand_last(begin, said)
    at = builder.hundredths(begin, builder.optional(said, language.currency, HABITS.currency, around=True))
    for again in (0.0, HABITS.again, HABITS.again):
        at = builder.optional(at, language.after, HABITS.after + again, around=True)
    return builder.graph(begin)


@dataclass(slots=True)
class _Builder:
    """Adds parts of the graph, each behind the one before. Each part returns the node at which it ends."""

    language: Language
    words: list[Word] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    nodes: int = 1
    numbers_of_words: dict[tuple[int, bool], int] = field(default_factory=dict)

    def graph(self, begin: int) -> Graph:
        leaving: list[list[Arc]] = [[] for _ in range(self.nodes)]
        for arc in self.arcs:
            leaving[arc.source].append(arc)
        most = [0] * self.nodes
        for node in reversed(range(self.nodes)):
            most[node] = max((arc.adds + most[arc.target] for arc in leaving[node]), default=0)
        by_adds = (tuple(sorted(arcs, key=lambda arc: arc.adds)) for arcs in leaving)
        return Graph(tuple(self.words), tuple(by_adds), tuple(most), begin)

    def node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def step(self, source: int, target: int, cost: float = 0.0) -> None:
        """An arc without a word."""
        self.arcs.append(Arc(source, target, NO_WORD, 0, cost))

    def say(
        self,
        source: int,
        target: int,
        spellings: Spellings,
        adds: int = 0,
        cost: float = 0.0,
        *,
        one: str = "",
        around: bool = False,
    ) -> None:
        """An arc with a word; none where the language has no such word."""
        if not spellings:
            return
        known = id(spellings), around
        if known not in self.numbers_of_words:
            self.numbers_of_words[known] = len(self.words)
            is_one = spellings is self.language.numbers[1] or spellings is _DIGITS[1]
            self.words.append(Word(spellings, one, around, is_one))
        self.arcs.append(Arc(source, target, self.numbers_of_words[known], adds, cost))

    def optional(self, source: int, spellings: Spellings, cost: float, *, around: bool = False) -> int:
        """A word that may be left out."""
        target = self.node()
        self.step(source, target)
        self.say(source, target, spellings, 0, cost, around=around)
        return target

    def below_hundred(self, source: int, scale: int, most: int = 99) -> int:
        """1 to 99 in words or in figures, or 1 to 9 where `most` is less."""
        words, figures, tens, target = self.node(), self.node(), self.node(), self.node()
        numbers = self.language.numbers
        for number in range(1, min(most, 19) + 1):
            self.say(source, target, numbers[number], number * scale)
        for digit in range(1, 10):
            self.say(source, target, _DIGITS[digit], digit * scale, HABITS.figures)
        if most > 9:
            for number in range(20, 100, 10):
                self.say(source, words, numbers[number], number * scale)
            self.step(words, target)
            for digit in range(1, 10):
                self.say(words, target, numbers[digit], digit * scale)
            self.step(source, figures, HABITS.figures)
            self._two_figures(figures, tens, target, scale, least=1)
        return target

    def _two_figures(self, source: int, tens: int, target: int, scale: int, least: int) -> None:
        for digit in range(least, 10):
            self.say(source, tens, _DIGITS[digit], digit * 10 * scale)
        for digit in range(10):
            self.say(tens, target, _DIGITS[digit], digit * scale)

    def below_thousand(self, source: int, scale: int, hundreds: int) -> int:
        """A number of hundreds and a number below a hundred, or one of them.

        Args:
            source: Where it begins.
            scale: By what it is multiplied, in hundredths.
            hundreds: A node that hundreds reach from elsewhere.
        """
        joined = self.node()
        self.step(hundreds, joined)
        self.say(hundreds, joined, self.language.join, 0, HABITS.join_last)
        self.step(source, joined)
        rest = self.below_hundred(joined, scale)
        target = self.node()
        self.step(hundreds, target)
        self.step(rest, target)
        return target

    def hundreds(self, source: int, scale: int, most: int) -> int:
        """A number of hundreds."""
        hundred, count, target = self.language.units[-1], self.below_hundred(source, scale * 100, most), self.node()
        self.say(count, target, hundred.spellings, one=hundred.one)
        self.say(source, target, hundred.spellings, scale * 100, HABITS.no_one, one=hundred.one)
        return target

    def joined(self, begin: int, said: int | None, cost: float) -> int:
        """Where a next part begins: at the amount's beginning, or behind what was said, perhaps after an "and"."""
        target = self.node()
        self.step(begin, target)
        if said is not None:
            self.step(said, target)
            self.say(said, target, self.language.join, 0, cost)
        return target

    def group(self, begin: int, said: int | None, unit: Unit) -> int:
        """A number before a great unit, and the unit; may be left out."""
        numbers = self.joined(begin, said, HABITS.join_inside)
        scale = unit.value * WHOLE
        if unit.most > 99:
            count = self.below_thousand(numbers, scale, self.hundreds(numbers, scale, 9))
        else:
            count = self.below_hundred(numbers, scale)
        target = self.node()
        self.say(count, target, unit.spellings, one=unit.one)
        self.say(numbers, target, unit.spellings, scale, HABITS.no_one, one=unit.one)
        if said is not None:
            self.step(said, target)
        return target

    def below_thousand_last(self, begin: int, said: int | None) -> int:
        """What stands behind all great units; may be left out. Without these, up to 99 hundreds."""
        many = self.node()
        self.step(begin, many, HABITS.many_hundreds)
        many = self.hundreds(many, WHOLE, self.language.units[-1].most)
        numbers = self.joined(begin, said, HABITS.join_last)
        hundreds = self.hundreds(numbers, WHOLE, 9)
        self.step(many, hundreds)
        target = self.below_thousand(numbers, WHOLE, hundreds)
        if said is not None:
            after = self.node()
            self.step(target, after)
            self.step(said, after)
            target = after
        return target

    def hundredths(self, begin: int, source: int) -> int:
        """The cents in one of their forms; may be left out, unless nothing was said before them."""
        forms, zero, start = self.language.hundredths, self.node(), self.node()
        self.say(begin, zero, self.language.numbers[0], 0, HABITS.zero)
        self.step(begin, start, HABITS.zero)
        for before in (zero, source):
            self.step(before, start, HABITS.no_join)
            self.say(before, start, self.language.join)
        dear = {
            form: HABITS.cents if form == forms.usual else HABITS.rare_cents
            for form in ("words", "words_first", "strokes")
        }
        first, point, figures, tens, both = (self.node() for _ in range(5))
        self.say(start, first, forms.words_first, 0, dear["words_first"])
        after_first = self.below_hundred(first, 1)
        before = self.below_hundred(start, 1)
        self.say(start, point, forms.point, 0, HABITS.rare_cents)
        after_point = self.below_hundred(point, 1)
        self.step(start, figures, dear["strokes"])
        self._two_figures(figures, tens, both, 1, least=0)
        target = self.node()
        self.say(both, target, forms.strokes)
        for digit in range(1, 10):  # 5/100
            self.say(figures, both, _DIGITS[digit], digit, HABITS.rare_cents)
        self.say(before, target, forms.words, 0, dear["words"])
        self.step(after_first, target)
        self.step(after_point, target)
        self.say(start, target, forms.none, 0, HABITS.no_cents)
        self.step(source, target)
        return target
