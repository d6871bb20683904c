"""The report's pictures of real amounts are drawn, whatever was right."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.evaluation.reports.report import draw_operating_curve, draw_wrong_amounts
from ml.training.calibration.acceptance import Outcome
from ml.training.datasets import LabelledNumber

pytestmark = pytest.mark.training


@pytest.mark.parametrize("wrong", [0, 1, 7])
def test_amounts_read_wrong_and_the_curve_are_pictures(tmp_path: Path, wrong: int) -> None:
    png = cv2.imencode(".png", np.full((40, 120), 200, np.uint8))[1].tobytes()
    amounts = [LabelledNumber(f"{number}.png", png, "351") for number in range(10)]
    outcomes = [Outcome(number >= wrong, 0.5 + number / 20) for number in range(10)]
    draw_wrong_amounts(amounts, ["361"] * 10, outcomes, tmp_path / "amounts.png")
    draw_operating_curve(outcomes, tmp_path / "curve.png")
    for name in ("amounts.png", "curve.png"):
        picture = cv2.imread(str(tmp_path / name))
        assert picture is not None
        assert min(picture.shape[:2]) > 80
