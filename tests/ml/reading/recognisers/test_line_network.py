"""Print told from handwriting."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ml.reading.ink.lines import as_line
from ml.reading.reader import PRINT_NETWORK
from ml.reading.recognisers.line_network import LineNetwork, print_chances

Line = NDArray[np.float32]


@pytest.fixture(scope="module")
def network() -> LineNetwork:
    return LineNetwork.load(PRINT_NETWORK)


def printed(text: str, size: int) -> Line:
    """A line in the typeface that Pillow brings along."""
    paper = Image.new("L", (40 + size * len(text), 2 * size), 245)
    ImageDraw.Draw(paper).text((15, size // 3), text, font=ImageFont.load_default(size), fill=30)
    return cropped(np.asarray(paper, np.uint8))


def written(text: str, seed: int) -> Line:
    """A line whose digits are strokes of a shaking hand: each sits and leans in its own way."""
    rng = np.random.default_rng(seed)
    paper = np.full((90, 60 * len(text) + 60), 245, np.uint8)
    for place, digit in enumerate(text):
        points = np.array(_STROKES[digit]) + rng.normal(0, 0.05, (len(_STROKES[digit]), 2))
        lean, tall = rng.uniform(-0.1, 0.3), rng.uniform(34, 48)
        across = 30 + 55 * place + 26 * points[:, 0] + lean * tall * (1 - points[:, 1])
        down = 22 + rng.normal(0, 3) + tall * points[:, 1]
        line = np.stack([across, down], axis=1)
        smooth = np.array(
            [line[at] * (1 - t) + line[at + 1] * t for at in range(len(line) - 1) for t in (0, 0.34, 0.67)]
        )
        cv2.polylines(paper, [smooth.round().astype(np.int32)], False, 40, int(rng.integers(3, 5)), cv2.LINE_AA)
    return cropped(cv2.GaussianBlur(paper, (0, 0), 1.0).astype(np.uint8))


_STROKES = {
    "1": [(0.5, 0), (0.45, 0.5), (0.5, 1)],
    "2": [(0.1, 0.2), (0.5, 0), (0.9, 0.25), (0.5, 0.6), (0.1, 1), (0.95, 0.95)],
    "3": [(0.1, 0.1), (0.6, 0), (0.85, 0.25), (0.4, 0.45), (0.9, 0.7), (0.5, 1), (0.05, 0.9)],
    "4": [(0.3, 0), (0.05, 0.6), (0.9, 0.55), (0.7, 0.2), (0.65, 1)],
    "7": [(0.05, 0.05), (0.95, 0), (0.5, 0.5), (0.3, 1)],
}


def cropped(paper: NDArray[np.uint8]) -> Line:
    rows, columns = np.nonzero(paper < 200)
    return as_line(paper[rows.min() - 4 : rows.max() + 5, columns.min() - 4 : columns.max() + 5])


@pytest.mark.parametrize("text", ["2473", "13", "74123", "432"])
@pytest.mark.parametrize("size", [14, 24, 48])
def test_print_is_told(text: str, size: int, network: LineNetwork) -> None:
    (chance,) = print_chances(network, [printed(text, size)])
    assert chance > 0.5


def test_writing_is_told(network: LineNetwork) -> None:
    chances = print_chances(
        network, [written(text, seed) for seed, text in enumerate(("2473", "13", "74123", "432", "31274"))]
    )
    assert max(chances) < 0.5


def test_each_line_has_its_own_chance_whatever_stands_beside_it(network: LineNetwork) -> None:
    lines = [printed("2473", 24), written("13", 1), printed("7412312", 40)]
    together = print_chances(network, lines)
    alone = [print_chances(network, [line])[0] for line in lines]
    assert together == pytest.approx(alone, abs=0.02)


def test_a_network_that_its_card_does_not_describe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "print.tflite").write_bytes(PRINT_NETWORK.read_bytes())
    (tmp_path / "print.json").write_text('{"sha256": "0"}')
    with pytest.raises(ValueError, match="not the network its card describes"):
        LineNetwork.load(tmp_path / "print.tflite")
