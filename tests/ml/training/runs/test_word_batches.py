"""Batches for the network of words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.line_network import WORDS_HEIGHT
from ml.reading.words.alphabet import SIGNS
from ml.training.runs.networks import words_network
from ml.training.runs.train_words import Settings, ctc_loss
from ml.training.runs.word_batches import batches, load_lines, save_lines, warped_line
from ml.training.words.lines import WordLine

pytestmark = pytest.mark.training


@pytest.fixture
def lines() -> list[WordLine]:
    rng = np.random.default_rng(0)
    texts = ["ten", "fivelakhs", "sixhundredand50/100", "onecroreonly/-"]
    return [WordLine(rng.integers(0, 256, (WORDS_HEIGHT, 20 * len(text)), np.uint8), text) for text in texts]


def test_kept_lines_come_back_unchanged(lines: list[WordLine], tmp_path: Path) -> None:
    save_lines(lines, tmp_path / "lines.npz")
    back = load_lines(tmp_path / "lines.npz")
    assert [line.text for line in back] == [line.text for line in lines]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(back, lines, strict=True))


def test_batches_hold_each_line_once_with_its_signs(lines: list[WordLine]) -> None:
    found = []
    for pixels, signs in batches(lines, 2, np.random.default_rng(1)):
        assert pixels.shape[:2] == (2, WORDS_HEIGHT)
        assert pixels.shape[2] % FRAME == 0
        found += ["".join(SIGNS[sign] for sign in row if sign >= 0) for row in signs]
    assert sorted(found) == sorted(line.text for line in lines)


def test_a_warped_line_keeps_frames_enough(lines: list[WordLine]) -> None:
    rng = np.random.default_rng(2)
    for line in lines:
        for _ in range(20):
            assert warped_line(line, rng).shape[1] // FRAME > len(line.text)


def test_the_network_gives_a_row_for_each_frame_and_its_loss_is_finite() -> None:
    model = words_network(len(SIGNS) + 1)
    scores = model(np.zeros((2, WORDS_HEIGHT, 128, 1), np.float32), training=False)
    assert tuple(scores.shape) == (2, 1, 128 // FRAME, len(SIGNS) + 1)
    signs = np.array([[0, 0, 5, -1], [37, -1, -1, -1]], np.int32)
    loss = np.asarray(ctc_loss(signs, scores))
    assert loss.shape == (2,)
    assert np.isfinite(loss).all()
    assert (loss > 0).all()


def test_the_settings_count_whole_batches() -> None:
    assert Settings(lines=70, epochs=3, batch=32).steps == 6
