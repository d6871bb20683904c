"""The bank's directory as the environment describes it. The settings read it, so nothing here needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from environs import Env

from accounts.directory.saml import Saml, saml_from

PROVIDER_ID = "directory"
"""What allauth calls the directory, in addresses and in its rows."""

SCOPES = ("openid", "profile", "email")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that speaks OpenID Connect, or SAML.

    Attributes:
        name: As people know it.
        url: The issuer, or the address of its configuration.
        client_id: Who this site is over there.
        secret: The secret that proves it.
        scopes: What this site asks to be told.
        saml: The identity provider, of a directory that speaks SAML.
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
    saml: Saml
    groups_claim: str
    roles: Any
    origins: tuple[str, ...]
    vouches: bool
    only: bool

    @property
    def for_openid(self) -> dict[str, str]:
        """The settings that OpenID Connect needs beside the name."""
        return {
            "DIRECTORY_URL": self.url,
            "DIRECTORY_CLIENT_ID": self.client_id,
            "DIRECTORY_CLIENT_SECRET": self.secret,
        }

    @property
    def speaks_openid(self) -> bool:
        """Whether people sign in through it by OpenID Connect."""
        return bool(self.name) and all(self.for_openid.values())

    @property
    def speaks_saml(self) -> bool:
        """Whether people sign in through it by SAML."""
        return bool(self.name) and self.saml.is_usable and not self.speaks_openid

    @property
    def is_offered(self) -> bool:
        """Whether people can sign in through it."""
        return self.speaks_openid or self.speaks_saml

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read or change what it says."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" or parts.hostname in LOOPBACK

    @property
    def openid_app(self) -> dict[str, Any]:
        """The directory in allauth's form, where it speaks OpenID Connect."""
        settings = {
            "server_url": self.url,
            "scope": list(self.scopes),
            "oauth_pkce_enabled": True,
            "email_authentication": True,
        }
        keys = {"client_id": self.client_id, "secret": self.secret}
        return {**keys, "provider_id": PROVIDER_ID, "name": self.name, "settings": settings}

    @property
    def saml_app(self) -> dict[str, Any]:
        """The directory in allauth's form, where it speaks SAML. There, the client's id is a part of addresses."""
        settings = self.saml.settings(addresses_are_verified=self.vouches)
        return {"client_id": PROVIDER_ID, "provider_id": PROVIDER_ID, "name": self.name, "settings": settings}


def directory_from(env: Env) -> Directory:
    """The directory of the environment; `is_offered` tells whether there is one."""
    only = env.bool("DIRECTORY_ONLY", False)
    return Directory(
        name=env.str("DIRECTORY_NAME", ""),
        url=env.str("DIRECTORY_URL", "").rstrip("/"),
        client_id=env.str("DIRECTORY_CLIENT_ID", ""),
        secret=env.str("DIRECTORY_CLIENT_SECRET", ""),
        scopes=tuple(env.list("DIRECTORY_SCOPES", list(SCOPES), delimiter=" ")),
        saml=saml_from(env),
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
    if directory.speaks_openid:
        others = providers.get("openid_connect", {"APPS": []})["APPS"]
        providers = {**providers, "openid_connect": {"APPS": [directory.openid_app, *others]}}
        origins = [_origin(directory.url), *directory.origins, *origins]
    elif directory.speaks_saml:
        providers = {**providers, "saml": {"APPS": [directory.saml_app]}}
        origins = [_origin(directory.saml.sign_in_url), *directory.origins, *origins]
    return providers, origins


def _origin(address: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))
