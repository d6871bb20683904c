"""How sessions find their person where the directory is the only way in."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest


class WithoutPasswords(AuthenticationBackend):  # type: ignore[misc]
    """Takes no password. Sessions from before end too, because they name another backend."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody, whatever they know."""
