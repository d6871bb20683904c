"""Operating points: the error rates that an operator may choose, each with its threshold and read rate.

The cards in `ml/models` go in, plain figures come out. No network is loaded here, so the web process may show them.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent.parent / "models"
"""The folder of networks and their cards."""

SHIPPED_READER = MODELS / "reader.json"
FIELDS_READER = MODELS / "fields_reader.json"
PAGES_READER = MODELS / "pages_reader.json"
AMOUNTS_READER = MODELS / "amounts_reader.json"
"""The cards of the networks of digits and strings, of the networks of fields, of numbers without a layout, and of
amounts in figures beside which the same stands in words."""

NEVER = 1.1
"""A threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """One error rate that may be chosen, and the values it was measured on.

    Attributes:
        error_rate: Share of the accepted values that may be wrong, 0 to 1.
        threshold: The least confidence, 0 to 1, with which a value passes.
        values: Number of values measured, each compared with its truth.
        passed: Number of these that passed.
        wrong: Number of these that passed and were wrong.
        bound: Upper end of the error rate's 95 % interval, 0 to 1, for values like those measured.
        more_needed: Number of further values, all of them right where they pass, that would prove the error rate; 0
            where it is proved.
    """

    error_rate: float
    threshold: float
    values: int
    passed: int
    wrong: int
    bound: float
    more_needed: int

    @property
    def read_rate(self) -> float:
        """Share of the values that passed, 0 to 1."""
        return self.passed / self.values if self.values else 0.0

    @property
    def read_rate_interval(self) -> tuple[float, float]:
        """The read rate's 95 % interval."""
        return wilson(self.passed, self.values)

    @property
    def proved(self) -> bool:
        """Whether the measured values are enough to prove the error rate."""
        return self.more_needed == 0


def wilson(hits: int, count: int, deviations: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share.

    Args:
        hits: Number of cases that have the property.
        count: Number of all cases.
        deviations: Standard deviations to both sides: 1.96 for 95 %.

    Returns:
        Lower and upper end, 0 to 1; both ends of that range where `count` is 0.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, deviations**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = deviations * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def threshold_of(offers: Sequence[OperatingPoint], error_rate: float) -> float:
    """The threshold of the greatest offered error rate that does not exceed the chosen one.

    Args:
        offers: Operating points, the least error rate first.
        error_rate: The chosen error rate, 0 to 1.

    Returns:
        The least confidence that passes, 0 to 1; `NEVER` where every offered error rate exceeds the chosen one.
    """
    fit = [offer.threshold for offer in offers if offer.error_rate <= error_rate * (1 + 1e-9)]
    return fit[-1] if fit else NEVER


def operating_points_in(card: Mapping[str, Any]) -> tuple[OperatingPoint, ...]:
    """The operating points on a part of a card, the least error rate first."""
    return tuple(OperatingPoint(**offer) for offer in card["points"])


def second_reader_is_installed() -> bool:
    """Whether the extra `second-reader` is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def shipped_card() -> dict[str, Any]:
    """The content of `reader.json`."""
    card: dict[str, Any] = json.loads(SHIPPED_READER.read_text("utf-8"))
    return card


def shipped_operating_points(*, with_second: bool) -> dict[str, tuple[OperatingPoint, ...]]:
    """The operating points by the place where a number stands, with the second reader or without it.

    Returns:
        "strip", "field", "amount" with the second reader, "box", "cell" and "page", each with its
        points, the least error rate first.
    """
    cards = (json.loads(file.read_text("utf-8")) for file in (SHIPPED_READER, FIELDS_READER, PAGES_READER))
    strips, fields, pages = (_part(card, with_second) for card in cards)
    parts = {"strip": strips, "field": fields}
    if with_second:
        parts["amount"] = json.loads(AMOUNTS_READER.read_text("utf-8"))["with_second"]
    parts |= {place: pages[place] for place in ("box", "cell", "page")}
    return {place: operating_points_in(part) for place, part in parts.items()}


def _part(card: dict[str, Any], with_second: bool) -> dict[str, Any]:
    part: dict[str, Any] = card["with_second" if with_second and "with_second" in card else "alone"]
    return part
