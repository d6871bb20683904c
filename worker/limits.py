"""What a file may cost here, by the settings."""

from django.conf import settings

from ml.reading.elements import Limits


def limits() -> Limits:
    """The same for the upload, the workers and `manage.py read`."""
    return Limits(bytes=settings.MAX_UPLOAD_BYTES, pixels=settings.MAX_PAGE_PIXELS, pages=settings.MAX_PAGES)
