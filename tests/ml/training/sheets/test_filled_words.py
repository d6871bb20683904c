"""Cheques with their amount in words: what is written is what was told, or another amount where that was asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import cv2
import numpy as np
import pytest

from ml.reading.elements import Place
from ml.reading.forms.layout_json import shipped_layouts
from ml.training.sheets.cheques import CLEAN, PHOTOGRAPHED, draw_cheques
from ml.training.sheets.filled import fill_in
from ml.training.sheets.filled_words import WordsOfSheet, other_amount
from ml.training.words.lines import Sources

pytestmark = pytest.mark.training
LAYOUTS = {layout.name: layout for layout in shipped_layouts()}


def ink_in(picture: np.ndarray, place: Place) -> float:
    """The share of dark pixels in a place."""
    height, width = picture.shape
    zone = picture[
        round(place.top * height) : round(place.bottom * height), round(place.left * width) : round(place.right * width)
    ]
    return float((zone < cv2.blur(zone, (61, 61)).astype(np.float32) - 50).mean())


@pytest.mark.parametrize("name", ["cheque-us", "cheque-india"])
def test_words_stand_in_their_field_and_the_amount_in_its_own(name: str, sources: Sources) -> None:
    layout = LAYOUTS[name]
    place = next(field.place for field in layout.fields if field.words_of)
    left = replace(place, right=0.6)
    for seed in range(4):
        filled = fill_in(layout, None, np.random.default_rng(seed), 8, WordsOfSheet(sources))
        without = fill_in(layout, None, np.random.default_rng(seed), 8)
        assert ink_in(filled.picture, left) > 3 * ink_in(without.picture, left) + 0.01
        assert Decimal(filled.values["amount"]) > 0
        assert set(filled.values) == set(without.values)


def test_a_sheet_without_words_is_the_same_as_ever() -> None:
    """Seeds keep their meaning: figures that were counted on drawn sheets can be counted again."""
    filled = fill_in(LAYOUTS["cheque-us"], None, np.random.default_rng(5))
    assert filled.values["amount"] == "6276.22"


def test_another_amount_differs_in_a_digit_and_seldom_in_its_cents_alone() -> None:
    rng = np.random.default_rng(2)
    changes, cents = Counter[int](), 0
    for _ in range(300):
        other = f"{other_amount(Decimal('42140.50'), rng):.2f}"
        assert other != "42140.50"
        if other.endswith(".50"):
            changes[len(other) - len("42140.50")] += 1
        else:
            assert other.startswith("42140.")
            assert (other[-2] == "5") != (other[-1] == "0"), "one digit of the cents"
            cents += 1
    assert changes[0] > changes[1] > 20
    assert changes[-1] > 20
    assert 10 < cents < 60


def test_cheques_come_in_every_layout_and_way_and_as_many_contradict_themselves_as_asked(sources: Sources) -> None:
    ways = (CLEAN[0], PHOTOGRAPHED[1])
    drawn = list(draw_cheques(sources, sources.writers, range(8), 3, ways=ways, contradicting=0.5))
    assert {(one.filled.layout.name, one.way) for one in drawn} == {
        (name, way) for name in ("cheque-us", "cheque-india") for way in ways
    }
    assert 0 < sum(one.contradicts for one in drawn) < 8
    (again,) = draw_cheques(sources, sources.writers, range(5, 6), 3, ways=ways, contradicting=0.5)
    assert np.array_equal(again.picture, drawn[5].picture)
