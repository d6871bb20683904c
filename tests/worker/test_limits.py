"""The settings are what a worker's reader goes by; left alone they are what was measured."""

from __future__ import annotations

from typing import Any

from ml.reading.sheets.quality import QualityLimits
from worker import process
from worker.limits import quality


def test_the_settings_as_they_come_are_the_limits_that_were_measured() -> None:
    assert quality() == QualityLimits()
    assert process.reader().quality == QualityLimits()


def test_each_setting_is_a_limit(settings: Any) -> None:
    settings.PICTURE_DARKEST_PAPER = 90
    settings.PICTURE_MOST_BLUR_MM = 0.5
    settings.PICTURE_LEAST_PIXELS_PER_MM = 8
    settings.PICTURE_MOST_GLARE_PERCENT = 2
    settings.PICTURE_RIM_PIXELS = 3
    limits = quality()
    assert (limits.darkest_paper, limits.blur_mm, limits.least_per_mm, limits.glare, limits.rim) == (
        90,
        0.5,
        8,
        0.02,
        3,
    )
