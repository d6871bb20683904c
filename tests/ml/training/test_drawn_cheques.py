"""Drawn cheques with words are counted by what became of their amounts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ml.evaluation.measures import drawn_cheques
from ml.evaluation.measures.drawn_cheques import caught_row, count_amounts, drawn_cheques_part, passing_row
from ml.reading.elements import Agreement, Box, Page, PageReading, Words
from ml.reading.reader import Reader
from ml.training.datasets import Digits
from ml.training.sheets.cheques import draw_cheques
from ml.training.synthesis.strings import png
from ml.training.words.lines import Sources
from tests.fixtures_fields import field_of

pytestmark = pytest.mark.training


def test_what_became_of_amounts_is_counted_by_layout(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    cheques = list(draw_cheques(sources, sources.writers, range(6), 3, ways=("150 dpi",), contradicting=0))
    values = [cheque.filled.values["amount"] for cheque in cheques]
    contradicted = Words("", "1.00", 0.9, Agreement.CONTRADICTS, Box(0, 0, 9, 9))
    amounts = [
        field_of("amount", "amount", values[0], sure=True),
        field_of("amount", "amount", values[1]),
        field_of("amount", "amount", "1234567.89", sure=True),
        field_of("amount", "amount", "1234567.89", words=contradicted),
        field_of("amount", "amount", values[4]),
        None,
    ]
    read = {png(cheque.picture): amount for cheque, amount in zip(cheques, amounts, strict=True)}
    page = Page(np.zeros((400, 640, 3), np.uint8), 1, None, "")

    def known(scan: bytes, *_: object) -> list[PageReading]:
        amount = read[scan]
        return [PageReading(page, (), (amount,) if amount is not None else ())]

    monkeypatch.setattr(drawn_cheques, "read_scan", known)
    counts, shown = count_amounts(iter(cheques), Reader.shipped(with_second=False))
    assert counts == {
        "cheque-india": {"all": 3, "right": 2, "pass right": 1, "wrong": 1, "pass wrong": 1},
        "cheque-us": {"all": 3, "right": 1, "wrong": 1, "contradiction": 1, "not found": 1},
    }
    assert [one.below for one in shown] == [f"is {values[2]}"]


def test_rows_tell_shares_of_all_and_of_what_was_read() -> None:
    count = Counter({"all": 100, "right": 95, "wrong": 3, "not found": 2, "pass right": 90, "pass wrong": 1})
    assert passing_row("cheque-us", "scanned", count)[2:] == ("100", "90 (90.0%)", "83% to 94%", "1", "5", "2")
    count["contradiction"] = 4
    assert caught_row("cheque-us", count)[1:7] == ("100", "98", "4", "7", "91", "7.14%")


def test_without_fonts_the_part_says_so(monkeypatch: pytest.MonkeyPatch, digits: Digits, tmp_path: Path) -> None:
    monkeypatch.delenv("COUNTERSIGN_FONTS", raising=False)
    tables, pictures = drawn_cheques_part(digits, Reader.shipped(), tmp_path)
    assert pictures == []
    assert all("Left out: COUNTERSIGN_FONTS" in table.note and not table.rows for table in tables)
