"""Where a request comes from, behind the proxies that we know."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address that our outermost proxy saw, or the connection's own where no proxy stands in front.

    Each proxy appends the address it was called from, so only the last `TRUSTED_PROXIES` entries of
    X-Forwarded-For are believed; whatever a caller wrote before them changes nothing.

    Raises:
        PermissionDenied: There is no address to count by.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    address = forwarded[-trusted] if 0 < trusted <= len(forwarded) else ""
    for candidate in (address, request.META.get("REMOTE_ADDR", "")):
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            continue  # empty, a host name, an address with a port: not one to count by
    raise PermissionDenied("no client address")
