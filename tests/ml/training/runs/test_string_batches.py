"""Lines for training: composed by several processes as by one, and each in one batch."""

from __future__ import annotations

import multiprocessing

import numpy as np
import pytest

from ml.training.datasets import Digits
from ml.training.fields.amounts import compose_lines
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.pages import notes
from ml.training.runs.string_batches import batches, compose_fields, composer, start_process

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def lines(digits: Digits) -> list[Line]:
    return compose_lines(Writers(digits), 64, np.random.default_rng(0))


def test_each_line_is_in_one_batch_with_its_digits(lines: list[Line]) -> None:
    seen = []
    for pixels, digits in batches(lines, 16, np.random.default_rng(0)):
        assert pixels.shape[:2] == (16, 32)
        assert pixels.shape[2] % 16 == 0
        seen += ["".join(str(digit) for digit in row if digit >= 0) for row in digits]
    assert sorted(seen) == sorted(line.text for line in lines)


def test_strings_are_composed_alike_by_one_process_or_two(digits: Digits) -> None:
    found = []
    for count in (1, 2):
        with multiprocessing.get_context("fork").Pool(count, start_process, (Writers(digits),)) as pool:
            found.append(composer(pool, fields=False, notes=0.0, seed=3)(0, 12))
    one, other = found
    assert [line.text for line in one] == [line.text for line in other]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one, other, strict=True))


def test_the_share_of_notes_that_was_asked_for_is_composed(writers: Writers, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    draw = notes.note
    monkeypatch.setattr(notes, "note", lambda *given: drawn.append(draw(*given)) or drawn[-1])
    assert len(compose_fields(writers, 20, 0.45, np.random.default_rng(0))) == 20
    assert sum(len(page.numbers) for page in drawn) == 9
    drawn.clear()
    assert len(compose_fields(writers, 4, 0.0, np.random.default_rng(0))) == 4
    assert not drawn
