"""Confirms an e-mail address by the link in the mail. allauth handles the code in the same mail.

The code works only in the browser session that asked for it. The link is signed and needs no session, so that it works
in any browser. Both end in allauth's function that marks an address as verified.
"""

from __future__ import annotations

from allauth.account.internal.flows.email_verification import mark_email_address_as_verified
from allauth.account.models import EmailAddress
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from accounts.links import on_this_site

LINK_DAYS = 3
"""How many days the link in a mail is valid."""

_SALT = "accounts.confirmation"


class ConfirmationLink:
    """A signed link. Opening it proves that the person reads the mail of this address."""

    def __init__(self, email_address: EmailAddress) -> None:
        self.email_address = email_address

    @property
    def key(self) -> str:
        """The signed part of the link: the person's id and the address."""
        return signing.dumps([self.email_address.user_id, self.email_address.email], salt=_SALT)

    @property
    def url(self) -> str:
        """The link as an absolute URL."""
        return on_this_site(reverse("account-confirm", args=[self.key]))

    @classmethod
    def from_key(cls, key: str) -> ConfirmationLink | None:
        """The link for a key. None if the key is forged or too old, or if the person has no address any more.

        An address that a person adds to an account is saved only once it is confirmed. Until then it is returned
        unsaved.
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
        """Mark the address as verified. Returns None if another person has verified it meanwhile."""
        confirmed: EmailAddress | None = mark_email_address_as_verified(request, self.email_address)
        return confirmed
