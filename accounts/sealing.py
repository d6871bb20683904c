"""The secrets of second factors as the database keeps them: sealed, so that a copy of it gives nobody a code."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from accounts.keyring import KEY_BYTES, CannotOpen, Keyring

PURPOSE = "second factors"
SECRETS = ("secret", "seed")
"""What is sealed of an authenticator's data: the secret of an app, the seed of recovery codes."""

_OF_SECRET_KEY = "secret_key"  # noqa: S105  # a name that no key of ENCRYPTION_KEYS can have
_KEPT, _BEING_SET_UP = "kept", "being set up"


def ring() -> Keyring:
    """The keys of ENCRYPTION_KEYS, and after them one that follows from SECRET_KEY.

    The last one seals where there is no other, and opens what it sealed before there were others.
    """
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"countersign {PURPOSE}".encode())
    own = derived.derive(settings.SECRET_KEY.encode())
    return Keyring({**settings.ENCRYPTION_KEYS.keys, _OF_SECRET_KEY: own})


def seal(secret: str) -> str:
    """Seal a secret for the database."""
    return ring().seal(secret.encode(), PURPOSE, _KEPT)


def unseal(sealed: str) -> str:
    """Open what `seal` returned.

    Raises:
        CannotOpen: Its key is not there, or it was changed.
    """
    return ring().open(sealed, PURPOSE, _KEPT).decode()


def seal_for_session(secret: str) -> str:
    """Seal a secret that is being set up, for the session's row. Nobody can move it to where `unseal` opens it."""
    return ring().seal(secret.encode(), PURPOSE, _BEING_SET_UP)


def unseal_from_session(sealed: str) -> str:
    """Open what `seal_for_session` returned.

    Raises:
        CannotOpen: Its key is not there, or it was changed.
    """
    return ring().open(sealed, PURPOSE, _BEING_SET_UP).decode()


def seal_all_anew(tell: Callable[[Authenticator, CannotOpen], None]) -> int:
    """Seal with the newest key what an older one has sealed.

    Args:
        tell: Is called with each authenticator whose secret cannot be opened, and why. It stays as it is.

    Returns:
        How many were sealed anew.
    """
    sealed_anew = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        # One row at a time is held, because a recovery code that is used meanwhile changes the row too.
        with transaction.atomic():
            found = Authenticator.objects.select_for_update().filter(pk=pk).first()
            try:
                sealed_anew += bool(found and _sealed_anew(found))
            except CannotOpen as error:
                tell(found, error)
    return sealed_anew


def _sealed_anew(authenticator: Authenticator) -> bool:
    newest = ring().newest
    kept = [name for name in SECRETS if name in authenticator.data]
    older = [name for name in kept if not authenticator.data[name].startswith(f"{newest}.")]
    for name in older:
        authenticator.data[name] = seal(unseal(authenticator.data[name]))
    if older:
        authenticator.save(update_fields=["data"])
    return bool(older)
