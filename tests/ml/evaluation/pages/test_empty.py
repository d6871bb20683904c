"""Patches are cut where nothing is written, and only from pages that may be looked at."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ml.evaluation.pages.empty import drawn_patches, is_without_ink, real_patches
from ml.evaluation.pages.tally import as_file
from ml.training.real_pages import may_be_built_on


def paper(height: int = 400, width: int = 600, shade: float = 220) -> np.ndarray:
    slope = np.linspace(0, 25, width)[None, :, None]
    grain = np.random.default_rng(1).normal(0, 2, (height, width, 1))
    return np.clip(shade - slope + grain + np.zeros((1, 1, 3)), 0, 255).astype(np.uint8)


def written(value: str = "48", grey: int = 90) -> np.ndarray:
    page = paper()
    cv2.putText(page, value, (220, 220), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (grey,) * 3, 4, cv2.LINE_AA)
    return page


def test_shaded_paper_is_without_ink() -> None:
    assert is_without_ink(paper())


def test_writing_is_ink_even_where_it_is_pale() -> None:
    assert not is_without_ink(written(grey=90))
    assert not is_without_ink(written(grey=165))


def test_drawn_patches_are_always_the_same_ones() -> None:
    one, other = (list(drawn_patches(6, 3)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert len({patch.tobytes() for patch in one}) == 6


def test_real_patches_come_from_pages_that_may_be_built_on_and_hold_no_ink(tmp_path: Path) -> None:
    own = tmp_path / "pages" / "sheets"
    own.mkdir(parents=True)
    names = [f"{number}.png" for number in range(12)]
    for name in names:  # a page to report on is all black: none of its patches may be met
        page = written() if may_be_built_on(name) else np.zeros((400, 600, 3), np.uint8)
        (own / name).write_bytes(as_file(page))
    (own / "truth.tsv").write_text("file\tvalue\n", "utf-8")
    patches = list(real_patches(tmp_path, 20, 5))
    assert len(patches) >= 15
    assert all(is_without_ink(patch) and patch.mean() > 100 for patch in patches)


def test_without_data_no_patch_is_cut() -> None:
    assert list(real_patches(None, 20, 5)) == []
