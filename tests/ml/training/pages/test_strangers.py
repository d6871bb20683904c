"""What is no number stands between numbers, and is none."""

from __future__ import annotations

import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.sheet import Sheet
from ml.training.pages.strangers import another_script, another_script_by_hand, letters
from ml.training.synthesis.scripts import SCRIPTS, UNLIKE_OURS, draw_foreign

pytestmark = pytest.mark.training


def test_some_pages_of_letters_hold_numbers_and_all_hold_something_else(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = Sheet.write

    def note(sheet: Sheet, body: np.ndarray, left: float, top: float, value: str = "") -> None:
        written.append(value)
        write(sheet, body, left, top, value)

    monkeypatch.setattr(Sheet, "write", note)
    pages = [letters(writers, np.random.default_rng(seed)) for seed in range(16)]
    assert written.count("") > 16
    assert 3 <= sum(bool(page.numbers) for page in pages) <= 13


def test_another_script_is_written_and_nothing_of_it_may_pass(writers: Writers) -> None:
    page = another_script(writers, np.random.default_rng(1))
    assert page.numbers == ()
    assert np.percentile(page.pixels, 1) < 0.7 * np.median(page.pixels)


def test_real_hands_write_another_script_and_nothing_of_it_may_pass(writers: Writers) -> None:
    one, other = (another_script_by_hand("Bangla", writers, np.random.default_rng(1)) for _ in range(2))
    assert one.numbers == ()
    assert np.percentile(one.pixels, 1) < 0.7 * np.median(one.pixels)
    assert np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_has_ten_digits_and_some_like_none_of_ours(script: str) -> None:
    bodies = [draw_foreign(script, digit, 40, 4, np.random.default_rng(2)) for digit in range(10)]
    assert all(25 <= body.shape[0] <= 60 and body.max() > 0.8 for body in bodies)
    assert len(UNLIKE_OURS[script]) >= 2
