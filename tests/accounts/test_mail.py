"""Mail through a real SMTP server."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.mail_server import mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.servers]


def test_the_mail_that_confirms_arrives_over_smtp(settings, password):
    form = {"email": "hugo@example.com", "password1": password, "password2": password}
    with mail_server() as inbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", inbox.port
        Client().post("/accounts/signup/", form)
    [body] = inbox.of("hugo@example.com")
    assert "/accounts/confirm/" in body
