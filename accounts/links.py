"""Links in mails. They lead to the site's own address, whatever name a request was sent to."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def on_this_site(address: str) -> str:
    """The same path and question, at the address in `SITE_URL`. A visitor chooses the name in `Host`; this is ours."""
    parts = urlsplit(address)
    path: str = settings.SITE_URL + parts.path
    return f"{path}?{parts.query}" if parts.query else path


def site_name() -> str:
    """The site's name as mails print it."""
    return urlsplit(settings.SITE_URL).netloc
