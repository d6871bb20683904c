"""Settings for sign-in with Google, Facebook and LinkedIn. Each is offered if its keys are in the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from environs import Env

_FORM_ACTIONS = {
    "google": ["https://accounts.google.com"],
    "facebook": ["https://www.facebook.com", "https://m.facebook.com"],
    "linkedin": ["https://www.linkedin.com"],
}
"""Origins of each site's sign-in page. Our sign-in buttons are forms that lead there."""


def _google(app: dict[str, Any], url: str) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "APPS": [app],
        "SCOPE": ["openid", "email", "profile"],
        "OAUTH_PKCE_ENABLED": True,
        "EMAIL_AUTHENTICATION": True,
    }
    if url:
        provider |= {
            "AUTHORIZE_URL": f"{url}/authorize",
            "ACCESS_TOKEN_URL": f"{url}/token",
            "CERTS_URL": f"{url}/certs",
            "IDENTITY_URL": f"{url}/userinfo",
            "ID_TOKEN_ISSUER": url,
        }
    return {"google": provider}


def _facebook(app: dict[str, Any], url: str) -> dict[str, Any]:
    # Facebook does not report whether an address was verified, so it must never open an existing account.
    provider: dict[str, Any] = {
        "APPS": [app],
        "SCOPE": ["email", "public_profile"],
        "FIELDS": ["id", "email", "name", "first_name", "last_name"],
        "VERIFIED_EMAIL": False,
        "EMAIL_AUTHENTICATION": False,
    }
    if url:
        provider |= {"AUTHORIZE_URL": f"{url}/authorize", "GRAPH_API_URL": url}
    return {"facebook": provider}


def _linkedin(app: dict[str, Any], url: str) -> dict[str, Any]:
    settings = {
        "server_url": url or "https://www.linkedin.com/oauth",
        "token_auth_method": "client_secret_post",
        "email_authentication": True,
    }
    return {"openid_connect": {"APPS": [{**app, "provider_id": "linkedin", "name": "LinkedIn", "settings": settings}]}}


_PROVIDERS: dict[str, Callable[[dict[str, Any], str], dict[str, Any]]] = {
    "google": _google,
    "facebook": _facebook,
    "linkedin": _linkedin,
}


def providers_from(env: Env) -> tuple[dict[str, Any], list[str]]:
    """The sites whose keys are set, in allauth's form, and the origins that our forms may lead to.

    `<NAME>_CLIENT_ID` and `<NAME>_CLIENT_SECRET` turn a site on. `<NAME>_URL` names another server to use in its place:
    a gateway, or the server that the tests start.
    """
    providers: dict[str, Any] = {}
    origins: list[str] = []
    for name, provider in _PROVIDERS.items():
        client_id, secret = env.str(f"{name.upper()}_CLIENT_ID", ""), env.str(f"{name.upper()}_CLIENT_SECRET", "")
        if not (client_id and secret):
            continue
        url = env.str(f"{name.upper()}_URL", "").rstrip("/")
        providers |= provider({"client_id": client_id, "secret": secret}, url)
        origins += ["{0.scheme}://{0.netloc}".format(urlsplit(url))] if url else _FORM_ACTIONS[name]
    return providers, origins
