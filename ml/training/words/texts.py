"""What people write on the line of an amount in words, and what else stands on such lines.

A seed's generator comes in, a text leaves. `label` says which signs of it the network is to name.
"""

from __future__ import annotations

from numpy.random import Generator

from ml.reading.words.alphabet import SIGNS

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_MISSPELT = {
    "forty": ("fourty", "forty", "fortty"),
    "four": ("four", "foure"),
    "ninety": ("ninty", "nighty"),
    "nineteen": ("ninteen",),
    "eight": ("eigth", "eight"),
    "eighty": ("eigthy", "eighty"),
    "twelve": ("twelwe", "twelf"),
    "fifteen": ("fiveteen", "fifteen"),
    "thousand": ("thousands", "thousant", "thousend", "thousand"),
    "hundred": ("hundreds", "hundered", "hundread", "hundred"),
    "lakh": ("lac", "lack", "lakhs", "lacs", "laks", "laxs", "lacks"),
    "crore": ("crores", "cror", "core"),
}
_NAMES = [
    "Anderson",
    "Baker",
    "Chandra",
    "Desai",
    "Edwards",
    "Fernandez",
    "Gupta",
    "Hughes",
    "Iyer",
    "Jackson",
    "Kumar",
    "Lakshmi",
    "Murphy",
    "Nguyen",
    "Oliver",
    "Patel",
    "Quinn",
    "Reddy",
    "Sharma",
    "Thompson",
    "Usha",
    "Verma",
    "Williams",
    "Xavier",
    "Young",
    "Zhang",
    "Street",
    "Road",
    "Bank",
    "Limited",
    "Trust",
    "Company",
    "Account",
    "Payee",
    "Bearer",
    "Order",
    "Date",
    "Branch",
    "School",
    "Church",
    "Insurance",
    "Monthly",
    "Rent",
    "Invoice",
    "Water",
    "Power",
    "Garden",
    "Sunday",
    "March",
    "Cash",
    "Please",
    "Return",
    "Received",
    "Thanks",
    "Project",
    "Window",
    "Kitchen",
    "Bridge",
    "Yellow",
    "Mixed",
    "Square",
    "Juice",
    "Quarter",
    "Fixed",
    "Jumbo",
]


def label(text: str) -> str:
    """The signs of a text that the network names: case folded, without spaces and other marks."""
    return "".join(sign for sign in text.lower() if sign in SIGNS)


def line_text(rng: Generator) -> str:
    """A line's text: nine of ten are amounts, as people write them; the others names, words or random letters."""
    if rng.random() < 0.1:
        return _other(rng)
    words = _indian(rng) if rng.random() < 0.5 else _american(rng)
    return " ".join(_cased(words, rng))


def _cased(words: list[str], rng: Generator) -> list[str]:
    """Words as a person writes them: each with a capital, the first alone, none, or capitals throughout."""
    habit = rng.random()
    if habit < 0.45:
        return [word.title() if word not in ("and", "only") or rng.random() < 0.5 else word for word in words]
    if habit < 0.6:
        return [words[0].title(), *words[1:]]
    if habit < 0.75:
        return words
    if habit < 0.9:
        return [word.upper() for word in words]
    if habit < 0.95:
        return [word.upper() if rng.random() < 0.4 else word.title() for word in words]
    return ["".join(sign.upper() if rng.random() < 0.15 else sign for sign in word) for word in words]


def _below_hundred(value: int, rng: Generator) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    tens, ones = divmod(value, 10)
    if not ones:
        return [_TENS[tens - 1]]
    if rng.random() < 0.2:
        return [f"{_TENS[tens - 1]}-{_ONES[ones]}"]
    return [_TENS[tens - 1] + _ONES[ones]] if rng.random() < 0.06 else [_TENS[tens - 1], _ONES[ones]]


def _below_thousand(value: int, rng: Generator) -> list[str]:
    hundreds, rest = divmod(value, 100)
    words = [*_below_hundred(hundreds, rng), "hundred"] if hundreds else []
    if rest:
        words += ["and"] * (bool(words) and rng.random() < 0.3) + _below_hundred(rest, rng)
    return words


def _misspelt(words: list[str], share: float, rng: Generator) -> list[str]:
    return [str(rng.choice(_MISSPELT[word])) if word in _MISSPELT and rng.random() < share else word for word in words]


def _count(rng: Generator, most: int) -> int:
    """A count below `most`: round ones and small ones are as frequent as all others together."""
    return int(rng.choice((rng.integers(1, 20), 10 * rng.integers(1, 10), rng.integers(1, most)))) % most


def _indian(rng: Generator) -> list[str]:
    words: list[str] = ["rupees"] * (rng.random() < 0.12)
    for unit, share in (("crore", 0.3), ("lakh", 0.65), ("thousand", 0.65)):
        count = _count(rng, 100)
        if count and rng.random() < share:
            plural = "s" if count > 1 and rng.random() < 0.55 and unit != "thousand" else ""
            words += [*_below_hundred(count, rng), unit + plural]
    rest = _count(rng, 1000)
    if rest and (rng.random() < 0.45 or not words):
        words += _below_thousand(rest, rng)
    words = _misspelt(words, 0.25, rng)
    end = rng.random()
    return words + (["only"] if end < 0.45 else ["only", "/-"] if end < 0.5 else ["/-"] if end < 0.55 else [])


def _american(rng: Generator) -> list[str]:
    words: list[str] = []
    for unit, share in (("million", 0.05), ("thousand", 0.5)):
        count = _count(rng, 1000)
        if count and rng.random() < share:
            words += [*_below_thousand(count, rng), unit]
    rest = _count(rng, 1000)
    if rest and (rng.random() < 0.85 or not words):
        words += _below_thousand(rest, rng)
    words = _misspelt(words or ["zero"], 0.1, rng)
    words += ["dollars"] * (rng.random() < 0.15)
    end = rng.random()
    if end < 0.65:
        joint = str(rng.choice(("and", "&", "and", "")))
        words += [joint] * bool(joint) + [fraction(rng)]
    return words + ["only"] * (end > 0.9)


def fraction(rng: Generator) -> str:
    """Cents as a fraction: "50/100", "no/100", "xx/100"."""
    few = str(rng.choice(("00", "0", "no", "xx", f"{rng.integers(100):02d}", f"{rng.integers(100):02d}")))
    return f"{few}/{'100' if rng.random() < 0.92 else 'xx'}"


def _other(rng: Generator) -> str:
    count = int(rng.integers(1, 6))
    if rng.random() < 0.5:
        return " ".join(str(rng.choice(_NAMES)) for _ in range(count))
    if rng.random() < 0.3:
        return str(rng.integers(0, 10 ** int(rng.integers(1, 9)))) + "/-" * (rng.random() < 0.5)
    letters = [
        "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), size=int(rng.integers(2, 10)))) for _ in range(count)
    ]
    return " ".join(_cased(letters, rng))
