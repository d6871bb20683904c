"""The legal amount: a zone with an amount in words in, what it says of the amount in figures out.

The network of words and the second reader read the written line, as it is and its ink alone. A grammar of amounts holds
what they see against each amount that the figures may be, and against all others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import Agreement, Box, Words
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.forms.layouts import LayoutField
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.recognisers.ctc import LogChances
from ml.reading.recognisers.line_network import letters
from ml.reading.sheets.align import Aligned
from ml.reading.words.amounts import AmountGrammar, Look
from ml.reading.words.constants import AGREEMENT, LINE
from ml.reading.words.line import WordsLine, cuts_writing, find_words_line


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one recogniser sees in one picture of a line.

    Attributes:
        frames: float64, frames × 39, over letters.
        weight: What they count for, 0 to 1.
        proposes: Whether amounts are searched for in them. All are asked how likely each amount is.
    """

    frames: LogChances
    weight: float
    proposes: bool

    def before(self, other: Seen) -> Seen:
        """Two lines as one; the other one stands below."""
        return replace(self, frames=np.concatenate([self.frames, other.frames]))


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A line with an amount in words, as it was read.

    Attributes:
        looks: One for each picture of the line and each recogniser; none where no line was found.
        weights: float64, what each of them counts for; they sum to 1.
        grammar: Of the words.
        texts: The amounts that the words propose, each with its words.
        logs: For each of these its logarithm, the weighted mean of all looks.
        silence: The same of no amount on the line.
        box: Around what a person has to see, in pixels of the page.
        is_alone: Whether no other line may be a part of the amount.
    """

    looks: tuple[Look, ...]
    weights: NDArray[np.float64]
    grammar: AmountGrammar
    texts: Mapping[Decimal, str]
    logs: Mapping[Decimal, float]
    silence: float
    box: Box
    is_alone: bool

    @classmethod
    def nothing(cls, language: str) -> Heard:
        """No line was found."""
        return cls((), np.empty(0), AmountGrammar.of(language), {}, {}, 0.0, Box(0, 0, 1, 1), is_alone=True)

    @classmethod
    def of(cls, seen: Sequence[Seen], grammar: AmountGrammar, box: Box) -> Heard:
        """Hold frames over letters against a grammar; `box` is in pixels of the page."""
        looks = tuple(grammar.look(each.frames) for each in seen)
        weights = np.array([each.weight for each in seen])
        asked = (look for look, each in zip(looks, seen, strict=True) if each.proposes)
        told = [(each.log - look.log_nothing, each) for look in asked for each in look.n_best(AGREEMENT.hypotheses)]
        texts = {each.value: each.text for _, each in sorted(told, key=itemgetter(0))}
        logs = dict(zip(texts, _logs(looks, weights, list(texts)), strict=True))
        silence = float(weights @ [look.log_nothing for look in looks])
        return cls(looks, weights, grammar, texts, logs, silence, box, is_alone=True)

    @property
    def told(self) -> float:
        """By how many nats the likeliest amount explains the line better than none; 0 where there is none."""
        return max(self.logs.values(), default=self.silence) - self.silence

    @property
    def explained(self) -> float:
        """Share of what stands on the line that the likeliest amount explains, 0 to 1."""
        return max(0.0, self.told / -self.silence) if self.silence else 0.0

    def line_among(self, lines: Sequence[CandidateLine]) -> CandidateLine:
        """The first of some lines, or a surer one that says the same as the words.

        Args:
            lines: Those that may be the figures, the likeliest first; at least one.
        """
        said = self.about([])
        best = f"{said.best:.2f}" if said is not None and said.is_clear else ""
        first = lines[0]
        if not best or first.posterior.best == best:
            return first
        same = (line for line in lines if line.posterior.best == best and line.probability >= first.probability)
        return next(same, first)

    def about(self, figures: Sequence[str]) -> Said | None:
        """Hold the amounts that the figures may be, decimals, against the words; None where there are none."""
        more = sorted({value for value in map(Decimal, figures) if value} - set(self.texts))
        if not self.looks or not (more or self.texts):
            return None
        logs = {**self.logs, **dict(zip(more, _logs(self.looks, self.weights, more), strict=True))}
        return Said(self, tuple(logs), np.array(list(logs.values())))


def _logs(looks: Sequence[Look], weights: NDArray[np.float64], values: Sequence[Decimal]) -> list[float]:
    """The logarithm of each of some amounts, the weighted mean of all looks."""
    return list(weights @ [look.log_likelihoods(values) for look in looks]) if values else []


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What a line of words says of some amounts.

    Attributes:
        heard: The line.
        values: The amounts.
        logs: float64, for each its logarithm on the scale of the line.
    """

    heard: Heard
    values: tuple[Decimal, ...]
    logs: NDArray[np.float64]

    @property
    def best(self) -> Decimal:
        """The likeliest amount."""
        return self.values[int(self.logs.argmax())]

    @property
    def is_clear(self) -> bool:
        """Whether they say an amount at all, and all of it stands on their line."""
        return self.explained >= AGREEMENT.says and self.heard.is_alone

    @property
    def explained(self) -> float:
        """Share of what stands on the line that the likeliest amount explains, 0 to 1."""
        share = (self.logs.max() - self.heard.silence) / -self.heard.silence if self.heard.silence else 0.0
        return max(0.0, float(share))

    def knows(self, value: str) -> bool:
        """Whether an amount, a decimal, is within what the words can count."""
        return math.isfinite(self.log_of(value))

    def log_of(self, value: str) -> float:
        """The logarithm of one amount, a decimal; words never say zero."""
        amount = Decimal(value)
        return float(self.logs[self.values.index(amount)]) if amount else self.heard.silence

    def margin_of(self, value: str) -> float:
        """By how many nats the words explain an amount better than any with other digits before the cents.

        Below 0: another one better.
        """
        same, others = self._with_whole_of(Decimal(value)), [self.heard.silence]
        others += [log for other, log in zip(self.values, self.logs, strict=True) if other not in same]
        return max([*same.values(), self.log_of(value)]) - float(max(others))

    def cents_margin_of(self, value: str) -> float:
        """By how many nats they explain it better than the same with other cents; infinite where none were held."""
        others = [log for other, log in self._with_whole_of(Decimal(value)).items() if other != Decimal(value)]
        return self.log_of(value) - max(others) if others else math.inf

    def _with_whole_of(self, amount: Decimal) -> dict[Decimal, float]:
        """The amounts with the same digits before the cents, each with its logarithm."""
        return {
            other: float(log)
            for other, log in zip(self.values, self.logs, strict=True)
            if other.to_integral_value(ROUND_DOWN) == amount.to_integral_value(ROUND_DOWN)
        }

    def joined(self, values: Sequence[str], posterior: NDArray[np.float64]) -> NDArray[np.float64]:
        """The posterior of values by their figures, joined with what the words say: float64, summing to 1.

        Args:
            values: Decimals; an empty one stands for all others.
            posterior: float64, one for each, by the figures alone.
        """
        others = [log for value, log in zip(self.values, self.logs, strict=True) if f"{value:.2f}" not in values]
        logs = np.array([self.log_of(value) if value else max(others, default=self.heard.silence) for value in values])
        # However clear they are, words may be of another amount, or misread.
        behind = np.minimum(AGREEMENT.weight * (logs.max() - logs), AGREEMENT.most)
        shares = posterior * np.exp(-behind)
        joined: NDArray[np.float64] = shares / shares.sum()
        return joined

    def words(self, figures: str) -> Words | None:
        """What they say beside an amount in figures, a decimal or empty.

        None where they say no amount, or the figures are more than they can count.
        """
        if self.explained < AGREEMENT.says or (figures and not self.knows(figures)):
            return None
        behind = float(self.logs.max()) - self.log_of(figures) if figures else 0.0
        share = float(1 / np.exp(AGREEMENT.weight * (self.logs - self.logs.max())).sum())
        text = self.heard.texts.get(self.best) or self.heard.grammar.usual(self.best)
        agreement = _agreement(self.best, Decimal(figures) if figures else None, behind)
        if not self.heard.is_alone:  # they may go on there, and a person has to see all of them
            agreement = Agreement.UNSURE
        return Words(text, f"{self.best:.2f}", share, agreement, self.heard.box)


