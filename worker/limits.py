"""Limits from the settings: how large a file may be, and how good a picture has to be."""

from django.conf import settings

from ml.reading.files.limits import Limits
from ml.reading.sheets.quality import QualityLimits


def limits() -> Limits:
    """How large a file may be. Uploads, workers and `manage.py read` all use this."""
    return Limits(
        bytes=settings.MAX_UPLOAD_BYTES,
        pixels=settings.MAX_PAGE_PIXELS,
        pages=settings.MAX_PAGES,
        seconds=settings.MAX_DECODE_SECONDS,
    )


def quality() -> QualityLimits:
    """How good a picture has to be. Workers and `manage.py read` both use this."""
    return QualityLimits.of_sheets(
        darkest_paper=settings.PICTURE_DARKEST_PAPER,
        blur_mm=settings.PICTURE_MOST_BLUR_MM,
        least_per_mm=settings.PICTURE_LEAST_PIXELS_PER_MM,
        glare=settings.PICTURE_MOST_GLARE_PERCENT / 100,
        rim=settings.PICTURE_RIM_PIXELS,
    )
