"""Paper and its scan."""

from __future__ import annotations

import numpy as np

from ml.training.synthesis.paper import random_paper, scan_page


def test_paper_is_paper() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        paper = random_paper(56, 180, 44, rng)
        assert paper.shape == (56, 180)
        assert np.isfinite(paper).all()
        assert scan_page(paper, rng).dtype == np.uint8
