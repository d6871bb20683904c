"""Counts what was found on a page against what stands there: found right, passing right, passing wrong.

Decimal marks and signs count. Where it is known where each number stands, a reading is compared with the number that it
overlaps; else with all numbers of the page that no other reading has taken yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ml.reading.elements import Box
from ml.reading.operating_points import wilson
from ml.training.pages.page import Written

_SAME_SIGN = str.maketrans({",": ".", "·": ".", "−": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Found:
    """A number that a reader found on a page.

    Attributes:
        value: As it gives it.
        confidence: 0 to 1.
        passes: Whether it passes without a person.
        box: In pixels of the page; None where the page was cut out or turned before it was read.
    """

    value: str
    confidence: float
    passes: bool
    box: Box | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A number that passed and is wrong.

    Attributes:
        found: As it was read.
        stands: What stands there; empty where nothing does, or where that is not known.
    """

    found: Found
    stands: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted on one page or on several.

    Attributes:
        written: Numbers that stand there.
        found_right: Of these, read right, whether or not they pass.
        passing_right: Of these, read right and passing.
        mistakes: What passed and is wrong.
    """

    written: int = 0
    found_right: int = 0
    passing_right: int = 0
    mistakes: tuple[Mistake, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.written + other.written,
            self.found_right + other.found_right,
            self.passing_right + other.passing_right,
            self.mistakes + other.mistakes,
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """The counts as cells of a table, in the order of `HEAD`."""
        passing = self.passing_right + len(self.mistakes)
        low, high = wilson(len(self.mistakes), passing)
        return (
            f"{self.written:,}",
            _share(self.found_right, self.written),
            _share(self.passing_right, self.written),
            _share(len(self.mistakes), passing),
            f"{low:.1%} to {high:.1%}" if passing else "",
        )


HEAD = ("numbers written", "found right", "passing right", "passing wrong, of those that pass", "95 % interval")


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else f"{part:,}"


def same_form(value: str) -> str:
    """A value in a form in which equal numbers are equal: a decimal comma or a raised point is a point."""
    return value.strip().translate(_SAME_SIGN)


def count_by_place(written: Sequence[Written], found: Sequence[Found]) -> Counts:
    """Compare each reading with the number that it overlaps most; a number is read once.

    Args:
        written: With their places on the page.
        found: With theirs. Without a box, a reading is compared by its value alone.
    """
    if any(reading.box is None for reading in found):
        return count_by_value([number.value for number in written], found)
    left = list(written)
    right: list[Found] = []
    mistakes: list[Mistake] = []
    for reading in sorted(found, key=_surest_first):
        number = max(left, key=lambda number: _shared(number.box, reading.box), default=None)
        overlaps = number is not None and _shared(number.box, reading.box) > 0
        if number is not None and overlaps and same_form(number.value) == same_form(reading.value):
            left.remove(number)
            right.append(reading)
        elif reading.passes:
            mistakes.append(Mistake(reading, _standing(written, reading)))
    return Counts(len(written), len(right), sum(reading.passes for reading in right), tuple(mistakes))


def count_by_value(values: Sequence[str], found: Sequence[Found]) -> Counts:
    """Compare readings with a page's numbers wherever they stand; each number is read once.

    Args:
        values: The numbers. A "?" behind one says that a person could not be sure of it: it is not counted, and a
            reading with as many digits may be it, and is neither right nor wrong.
        found: What was read.
    """
    left = Counter(same_form(value) for value in values if "?" not in value)
    doubtful = Counter(_digits(value) for value in values if "?" in value)
    written, right = left.total(), []
    mistakes: list[Mistake] = []
    for reading in sorted(found, key=_surest_first):
        value = same_form(reading.value)
        if left[value]:
            left[value] -= 1
            right.append(reading)
        elif doubtful[_digits(value)]:
            doubtful[_digits(value)] -= 1
        elif reading.passes:
            mistakes.append(Mistake(reading, ""))
    return Counts(written, len(right), sum(reading.passes for reading in right), tuple(mistakes))


def _surest_first(reading: Found) -> tuple[bool, float]:
    return not reading.passes, -reading.confidence


def _digits(value: str) -> int:
    return len(re.findall("[0-9]", value))


def _shared(one: Box, other: Box | None) -> int:
    """The area that two boxes share, in pixels."""
    if other is None:
        return 0
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, across) * max(0, down)


def _standing(written: Sequence[Written], reading: Found) -> str:
    """What stands where a reading is: the values of all numbers that it overlaps."""
    return " ".join(number.value for number in written if _shared(number.box, reading.box) > 0)
