"""Constants set by hand: their values, the ranges in which they may be turned, and where each value comes from.

Each stage keeps its constants in one frozen dataclass, in the `constants.py` of its room. A module that stands in no
room keeps them at its head:

    @dataclass(frozen=True, slots=True)
    class RulingConstants(Constants):
        longest_bar: float = by_eye(1.4, "heights of the writing", (1.0, 2.0), "A digit's bar is no longer.")

    RULING = RulingConstants()

Code reads `RULING.longest_bar` where it needs it, and keeps no copy. So the sensitivity report can turn one constant at
a time (`python -m ml.evaluation.evaluate --only sensitivity`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)


class Origin(StrEnum):
    """Where a constant's value comes from."""

    STANDARD = "standard"
    MEASURED = "measured"
    BY_EYE = "by eye"


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant of a stage.

    Attributes:
        name: The attribute by which code reads it.
        value: The value now; the default, unless it was turned.
        unit: What the value counts, in words: "millimetres", "share".
        allowed: Least and greatest value with which its stage still makes sense, both included.
        origin: Where the default comes from.
        why: What the constant is for. It names the standard or the measurement, where the default comes from one.
    """

    name: str
    value: float
    unit: str
    allowed: tuple[float, float]
    origin: Origin
    why: str


@dataclass(frozen=True, slots=True)
class Constants:
    """Base of each stage's constants.

    Raises:
        ValueError: A constant lies outside its allowed range.
    """

    def __post_init__(self) -> None:
        for constant in self.each():
            if not constant.allowed[0] <= constant.value <= constant.allowed[1]:
                name = f"{type(self).__name__}.{constant.name}"
                raise ValueError(f"{name} is {constant.value}, outside {constant.allowed}")

    def each(self) -> Iterator[Constant]:
        """Each constant of the stage, with its value now."""
        for attribute in fields(self):
            yield Constant(attribute.name, getattr(self, attribute.name), **attribute.metadata)


def standard(value: Number, unit: str, allowed: tuple[float, float], why: str) -> Number:
    """A constant that a standard sets; `why` names the standard."""
    return _constant(value, unit, allowed, Origin.STANDARD, why)


def measured(value: Number, unit: str, allowed: tuple[float, float], why: str) -> Number:
    """A constant chosen by counting results; `why` names the data."""
    return _constant(value, unit, allowed, Origin.MEASURED, why)


def by_eye(value: Number, unit: str, allowed: tuple[float, float], why: str) -> Number:
    """A constant chosen by looking at pictures."""
    return _constant(value, unit, allowed, Origin.BY_EYE, why)


def _constant(value: Number, unit: str, allowed: tuple[float, float], origin: Origin, why: str) -> Number:
    metadata: dict[str, Any] = {"unit": unit, "allowed": allowed, "origin": origin, "why": why}
    return field(default=value, metadata=metadata)
