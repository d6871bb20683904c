"""Facts that every template can use."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

HTMX = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        # A form that is refused (422), or made on what no longer stands (409), and a rate limit (429) come with a page
        # that says so; other errors keep the old one, and so do the front's bare words (static/js/site.js).
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "4(09|22|29)", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    }
)
"""How htmx behaves on every page."""


def site(_request: HttpRequest) -> dict[str, Any]:
    """Facts about this installation."""
    return {
        "mail_on_console": settings.MAIL_ON_CONSOLE,
        "embedded": settings.EMBEDDED,
        "htmx_config": HTMX,
        "registration": settings.REGISTRATION,
        "registration_patterns": settings.REGISTRATION_PATTERNS,
        "contact": settings.CONTACT,
        "directory": settings.DIRECTORY,
    }
