"""Calibrating amounts with their words: what a judged cheque counts as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.reading.acceptance.evidence import AmountFeatures
from ml.reading.elements import Agreement
from ml.reading.reader import WORDS_NETWORK, FieldNetwork, Reader
from ml.reading.recognisers.line_network import LineNetwork
from ml.training.calibration.calibrate_amounts import Listening, drawn_amounts, judged_amount, real_amounts
from ml.training.real_cheques import RealCheque
from ml.training.sheets.cheques import DrawnCheque, draw_cheques
from ml.training.synthesis.strings import png
from ml.training.words.lines import Sources

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def reader() -> Reader:
    reader = Reader.of_numbers()
    if reader.second is None:
        pytest.skip("the second reader is not installed")
    return replace(reader, fields=FieldNetwork.shipped(), words=LineNetwork.load(WORDS_NETWORK))


def drawn(sources: Sources, contradicting: float) -> Iterator[DrawnCheque]:
    """Two cheques, US and Indian, in print, so that they are read."""
    return draw_cheques(sources, sources.writers, range(2), 3, ways=("clean, 200 dpi",), contradicting=contradicting)


def test_a_cheque_that_says_the_same_twice_is_right_if_it_is_read_so(sources: Sources, reader: Reader) -> None:
    for cheque, judged in zip(drawn(sources, 0), drawn_amounts(drawn(sources, 0), reader), strict=True):
        found = judged_amount(png(cheque.picture), reader)
        assert found is not None
        assert judged.right == (found[1]["amount"].value == cheque.filled.values["amount"])
        assert np.array_equal(judged.row, found[0].row)
        amount = found[1]["amount"]
        agrees = amount.words is not None and amount.words.agreement is Agreement.AGREES
        assert judged.barred is (not amount.accepted)
        assert agrees or judged.barred, "only what the words say may pass"


def test_a_cheque_that_contradicts_itself_is_wrong_whatever_is_read(sources: Sources, reader: Reader) -> None:
    judged = list(drawn_amounts(drawn(sources, 1), reader))
    assert judged
    assert not any(one.right for one in judged)
    assert all(one.source.endswith("contradicting") and one.weight < 1 for one in judged)


def test_real_cheques_are_left_out_by_their_bank(sources: Sources, reader: Reader, tmp_path: Path) -> None:
    cheques = []
    for number, cheque in enumerate(drawn(sources, 0)):
        file = tmp_path / f"{number}.png"
        file.write_bytes(png(cheque.picture))
        cheques.append(RealCheque(file, {"amount": cheque.filled.values["amount"]}))
    american, indian = real_amounts("real", cheques, reader)
    assert american.fold != indian.fold
    assert american.fold.startswith("real, bank ")
    assert {american.part, indian.part} == {"real 0", "real 1"}
    assert american.weight > 1


def test_listening_keeps_the_evidence_and_bars_nothing() -> None:
    listening = Listening.to_amounts()
    features = AmountFeatures(*np.zeros(len(AmountFeatures.names())))
    assert listening.judge(features).confidence >= listening.threshold(0.001)
    assert listening.heard == [features]
