"""What is refused before a byte of its body is looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from portal.views.errors import too_large

Answer = Callable[[HttpRequest], HttpResponseBase]


def body_limit(answer: Answer) -> Answer:
    """Answer 413 where the announced body is larger than `MAX_REQUEST_BYTES`; one that announces none has none."""

    def limited(request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > settings.MAX_REQUEST_BYTES:
            return too_large(request)
        return answer(request)

    return limited
