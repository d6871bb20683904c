"""The page on which a person is, for a request that asks them for something first."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme


def page_of(request: HttpRequest) -> str:
    """The page from which the request comes; where it asks for a page, this page.

    A form, a part of a page or a picture is no page that one could come back to.
    """
    asks_for_page = request.method == "GET" and "HX-Request" not in request.headers
    if asks_for_page and request.headers.get("Sec-Fetch-Dest", "document") == "document":
        return request.get_full_path()
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}):
        return str(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(said)
    path = escape_leading_slashes(parts.path) or "/"  # two of them would lead to another site
    return f"{path}?{parts.query}" if parts.query else path
