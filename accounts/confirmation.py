"""Confirming an address by the link in the mail; the code in the same mail is allauth's own.

A code lives in the browser session that asked for it. The link is signed and lives in the mail alone, so that it
confirms in any browser. Both end in allauth's one way of marking an address as verified.
"""

from __future__ import annotations

from allauth.account.internal.flows.email_verification import mark_email_address_as_verified
from allauth.account.models import EmailAddress
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

LINK_DAYS = 3
"""How long the link in a mail holds."""

_SALT = "accounts.confirmation"


class ConfirmationLink:
    """A signed promise that whoever opens it reads the mail of this address."""

    def __init__(self, email_address: EmailAddress) -> None:
        self.email_address = email_address

    @property
    def key(self) -> str:
        """What stands in the link: the person and the address, signed."""
        return signing.dumps([self.email_address.user_id, self.email_address.email], salt=_SALT)

    def url(self, request: HttpRequest) -> str:
        """The whole link."""
        return request.build_absolute_uri(reverse("account-confirm", args=[self.key]))

    @classmethod
    def from_key(cls, key: str) -> ConfirmationLink | None:
        """The link for this key, or None: forged, too old, or its person is gone.

        An address that is being added to an account is not saved before it is confirmed: it comes back unsaved.
        """
        try:
            user_id, email = signing.loads(key, salt=_SALT, max_age=LINK_DAYS * 24 * 3600)
        except signing.BadSignature:
            return None
        saved = EmailAddress.objects.filter(user_id=user_id, email__iexact=email).first()
        if saved is None and not EmailAddress.objects.filter(user_id=user_id).exists():
            return None
        return cls(saved or EmailAddress(user_id=user_id, email=email))

    def confirm(self, request: HttpRequest) -> EmailAddress | None:
        """Mark the address as verified; None if somebody else has verified it meanwhile."""
        confirmed: EmailAddress | None = mark_email_address_as_verified(request, self.email_address)
        return confirmed
