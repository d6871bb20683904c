"""The bank's directory as the environment describes it. The settings read it, so nothing here needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from environs import Env

PROVIDER_ID = "directory"
"""What allauth calls the directory, in addresses and in its rows."""

SCOPES = ("openid", "profile", "email")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that speaks OpenID Connect.

    Attributes:
        name: As people know it.
        url: The issuer, or the address of its configuration.
        client_id: Who this site is over there.
        secret: The secret that proves it.
        scopes: What this site asks to be told.
        groups_claim: Where a person's groups stand in what is told: a name, or names with dots between.
        roles: What each group gives, as it was written. `accounts.directory.grants` reads it.
        origins: Further origins that signing in over there leads through.
        vouches: Whether an address counts as verified of which the directory does not say so itself.
        only: Whether nobody comes in another way.
    """

    name: str
    url: str
    client_id: str
    secret: str
    scopes: tuple[str, ...]
    groups_claim: str
    roles: Any
    origins: tuple[str, ...]
    vouches: bool
    only: bool

    @property
    def needed(self) -> dict[str, str]:
        """The settings without which there is no directory."""
        return {
            "DIRECTORY_NAME": self.name,
            "DIRECTORY_URL": self.url,
            "DIRECTORY_CLIENT_ID": self.client_id,
            "DIRECTORY_CLIENT_SECRET": self.secret,
        }

    @property
    def is_offered(self) -> bool:
        """Whether people can sign in through it."""
        return all(self.needed.values())

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read or change what it says."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" or parts.hostname in LOOPBACK

    @property
    def app(self) -> dict[str, Any]:
        """The directory in allauth's form."""
        settings = {
            "server_url": self.url,
            "scope": list(self.scopes),
            "oauth_pkce_enabled": True,
            "email_authentication": True,
        }
        keys = {"client_id": self.client_id, "secret": self.secret}
        return {**keys, "provider_id": PROVIDER_ID, "name": self.name, "settings": settings}


def directory_from(env: Env) -> Directory:
    """The directory of the environment; `is_offered` tells whether there is one."""
    only = env.bool("DIRECTORY_ONLY", False)
    return Directory(
        name=env.str("DIRECTORY_NAME", ""),
        url=env.str("DIRECTORY_URL", "").rstrip("/"),
        client_id=env.str("DIRECTORY_CLIENT_ID", ""),
        secret=env.str("DIRECTORY_CLIENT_SECRET", ""),
        scopes=tuple(env.list("DIRECTORY_SCOPES", list(SCOPES), delimiter=" ")),
        groups_claim=env.str("DIRECTORY_GROUPS_CLAIM", "groups"),
        roles=env.json("DIRECTORY_ROLES", {}),
        origins=tuple(env.list("DIRECTORY_ORIGINS", [])),
        # Where the directory is the only way in, it alone says who somebody is, addresses included.
        vouches=env.bool("DIRECTORY_VERIFIES_ADDRESSES", only),
        only=only,
    )


def ways_in(directory: Directory, providers: dict[str, Any], origins: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The other sites with the directory before them, or the directory alone: allauth's form, and forms' origins."""
    if directory.only:
        providers, origins = {}, []
    if not directory.is_offered:
        return providers, origins
    others = providers.get("openid_connect", {"APPS": []})["APPS"]
    its_own = "{0.scheme}://{0.netloc}".format(urlsplit(directory.url))
    return {**providers, "openid_connect": {"APPS": [directory.app, *others]}}, [its_own, *directory.origins, *origins]
