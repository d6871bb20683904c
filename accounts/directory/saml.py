"""A directory that speaks SAML 2.0, as the environment describes it. It needs the extra `saml`."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env

ADDRESS_ATTRIBUTES = (
    "email",
    "mail",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
"""As Keycloak, Okta, Shibboleth and Entra call a person's address."""

NOT_INSTALLED = "python3-saml is not installed: `uv sync --extra saml` brings it."


class UnusableMetadata(Exception):
    """The file does not describe an identity provider. The text says why."""


@dataclass(frozen=True, slots=True)
class Saml:
    """An identity provider.

    Attributes:
        metadata: The file that describes it; None where there is none.
        entity_id: What it calls itself in that file.
        sign_in_url: Where people sign in over there.
        address_attributes: The names under which it may tell a person's address; the first that is there counts.
        id_attribute: What tells one person from all others; empty for the NameID.
        mistake: Why the file cannot be used; empty where it can.
    """

    metadata: Path | None = None
    entity_id: str = ""
    sign_in_url: str = ""
    address_attributes: tuple[str, ...] = ADDRESS_ATTRIBUTES
    id_attribute: str = ""
    mistake: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether people can sign in through it."""
        return self.metadata is not None and not self.mistake

    def settings(self, *, addresses_are_verified: bool) -> dict[str, Any]:
        """What allauth has to know of it.

        Args:
            addresses_are_verified: SAML has no word for that, so the directory's settings say it.
        """
        assert self.metadata is not None  # noqa: S101 - asked of a usable one alone
        mapping: dict[str, list[str]] = {"email": list(self.address_attributes)}
        if self.id_attribute:
            mapping["uid"] = [self.id_attribute]
        return {
            # By its address, allauth takes all certificates of the file, so that the provider can change its key. It
            # is read anew at each sign-in: it is small, and may have been replaced.
            "idp": {
                "entity_id": self.entity_id,
                "metadata_url": self.metadata.as_uri(),
                "metadata_cache_timeout": 0,
            },
            "attribute_mapping": mapping,
            "verified_email": addresses_are_verified,
            "email_authentication": True,
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "want_name_id": not self.id_attribute,
                # An answer that nobody asked for could be somebody else's, brought into a person's browser.
                "reject_idp_initiated_sso": True,
                "reject_deprecated_algorithm": True,
            },
        }


def saml_from(env: Env) -> Saml:
    """The identity provider of the environment; `is_usable` tells whether there is one."""
    written = env.str("SAML_METADATA_FILE", "")
    addresses = tuple(env.list("SAML_ADDRESS_ATTRIBUTE", list(ADDRESS_ATTRIBUTES)))
    id_attribute = env.str("SAML_ID_ATTRIBUTE", "")
    if not written:
        return Saml(address_attributes=addresses, id_attribute=id_attribute)
    file = Path(written).resolve()
    try:
        entity_id, sign_in_url = described_by(file)
    except UnusableMetadata as why:
        return Saml(file, "", "", addresses, id_attribute, str(why))
    return Saml(file, entity_id, sign_in_url, addresses, id_attribute)


def described_by(file: Path) -> tuple[str, str]:
    """What the provider of a file of metadata calls itself, and where people sign in.

    Raises:
        UnusableMetadata: The extra is not installed, or the file is not there, or it describes no identity provider
            that is asked by redirect and signs with a key of its own.
    """
    if importlib.util.find_spec("onelogin") is None:
        raise UnusableMetadata(NOT_INSTALLED)
    from lxml.etree import LxmlError
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(file.read_bytes()).get("idp", {})
    except OSError as error:
        raise UnusableMetadata(f"{file} cannot be read: {error.strerror}.") from None
    except (LxmlError, ValueError) as error:
        raise UnusableMetadata(f"{file} is no XML: {error}.") from None
    sign_in_url = found.get("singleSignOnService", {}).get("url", "")
    if not (found.get("entityId") and sign_in_url and (found.get("x509cert") or found.get("x509certMulti"))):
        raise UnusableMetadata(f"{file} describes no identity provider with a redirect address and a certificate.")
    return found["entityId"], sign_in_url
