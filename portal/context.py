"""Facts that every template can use."""

import json
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from accounts.middleware import ENDED

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


def site(request: HttpRequest) -> dict[str, Any]:
    """Facts about this installation. The last two are worked out by the templates that ask for them."""
    return {
        "mail_on_console": settings.MAIL_ON_CONSOLE,
        "embedded": settings.EMBEDDED,
        "htmx_config": HTMX,
        "registration": settings.REGISTRATION,
        "registration_patterns": settings.REGISTRATION_PATTERNS,
        "contact": settings.CONTACT,
        "passkeys_at": partial(passkeys_at, request),
        "session_ended": partial(request.session.get, ENDED) if hasattr(request, "session") else None,
        "directory": settings.DIRECTORY,
    }


def passkeys_at(request: HttpRequest) -> str:
    """Where this page takes passkeys, if not under the name by which the browser asked for it; else nothing."""
    if request.get_host().partition(":")[0] == urlsplit(settings.SITE_URL).hostname:
        return ""
    return f"{settings.SITE_URL}{request.get_full_path()}"
