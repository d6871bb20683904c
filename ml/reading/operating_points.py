"""The error rate that an operator lives with, and what passes without a person at that rate.

Plain figures, stored with the model and read by whoever shows them; no network here.
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
SHIPPED_READER = MODELS / "reader.json"

NEVER = 1.1
"""A threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """One error rate that may be chosen.

    Attributes:
        error_rate: Of what passes, so much may be wrong.
        threshold: The least confidence, 0 to 1, at which a number then passes.
        values: How many checked values stand behind it.
        passed: How many of them passed.
        wrong: How many of those were wrong.
        bound: With 95 % certainty no more than this share of what passes is wrong, for values like those checked.
        more_needed: So many more checked values, none of those that pass wrong, and the rate would be proved; 0 where
            it is.
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
        """Share of all values that passes."""
        return self.passed / self.values if self.values else 0.0

    @property
    def read_rate_interval(self) -> tuple[float, float]:
        """That share's 95 % interval."""
        return wilson(self.passed, self.values)

    @property
    def proved(self) -> bool:
        """Whether the checked values bear the rate out."""
        return self.more_needed == 0


def wilson(wrong: int, count: int, deviations: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share; from 0 to 1 where nothing was counted.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    if count == 0:
        return 0.0, 1.0
    share, square = wrong / count, deviations**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = deviations * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def threshold_of(offers: Sequence[OperatingPoint], error_rate: float) -> float:
    """The least confidence that passes, for the greatest rate offered that is no more than the one asked for.

    Nothing passes below the least rate offered.
    """
    fit = [offer.threshold for offer in offers if offer.error_rate <= error_rate * (1 + 1e-9)]
    return fit[-1] if fit else NEVER


def operating_points_in(card: Mapping[str, Any], kind: str) -> tuple[OperatingPoint, ...]:
    """What a part of `reader.json` offers, the least error rate first.

    Args:
        card: Its part "alone" or "with_second".
        kind: "strips" that are one number, or "pages" with any number.
    """
    return tuple(OperatingPoint(**offer) for offer in card[kind])


def second_reader_is_installed() -> bool:
    """Whether the extra `second-reader` is there."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def shipped_card() -> dict[str, Any]:
    """`reader.json`."""
    card: dict[str, Any] = json.loads(SHIPPED_READER.read_text("utf-8"))
    return card


def shipped_operating_points(*, with_second: bool) -> tuple[OperatingPoint, ...]:
    """What may be chosen for strips, with the second reader at hand or without."""
    card = shipped_card()
    return operating_points_in(card["with_second" if with_second and "with_second" in card else "alone"], "strips")