def _agreement(said: Decimal, figures: Decimal | None, behind: float) -> Agreement:
    """What words say of figures that explain them so many nats worse.

    Cents stand in small figures behind the words, and are often not read: they contradict nothing.
    """
    if said == figures:
        return Agreement.AGREES
    if figures is None:
        return Agreement.UNSURE
    are_cents_alone = said == said.to_integral_value() == figures.to_integral_value(ROUND_DOWN)
    return Agreement.CONTRADICTS if behind >= AGREEMENT.contradicts and not are_cents_alone else Agreement.UNSURE


def hear_words(amount: LayoutField, figures: Box | None, sheet: Aligned, reader: Reader) -> Heard | None:
    """Read the words of an amount on a sheet.

    Args:
        amount: The field with its figures.
        figures: Where they stand, in pixels of the page; None where they were not found.
        sheet: Its layout tells where the words stand.
        reader: Its network of words is asked, and its second reader. Without both, no words are read.

    Returns:
        None where the layout has no words for it, or nobody can read them. Those of an amount in the MICR line are not
        read: it stands there in cents, without a point.
    """
    fields = sheet.layout.fields if not amount.in_micr else ()
    field = next((each for each in fields if each.words_of == amount.name), None)
    if field is None or not reader.reads_words:
        return None
    box = sheet.box_of(field.place)
    if box is None:  # the picture does not show them
        return Heard.nothing(field.language)
    zone = Zone.of(sheet.page, box, sheet.per_mm)
    heard = hear(zone, figures, field.language, reader)
    if zone.is_crowded or not cuts_writing(zone, figures):
        return heard
    room = round(LINE.room * sheet.per_mm)
    higher = Box(box.left, max(0, box.top - room), box.right, min(sheet.page.pixels.shape[0], box.bottom + room))
    again = hear(Zone.of(sheet.page, higher, sheet.per_mm), figures, field.language, reader)
    return max(heard, again, key=lambda one: one.explained)  # what is cut may be the payee as well


