"""A page of each kind, several times, written with digits that we draw."""

from __future__ import annotations

import numpy as np
import pytest

from ml.training.fields.digits import Writers
from ml.training.pages.kinds import KINDS, draw_page
from ml.training.pages.page import DrawnPage

EACH = 5


@pytest.fixture(scope="session")
def pages(writers: Writers) -> dict[str, list[DrawnPage]]:
    return {
        kind: [draw_page(kind, writers, np.random.default_rng((3, seed))) for seed in range(EACH)] for kind in KINDS
    }
