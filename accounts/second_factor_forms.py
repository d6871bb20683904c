"""Forms of setting up and of giving a second factor."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.core.cache import cache

from accounts.keyring import CannotOpen
from accounts.models import User
from accounts.sealing import seal_for_session, unseal_from_session

NAME_LENGTH = 60
CODE_HOLDS_SECONDS = 30 * (1 + 2 * settings.MFA_TOTP_TOLERANCE)
"""For how long a code of an app is taken. A clock may be one step of 30 seconds ahead, or behind."""

_CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def use_once(person: User, code: str) -> bool:
    """Note that a code was used. False where it was used before.

    allauth notes it for 30 seconds, and a code holds for longer here.
    """
    digits = "".join(filter(str.isdigit, code))
    return bool(cache.add(f"accounts.second-factor-code.{person.pk}.{digits}", 1, timeout=CODE_HOLDS_SECONDS))


class _CodeForm(base_forms.BaseAuthenticateForm):  # type: ignore[misc]
    """Takes a code of the app once, or a recovery code."""

    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_app = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).exists()
        field = self.fields["code"]
        field.label = "Code from your authenticator app, or a recovery code" if self.has_app else "Recovery code"
        field.widget = forms.TextInput(attrs=_CODE_ATTRS)

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            if error.code == "too_many_login_attempts":  # its words speak of passwords
                raise get_adapter().validation_error("too_many_codes") from None
            raise
        if self.authenticator.type == Authenticator.Type.TOTP and not use_once(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCodeForm(_CodeForm, base_forms.AuthenticateForm):  # type: ignore[misc]
    """Takes the code that follows the password."""


class ConfirmByCodeForm(_CodeForm, base_forms.ReauthenticateForm):  # type: ignore[misc]
    """Takes the code of a person who has signed in, before they change much."""


class SetUpAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """Sets up an authenticator app. Its secret waits in the session, sealed, until the first code was typed.

    allauth keeps it there in clear, and sessions are rows of the database.
    """

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.user = user
        self.fields["code"].label = "Code that the app shows"
        self.fields["code"].widget = forms.TextInput(attrs=_CODE_ATTRS)
        self.secret = (self._waiting() if self.is_bound else None) or self._begin()

    def _waiting(self) -> str | None:
        """The secret that this session was shown. None where its key is gone: then another is shown."""
        try:
            return unseal_from_session(context.request.session[SECRET_SESSION_KEY])
        except (KeyError, CannotOpen):
            return None

    def _begin(self) -> str:
        secret: str = generate_totp_secret()
        context.request.session[SECRET_SESSION_KEY] = seal_for_session(secret)
        return secret

    @property
    def secret_in_groups(self) -> str:
        """The secret as a person types it: four letters, a space, four letters."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))

    def clean_code(self) -> str:
        code: str = super().clean_code()
        use_once(self.user, code)
        return code


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    """Adds a passkey or a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "To tell it from others, such as “Phone” or “Blue key”."
        self.fields["name"] = forms.CharField(max_length=NAME_LENGTH, required=False, label="Name", help_text=hint)
        alone = self.fields.get("passwordless")
        if alone is not None:  # it is not there where the site offers no passkeys
            alone.label, alone.initial = "Sign in with it alone, without the password", True
            alone.help_text = "It then asks for your fingerprint, face or PIN. Older security keys cannot do this."

    def clean(self) -> dict[str, Any]:
        """Say of any answer that cannot be used that it is the browser's, not something that the person typed."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError as error:
            self.add_error("credential", error)
            cleaned = self.cleaned_data
        return cleaned


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    """Gives a passkey another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(max_length=NAME_LENGTH, label="Name")
