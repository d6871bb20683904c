"""A visitor of the running site, over HTTP."""

from __future__ import annotations

import re
import uuid
from html import unescape
from itertools import count

import requests

_visitors = count(1)


class Visitor:
    """A browser: cookies, an address of its own, forms with their token."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()
        # The site trusts one proxy: each visitor has limits of their own, in this run and the next.
        self.session.headers["X-Forwarded-For"] = f"2001:db8:{uuid.uuid4().hex[:4]}:{next(_visitors):x}::1"

    def get(self, path: str, **options) -> requests.Response:
        return self.session.get(f"{self.site}{path}", timeout=20, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options) -> requests.Response:
        if "csrftoken" not in self.session.cookies:
            self.get("/accounts/login/")
        token = self.session.cookies["csrftoken"]
        return self.session.post(
            f"{self.site}{path}", {**(data or {}), "csrfmiddlewaretoken": token}, timeout=20, **options
        )

    @property
    def signed_in_as(self) -> str | None:
        page = self.get("/account/", allow_redirects=False)
        found = re.search(r'title="([^"]+@[^"]+)"', page.text)
        return unescape(found[1]) if page.status_code == 200 and found else None
