"""What is refused before a byte of its body is looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from portal.views.errors import too_large

Answer = Callable[[HttpRequest], HttpResponseBase]


GUEST_BYTES = 4 * 1024 * 1024
"""Who has not signed in sends forms and a pad's picture, no scans."""


def body_limit(answer: Answer) -> Answer:
    """Answer 413 where the announced body is larger than `MAX_REQUEST_BYTES`; one that announces none has none.

    A guest's that is larger than `GUEST_BYTES` is not read either: whoever was signed in has to sign in again.
    """

    def limited(request: HttpRequest) -> HttpResponseBase:
        words = request.META.get("CONTENT_LENGTH") or "0"
        announced = int(words) if words.isdigit() else 0
        if announced > settings.MAX_REQUEST_BYTES:
            return too_large(request)
        # Whoever asks is looked up for large bodies alone: it takes a query.
        if announced > GUEST_BYTES and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        return answer(request)

    return limited
