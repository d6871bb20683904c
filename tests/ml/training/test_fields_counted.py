"""That what passes, is wrong, or is asked is counted right: on cheques that we draw, labelled truly and falsely."""

from pathlib import Path

import numpy as np
import pytest

from ml.evaluation.measures import cheques
from ml.evaluation.measures.cheques import (
    HEAD,
    WORDS_HEAD,
    cheques_part,
    words_row,
)
from ml.evaluation.measures.forms import WRONGLY_LABELLED, count_sheets, trusted_writers
from ml.evaluation.peers.peers import PeerAbsent
from ml.reading.elements import Agreement, Box, Reading, Words
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.reader import Reader
from ml.training.datasets import Digits
from ml.training.real_cheques import RealCheque
from ml.training.sheets.filled import fill_in
from ml.training.synthesis.strings import png
from tests.fixtures_fields import field_of

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped(with_second=False)


@pytest.fixture
def no_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise PeerAbsent("not asked here")

    monkeypatch.setattr(cheques, "RapidOCR", absent)


def american(folder: Path, *, falsely: bool) -> dict[str, str]:
    layout = next(layout for layout in shipped_layouts() if layout.name == "cheque-us")
    filled = fill_in(layout, None, np.random.default_rng(5))
    own = folder / "cheques-us"
    own.mkdir(exist_ok=True)
    (own / "one.png").write_bytes(png(filled.picture))
    year, month, day = filled.values["date"].split("-")
    amount = "999999.99" if falsely else filled.values["amount"]
    (own / "labels.tsv").write_text(f"file\tamount\tdate\none.png\t{amount}\t{month}/{day}/{year}\n")
    return filled.values


@pytest.mark.usefixtures("no_peer")
def test_a_label_that_is_not_what_was_read_counts_against_us(tmp_path: Path, reader: Reader) -> None:
    american(tmp_path, falsely=False)
    (table, _), _ = cheques_part(tmp_path, reader, tmp_path / "wrong.png")
    truly = next(row for row in table.rows if row[1] == "amount")
    american(tmp_path, falsely=True)
    (table, _), _ = cheques_part(tmp_path, reader, tmp_path / "wrong.png")
    falsely = next(row for row in table.rows if row[1] == "amount")
    right, wrong = HEAD.index("accepted and right"), HEAD.index("accepted and wrong")
    assert truly[wrong] == "0"
    assert falsely[right].startswith("0 ")
    # What passed as right passes as wrong now.
    assert truly[right].split()[0] == falsely[wrong]


def test_without_the_sets_the_part_says_so(tmp_path: Path, reader: Reader) -> None:
    (table, _), _ = cheques_part(tmp_path, reader, tmp_path / "wrong.png")
    assert table.rows == ()
    assert "Left out" in table.note


def test_fields_of_drawn_sheets_are_counted_by_layout(reader: Reader) -> None:
    counts = count_sheets("clean, 200 dpi", None, reader, 1)
    assert {name: fields.count for name, fields in counts.by_layout.items()} == {
        "cheque-us": 6,
        "cheque-india": 6,
        "cheque-europe": 5,
        "courtesy-amount": 1,
        "form-boxes": 5,
        "labelled-amounts": 9,
        "postal-code": 1,
    }
    assert counts.all.count == 33
    assert counts.all.right == sum(fields.right for fields in counts.by_layout.values())
    assert counts.micr["lines"] == 3
    assert counts.micr["right"] == 3
    assert counts.micr["wrong"] == 0


def test_no_sheet_is_filled_in_with_a_digit_that_is_not_what_it_is_called() -> None:
    pixels, labels = np.zeros((10_000, 28, 28), np.float32), np.zeros(10_000, np.int64)
    pixels[:, 4:24, 12:16] = 1.0
    labels[[0, *WRONGLY_LABELLED]] = 7
    pixels[list(WRONGLY_LABELLED), 4:24, 4:24] = 1.0
    hands, rng = trusted_writers(Digits(pixels, labels)), np.random.default_rng(3)
    assert {hands.sample(7, rng).shape for _ in range(50)} == {(20, 4)}


def test_words_are_counted_for_and_against_the_figures() -> None:
    def fields(value: str, words: str, agreement: Agreement) -> dict[str, Reading]:
        said = Words("", words, 0.9, agreement, Box(0, 0, 9, 9))
        return {"amount": field_of("amount", "amount", value, words=said)}

    cheques = [RealCheque(Path("a"), {"amount": "5.00"})] * 4 + [RealCheque(Path("b"), {"date": "2026-01-31"})]
    readings = [
        fields("5.00", "5.00", Agreement.AGREES),
        fields("50.00", "5.00", Agreement.CONTRADICTS),
        fields("5.00", "7.00", Agreement.UNSURE),
        {"amount": field_of("amount", "amount", "5.00")},
        fields("1.00", "1.00", Agreement.AGREES),
    ]
    told = dict(zip(WORDS_HEAD, words_row("US", cheques, readings), strict=True))
    assert told == {
        "cheques": "US",
        "amounts": "4",
        "words read": "3",
        "exactly right": "2",
        "agree with right figures": "1",
        "contradict wrong figures": "1",
        "contradict right figures": "0",
        "agree with wrong figures": "0",
    }