def words_alone(amount: LayoutField, sheet: Aligned, reader: Reader) -> Words | None:
    """What the words of an amount say where no figures were found; None where they say none."""
    heard = hear_words(amount, None, sheet, reader)
    said = heard.about([]) if heard is not None else None
    return said.words("") if said is not None else None


def hear(zone: Zone, figures: Box | None, language: str, reader: Reader) -> Heard:
    """Read an amount in words.

    Args:
        zone: In which it stands.
        figures: Where the same amount stands in figures, in pixels of the page.
        language: A name of `ml.reading.forms.layouts.LANGUAGES`.
        reader: Its network of words is asked, and its second reader.
    """
    grammar, line = AmountGrammar.of(language), None if zone.is_crowded else find_words_line(zone, figures)
    if line is None:
        return Heard.nothing(language)
    seen = _see(line, reader)
    heard = Heard.of(seen, grammar, zone.on_page(line.with_room))
    if line.another is None:
        return heard
    lines = sorted([(line.box.top, seen), (line.another.box.top, _see(line.another, reader))], key=itemgetter(0))
    both = Heard.of(
        [first.before(second) for first, second in zip(lines[0][1], lines[1][1], strict=True)], grammar, zone.place
    )
    # The other line is a part of the amount if the amount explains as much of it as of a line of its own.
    if both.told - heard.told >= AGREEMENT.says * (heard.silence - both.silence):
        return both
    return replace(heard, box=zone.place, is_alone=False)


def _see(line: WordsLine, reader: Reader) -> list[Seen]:
    """Ask all recognisers of words about a line; their weights sum to 1.

    They propose in turn, one for each picture: to search takes long, and the others proposed no more on 45 real lines.
    """
    asked: list[tuple[list[LogChances], float]] = []
    if reader.second is not None:
        asked.append((reader.second.reader.letters(line.looks), 1 - AGREEMENT.own_share))
    if reader.words is not None:
        asked.append((letters(reader.words, line.looks), AGREEMENT.own_share))
    total = sum(share * len(frames) for frames, share in asked)
    return [
        Seen(each, share / total, proposes=picture % len(asked) == turn)
        for turn, (frames, share) in enumerate(asked)
        for picture, each in enumerate(frames)
    ]
