"""Second factors: an authenticator app, passkeys and security keys, and recovery codes. allauth does the work."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.keyring import CannotOpen
from accounts.models import User
from accounts.roles import Role
from accounts.sealing import seal, unseal

logger = logging.getLogger(__name__)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals the secrets of second factors, and names what people set up."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That did not match. Try again.",
        "unverified_email": "Confirm all of your e-mail addresses first, or remove those that are not yours.",
        "too_many_codes": "Too many wrong codes. Wait some minutes, then try again.",
        "cannot_open": "Your second factor cannot be checked, because a key of this site is missing. Ask the people who"
        " run it.",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret. allauth tells nothing but the secret itself, so it is bound to its purpose alone."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret.

        Raises:
            ValidationError: Its key is not there. A person reads this on the form where they typed the code.
        """
        try:
            return unseal(encrypted_text)
        except CannotOpen as error:
            logger.error("A second factor cannot be checked: %s", error)  # noqa: TRY400  # no trace is needed
            raise self.validation_error("cannot_open") from error

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # allauth's word
        """The name that is proposed for a passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which name passkeys hold: that of SITE_URL, whatever name the request was sent to."""
        return {"id": str(urlsplit(settings.SITE_URL).hostname), "name": "Countersign"}


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person has set up.

    Attributes:
        app: Their authenticator app, if any.
        passkeys: Their passkeys and security keys, the oldest first.
        codes: Their recovery codes, if any.
    """

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes: Authenticator | None

    @classmethod
    def of(cls, person: User) -> SecondFactors:
        """The second factors of a person, with one query."""
        kinds: dict[Any, list[Authenticator]] = {}
        for found in Authenticator.objects.filter(user=person).order_by("pk"):
            kinds.setdefault(found.type, []).append(found)
        apps, codes = (kinds.get(kind, []) for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES))
        passkeys = kinds.get(Authenticator.Type.WEBAUTHN, [])
        return cls(apps[0] if apps else None, tuple(passkeys), codes[0] if codes else None)

    def __bool__(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        """How many recovery codes were not used. Nothing is opened for that."""
        if self.codes is None:
            return 0
        used: int = self.codes.data["used_mask"]
        count: int = app_settings.RECOVERY_CODE_COUNT
        return count - used.bit_count()


def has_second_factor(person: User) -> bool:
    """Whether a person has set one up. Recovery codes alone are none."""
    first = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(first.exists())


def roles_of(person: User) -> frozenset[Role]:
    """What a person is now. Everybody owns a private branch, so that counts for whoever has no other role.

    Who operates the site counts as an administrator.
    """
    others = person.rights.roles - {Role.OWNER}
    if person.is_staff:
        others |= {Role.ADMINISTRATOR}
    return others or person.rights.roles


def lacks_required_factor(person: Any) -> bool:
    """Whether one of the person's roles stands in `SECOND_FACTOR_FOR`, and they have no second factor."""
    if not person.is_authenticated or roles_of(person).isdisjoint(settings.SECOND_FACTOR_FOR):
        return False
    return not has_second_factor(person)
