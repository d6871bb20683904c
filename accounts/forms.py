"""Forms of registering, confirming an address and closing an account."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.socialaccount import forms as social_forms
from django import forms
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from accounts.models import Invitation, User
from accounts.registration import invitation_of, may_register


class _Registering(allauth_forms.BaseSignupForm):  # type: ignore[misc]
    """Registers an address that may register. Who opened an invitation registers the invited address."""

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation_of(context.request)
        if self.invitation is not None:
            self.initial["email"] = self.invitation.email
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "The invitation is for this address."

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not may_register(context.request, email):
            raise forms.ValidationError("This address may not register by itself. Use your address at work, or ask.")
        return email

    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        Invitation.accept(user)
        return user


class SignupForm(_Registering, allauth_forms.SignupForm):  # type: ignore[misc]
    """Registers a person with a password."""

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save the person, or write to an address that has an account.

        Both hash the password, which is nearly all the time that this takes: it tells nobody who is registered.
        """
        saved: tuple[User | None, HttpResponse | None]
        try:
            if self.account_already_exists:
                User().set_password(self.cleaned_data["password1"])
            saved = super().try_save(request)
        except IntegrityError:  # the address was registered in another browser at the same moment
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved


class SocialSignupForm(_Registering, social_forms.SignupForm):  # type: ignore[misc]
    """Asks for the address of a person whose other site did not tell it."""


class ConfirmCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """Takes the code of a mail."""

    def clean_code(self) -> str:
        """Compare the code. Each guess is counted before, so that guesses sent at once do not pass the limit together.

        allauth counts them in the session, of which each request has a copy of its own.
        """
        key = f"{self.email} {self.expected_code}"
        if not ratelimit.consume(context.request, action="guess_code", key=key):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()
        return code


class CloseForm(forms.Form):
    """Closes an account. It asks for the password, or for the address if the person signs in through another site."""

    password = forms.CharField(
        label="Your password",
        strip=False,  # blanks belong to it
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    email = forms.EmailField(label="Your e-mail address, to be sure")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert isinstance(request.user, User)  # noqa: S101 - the view lets nobody else in
        self.user = request.user
        del self.fields["email" if self.user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        """Check the password. Wrong ones count as failed sign-ins, towards the same limit."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise forms.ValidationError("This is not your password.")
        return password

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() != self.user.email.lower():
            raise forms.ValidationError("This is not the account's e-mail address.")
        return email
