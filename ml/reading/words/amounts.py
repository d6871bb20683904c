"""Amounts in words: a line's frames in, the likeliest amounts out, or the log likelihoods of given amounts.

Both are on one scale, that of one line: the logarithm of the best way to write the amount and to spread it over the
frames, with the costs of wrong, missing and additional letters. Between lines, only differences to `log_nothing` may be
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ml.reading.recognisers.ctc import LogChances
from ml.reading.words.constants import SEARCH
from ml.reading.words.graph import WHOLE, Graph, graph_of
from ml.reading.words.languages import Language, language
from ml.reading.words.likelihoods import Likelihoods
from ml.reading.words.noise import Tolerant
from ml.reading.words.search import likeliest
from ml.reading.words.spans import Spans, Vocabulary
from ml.reading.words.spelling import any_way, as_text, usual_way


@dataclass(frozen=True, slots=True)
class WordsHypothesis:
    """One amount that a line may say.

    Attributes:
        value: With two decimals.
        text: The words as they are spelt, without those around the amount: "five crores ten lakhs".
        log: The logarithm of its likelihood, on the scale of its line.
    """

    value: Decimal
    text: str
    log: float


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A line as it was seen once, held against a grammar.

    Attributes:
        graph: All ways to write an amount.
        vocabulary: The graph's words, in its order.
        tolerant: The line's frames with what wrong letters cost.
        spans: What each word costs on each stretch of it.
    """

    graph: Graph
    vocabulary: Vocabulary
    tolerant: Tolerant
    spans: Spans

    def n_best(self, count: int) -> list[WordsHypothesis]:
        """The likeliest amounts of all, best first, `count` at most; none for a line without frames."""
        if not self.spans.frames:
            return []
        found = likeliest(self.graph, self.spans, self.tolerant)[: max(count, SEARCH.scored)]
        scored = self._held(found)
        best = sorted(found, key=lambda amount: -scored.log(amount))[:count]
        return [
            WordsHypothesis(
                Decimal(amount) / WHOLE,
                as_text(self.graph, self.vocabulary, scored.best_way(amount)),
                scored.log(amount),
            )
            for amount in best
        ]

    def log_likelihoods(self, values: Sequence[Decimal]) -> NDArray[np.float64]:
        """How well each of some amounts explains the line, over all ways to write it.

        Args:
            values: Amounts above 0, of whole hundredths.

        Returns:
            float64, one logarithm for each; minus infinity for an amount that the language cannot write.
        """
        amounts = [_hundredths(value) for value in values]
        scored = self._held({amount for amount in amounts if amount is not None})
        return np.array([-np.inf if amount is None else scored.log(amount) for amount in amounts])

    @property
    def log_nothing(self) -> float:
        """The logarithm of a line on which no amount stands, on the same scale: all its frames are passed over."""
        return float(self.tolerant.around.sum())

    def _held(self, amounts: Iterable[int]) -> Likelihoods:
        return Likelihoods(self.graph, self.vocabulary, self.spans, self.tolerant, tuple(sorted(set(amounts))))


@dataclass(frozen=True, slots=True, eq=False)
class AmountGrammar:
    """The amounts of one language; safe to share between threads.

    Attributes:
        graph: All ways to write an amount.
        vocabulary: The graph's words, in its order.
    """

    graph: Graph
    vocabulary: Vocabulary

    @classmethod
    def of(cls, name: str) -> AmountGrammar:
        """The grammar of a language that the project ships: "en", "en-india".

        Raises:
            ValueError: There is no such language.
        """
        return _shipped(name)

    @classmethod
    def of_language(cls, table: Language) -> AmountGrammar:
        """The grammar of any language.

        Raises:
            ValueError: A word has a sign that is not in the alphabet.
        """
        graph = graph_of(table)
        return cls(graph, Vocabulary.of([word.spellings for word in graph.words]))

    def look(self, frames: LogChances) -> Look:
        """Hold the grammar's words against a line.

        Args:
            frames: float64, frames × 39, logarithms over `ml.reading.words.alphabet.SIGNS`, the blank last.

        Raises:
            ValueError: The frames are over other signs.
        """
        tolerant = Tolerant.of(frames)
        return Look(self.graph, self.vocabulary, tolerant, Spans.of(tolerant, self.vocabulary))

    def usual(self, value: Decimal) -> str:
        """The usual way to write an amount, in lower case: "two hundred and 45/100".

        Raises:
            ValueError: The language cannot write the amount.
        """
        return as_text(self.graph, self.vocabulary, usual_way(self.graph, self.vocabulary, _writable(value)))

    def another(self, value: Decimal, rng: np.random.Generator) -> str:
        """A way that people write an amount, at random, misspellings and words around it included; in lower case.

        Raises:
            ValueError: The language cannot write the amount.
        """
        way = any_way(self.graph, self.vocabulary, _writable(value), rng)
        return as_text(self.graph, self.vocabulary, way, around=True)


@cache
def _shipped(name: str) -> AmountGrammar:
    return AmountGrammar.of_language(language(name))


def _hundredths(value: Decimal) -> int | None:
    """An amount in hundredths; None where it is none above 0."""
    hundredths = value * WHOLE
    return int(hundredths) if hundredths > 0 and hundredths == hundredths.to_integral_value() else None


def _writable(value: Decimal) -> int:
    hundredths = _hundredths(value)
    if hundredths is None:
        raise ValueError(f"{value} is no amount")
    return hundredths
