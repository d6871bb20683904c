"""Finds the address from which a request comes, behind the proxies that the settings name."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

_COUNTED_BITS = 64
"""Allauth counts rates by as many."""


def client_ip(request: HttpRequest) -> str:
    """The address that our outermost proxy saw; without a proxy, the connection's address.

    Each proxy appends the address that called it to X-Forwarded-For. So only the last `TRUSTED_PROXIES` entries are
    trustworthy, and entries that a caller wrote before them have no effect.

    Raises:
        PermissionDenied: The request has no valid address, so that it could not be counted towards a limit.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    address = forwarded[-trusted] if 0 < trusted <= len(forwarded) else ""
    for candidate in (address, request.META.get("REMOTE_ADDR", "")):
        try:
            found = ipaddress.ip_address(candidate)
        except ValueError:
            continue  # empty, a host name, or an address with a port
        # A socket for both versions writes IPv4 in the notation of IPv6, where limits would count all of it as one.
        return str(getattr(found, "ipv4_mapped", None) or found)
    raise PermissionDenied("no client address")


def network_of(address: str) -> str:
    """An address as limits count it: of IPv6 its first 64 bits, because a connection at home has all that follow.

    Any other text is returned as it is.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found), _COUNTED_BITS), strict=False))
