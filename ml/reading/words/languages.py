"""Languages of amounts: tables of words with the spellings people use, read from JSON.

A file in `languages/` is one language. A language that counts in the same way (a number below a hundred is a word for
its tens and one for its ones; numbers stand before their unit; greater units stand first) is added by a file alone.

Each spelling has a cost, in nats: the logarithm of how much rarer it is than the usual spelling, misspellings included.
Spellings are in the signs of `ml.reading.words.alphabet`: lower case, without accents. A spelling may have spaces; they
count for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SHIPPED = Path(__file__).parent / "languages"

Spellings = Mapping[str, float]
"""The spellings of one word, each with its cost in nats; the usual one costs least."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word that multiplies the number before it: hundred, thousand, lakh.

    Attributes:
        value: By what it multiplies.
        most: The greatest number that stands before it.
        spellings: Its word.
        one: How it is spelt after one where that differs, else empty: "crore", not "crores".
    """

    value: int
    most: int
    spellings: Spellings
    one: str = ""


@dataclass(frozen=True, slots=True)
class Hundredths:
    """How the cents of an amount are written.

    Attributes:
        words: Stand behind a number: "cents".
        words_first: Stand before a number: "paise".
        strokes: Stand behind two digits: "/100".
        none: Say that there are none: "00/100", "no cents".
        point: Stands before two digits or a number: "point".
        usual: The attribute that people use most: "words", "words_first", "strokes".
    """

    words: Spellings
    words_first: Spellings
    strokes: Spellings
    none: Spellings
    point: Spellings
    usual: str


@dataclass(frozen=True, slots=True)
class Language:
    """The words of amounts.

    Attributes:
        name: Of its file, "en-india".
        numbers: Spellings of 0 to 19, and of 20, 30 to 90.
        units: The greatest first; the last one is the hundred.
        join: The word that may stand before a last part: "and".
        before: Words that may stand before the amount: "rupees".
        currency: Words that may stand between the amount and its cents: "dollars".
        after: Words that may stand behind: "only".
        hundredths: Of its currency.
    """

    name: str
    numbers: Mapping[int, Spellings]
    units: tuple[Unit, ...]
    join: Spellings
    before: Spellings
    currency: Spellings
    after: Spellings
    hundredths: Hundredths

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Language:
        """A language from its table.

        Raises:
            ValueError: A part is missing or of the wrong kind; the sentence names it.
        """
        try:
            language = cls(
                name=data["name"],
                numbers=MappingProxyType({int(number): _spellings(it) for number, it in data["numbers"].items()}),
                units=tuple(map(_unit, data["units"])),
                join=_spellings(data["and"]),
                before=_spellings(data["before"]),
                currency=_spellings(data["currency"]),
                after=_spellings(data["after"]),
                hundredths=_hundredths(data["hundredths"]),
            )
        except KeyError as error:
            raise ValueError(f"this is no language: {error} is missing") from error
        except (TypeError, AttributeError) as error:
            raise ValueError(f"this is no language: {error}") from error
        language._check()
        return language

    def _check(self) -> None:
        missing = {*range(20), *range(20, 100, 10)} - set(self.numbers)
        if missing:
            raise ValueError(f"the numbers {sorted(missing)} have no word")
        values = [unit.value for unit in self.units]
        if not values or values[-1] != 100 or values != sorted(values, reverse=True):
            raise ValueError("units stand from the greatest to the hundred, which is the last")


def _spellings(data: Mapping[str, Any]) -> Spellings:
    return MappingProxyType({str(spelling): float(cost) for spelling, cost in data.items()})


def _unit(data: Mapping[str, Any]) -> Unit:
    return Unit(int(data["value"]), int(data["most"]), _spellings(data["spellings"]), str(data.get("one", "")))


def _hundredths(data: Mapping[str, Any]) -> Hundredths:
    parts = {name: _spellings(data[name]) for name in ("words", "words_first", "strokes", "none", "point")}
    return Hundredths(usual=str(data["usual"]), **parts)


@cache
def language(name: str) -> Language:
    """A language that the project ships.

    Raises:
        ValueError: There is no language of this name.
    """
    if name not in shipped_languages():
        raise ValueError(f"there is no language {name!r}, only {', '.join(shipped_languages())}")
    return Language.from_json(json.loads((SHIPPED / f"{name}.json").read_text("utf-8")))


@cache
def shipped_languages() -> tuple[str, ...]:
    """The names of the languages that come with the project, in order."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.json")))
