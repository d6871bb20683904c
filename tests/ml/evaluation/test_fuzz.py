"""A short run of `make fuzz`: damaged files of every kind are read or refused in a sentence."""

from __future__ import annotations

from itertools import islice

import pytest

from ml.evaluation import fuzz
from ml.evaluation.hostile.mutations import CRASHERS, honest, mutated
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.reader import Reader

FILES = 140


@pytest.mark.parametrize("name", honest())
def test_every_file_is_good_before_it_is_damaged(name: str) -> None:
    assert next(load_pages(honest()[name], Limits())).pixels.size > 0


def test_a_seed_makes_the_same_file_again() -> None:
    assert mutated(7) == mutated(7)
    assert mutated(7) != mutated(30)


def test_damaged_files_are_read_or_refused() -> None:
    reader = Reader.shipped()
    outcomes = list(islice(fuzz.damaged(100_000, reader), len(CRASHERS) + FILES))
    assert [outcome for outcome in outcomes if outcome.ending == "error"] == []
    endings = {outcome.ending for outcome in outcomes}
    assert {"read", "damaged"} <= endings


def test_an_error_of_ours_is_bad_and_a_slow_file_too() -> None:
    assert fuzz.is_good(fuzz.Outcome("a.png", "damaged", 1.0), 20)
    assert not fuzz.is_good(fuzz.Outcome("a.png", "error", 1.0, "Traceback"), 20)
    assert not fuzz.is_good(fuzz.Outcome("a.png", "read", 21.0), 20)
