"""Amounts as people write them, for the lines from which the network of words learns."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from ml.training.words.ways import spell, spelling, written_way

pytestmark = pytest.mark.training


def test_the_usual_way() -> None:
    assert spell(Decimal(51000000), "en-india") == "five crores ten lakhs"
    assert spell(Decimal("233.45"), "en") == "two hundred thirty three and 45/100"
    assert spell(Decimal(10100000), "en-india") == "one crore one lakh"


def test_the_same_chance_gives_the_same_way() -> None:
    first, again = (written_way(Decimal(4240000), "en-india", np.random.default_rng(5)) for _ in range(2))
    assert first == again


def test_people_write_in_many_ways() -> None:
    rng = np.random.default_rng(2)
    texts = {written_way(Decimal("999"), "en", rng) for _ in range(300)}
    assert len(texts) > 60
    for part in (
        "Nine Hundred",
        "NINE HUNDRED",
        "nine hundred",
        "Ninety-Nine",
        "Ninty",
        " 00/100",
        " Only",
        " Dollars",
    ):
        assert any(part in text for text in texts), part


def test_ways_in_lower_case_have_no_capitals() -> None:
    rng = np.random.default_rng(3)
    texts = [spelling(Decimal(27500000), "en-india", rng) for _ in range(50)]
    assert texts == [text.lower() for text in texts]
    assert len(set(texts)) > 15
