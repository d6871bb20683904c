"""What a file may cost here, and from where on a picture is not good enough, by the settings."""

from django.conf import settings

from ml.reading.elements import Limits
from ml.reading.sheets.quality import QualityLimits


def limits() -> Limits:
    """The same for the upload, the workers and `manage.py read`."""
    return Limits(bytes=settings.MAX_UPLOAD_BYTES, pixels=settings.MAX_PAGE_PIXELS, pages=settings.MAX_PAGES)


def quality() -> QualityLimits:
    """The same for the workers and `manage.py read`."""
    return QualityLimits.of_sheets(
        darkest_paper=settings.PICTURE_DARKEST_PAPER,
        blur_mm=settings.PICTURE_MOST_BLUR_MM,
        least_per_mm=settings.PICTURE_LEAST_PIXELS_PER_MM,
        glare=settings.PICTURE_MOST_GLARE_PERCENT / 100,
        rim=settings.PICTURE_RIM_PIXELS,
    )
