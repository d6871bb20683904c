"""Score cards have printed rows, or columns, whose numbers are no answers, and rows that a person fills in."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.cards import score_card
from ml.training.pages.page import DrawnPage
from ml.training.pages.sheet import Ink, Sheet

pytestmark = pytest.mark.training


class Noted(Sheet):
    """A sheet that keeps where something was printed: left, top, height and width."""

    all: ClassVar[list[Noted]] = []

    def __init__(self, height: int, width: int) -> None:
        super().__init__(height, width)
        self.prints: list[tuple[int, int, int, int]] = []
        self.all.append(self)

    def print_on(self, body: Ink, left: float, top: float, value: str = "") -> None:
        super().print_on(body, left, top, value)
        self.prints.append((round(left), round(top), *body.shape))


@pytest.fixture
def cards(writers: Writers, monkeypatch: pytest.MonkeyPatch) -> list[tuple[DrawnPage, Noted]]:
    """Cards with the sheets that they were drawn on."""
    monkeypatch.setattr("ml.training.pages.cards.Sheet", Noted)
    Noted.all.clear()
    drawn = [score_card(writers, np.random.default_rng(seed)) for seed in range(12)]
    return list(zip(drawn, Noted.all, strict=True))


def test_what_the_pen_wrote_is_a_number(cards: list[tuple[DrawnPage, Noted]]) -> None:
    numbers = [(sheet, number.box) for card, sheet in cards for number in card.numbers]
    assert len(numbers) > 50
    for sheet, box in numbers:
        assert sheet.ink[box.top - 6 : box.bottom + 6, box.left - 6 : box.right + 6].max() > 0.5


def test_print_fills_cells_of_its_own(cards: list[tuple[DrawnPage, Noted]]) -> None:
    prints = [(sheet, place) for _, sheet in cards for place in sheet.prints]
    assert len(prints) > 100
    for sheet, (left, top, height, width) in prints:
        assert not sheet.ink[top : top + height, left : left + width].any(), "nobody writes over the print"
