"""Forms for the page of a person's account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest

from accounts.models import User


class CloseForm(forms.Form):
    """Closes an account. It asks for the password, or for the address if the person signs in through another site."""

    password = forms.CharField(
        label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
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
