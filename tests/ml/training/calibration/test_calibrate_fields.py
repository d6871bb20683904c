"""Calibration of fields: what is composed for it, and what it makes of recognisers whose error rates are known."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.forms.layouts import Kind
from ml.reading.recognisers.combine import CandidateScores
from ml.training.calibration.calibrate_fields import _compose_field, rule_card
from ml.training.calibration.fitting import Observation
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers

pytestmark = pytest.mark.training


def observed(count: int, seed: int) -> list[Observation]:
    """Fields read by two recognisers: the first is right nine times in ten, the second half the time."""
    rng = np.random.default_rng(seed)
    seen = []
    for _ in range(count):
        first, second = rng.random() < 0.9, rng.random() < 0.5
        best_values = ("right" if first else "wrong", "right" if second else "wrong")
        logs = np.log([[0.9 if one == value else 0.1 for one in best_values] for value in ("right", "wrong")])
        seen.append(Observation(CandidateScores(("right", "wrong"), logs, best_values), "right"))
    return seen


def test_the_better_reading_counts_more_and_agreement_makes_sure() -> None:
    seen = observed(400, 1)
    card = rule_card(seen, np.arange(400) % 2 == 0, np.arange(400) >= 100)
    first, second = card["calibration"]["weights"]
    assert first > second
    assert card["both_ways"]["right_all_read"] > 0.85
    assert card["both_ways"]["fields"] == 300  # those that are counted
    assert [offer["error_rate"] for offer in card["points"]] == sorted(offer["error_rate"] for offer in card["points"])


@pytest.mark.parametrize("kind", [Kind.AMOUNT, Kind.DATE])
def test_what_is_composed_means_something_without_doubt(kind: Kind, digits: Digits) -> None:
    rng, writers = np.random.default_rng(2), Writers(digits)
    filled = [one for _ in range(40) if (one := _compose_field(kind, writers, rng)) is not None]
    assert len(filled) > 15
    assert {one.field.kind for one in filled} == {kind}
    assert all(one.value and one.picture.ndim == 3 for one in filled)
    if kind is Kind.AMOUNT:
        currencies = {one.field.convention.currency for one in filled if one.field.convention}
        assert len(currencies) > 1
