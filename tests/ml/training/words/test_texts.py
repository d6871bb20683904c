"""What is written on the line of an amount in words."""

from __future__ import annotations

import numpy as np
import pytest

from ml.reading.words.alphabet import SIGNS
from ml.training.words.texts import label, line_text

pytestmark = pytest.mark.training


def test_a_label_has_the_networks_signs_alone() -> None:
    assert label("Rs. Twenty-Five Lakhs & 50/100 Only /-") == "rstwenty-fivelakhs50/100only/-"


def test_most_lines_are_amounts_and_some_are_not() -> None:
    rng = np.random.default_rng(4)
    texts = [line_text(rng) for _ in range(400)]
    assert all(set(label(text)) <= set(SIGNS) and text.strip() for text in texts)
    units = ("hundred", "thousand", "lakh", "crore", "lac")
    amounts = sum(any(unit in text.lower() for unit in units) for text in texts)
    assert 0.5 < amounts / len(texts) < 0.95
    assert any(text.isupper() for text in texts)
    assert any(text.islower() for text in texts)


def test_the_same_seed_writes_the_same() -> None:
    one, other = (line_text(np.random.default_rng(9)) for _ in range(2))
    assert one == other
