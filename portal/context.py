"""Facts that every template can use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, Any]:
    """Facts about this installation."""
    return {"mail_on_console": settings.MAIL_ON_CONSOLE, "embedded": settings.EMBEDDED}
