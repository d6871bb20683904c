"""People whose address is confirmed, their browsers and their mail."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import Membership, User
from accounts.roles import Role

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def counts_of_its_own(settings):
    """Rate limits are counted in the real cache, under a prefix of this test alone."""
    default = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def make_person(db) -> Callable[..., User]:
    def make(email: str, *, verified: bool = True, **fields) -> User:
        user = User.objects.create_user(email, PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
        return user

    return make


@pytest.fixture
def alice(make_person) -> User:
    return make_person("alice@example.com")


@pytest.fixture
def charlie(make_person) -> User:
    return make_person("charlie@example.com")


@pytest.fixture
def dana(make_person) -> User:
    dana = make_person("dana@example.com", is_staff=True, is_superuser=True)
    Membership.give(dana, Role.ADMINISTRATOR)
    return dana


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A browser in which this person has typed address and password."""

    def sign_in(email: str, password: str = PASSWORD) -> Client:
        browser = Client()
        browser.post("/accounts/login/", {"login": email, "password": password})
        assert browser.session.get("_auth_user_id"), f"{email} could not sign in"
        return browser

    return sign_in


@pytest.fixture
def hashings(monkeypatch) -> list[str]:
    """The passwords that were hashed, which is the work that takes long."""
    done: list[str] = []
    encode = PBKDF2PasswordHasher.encode

    def count(self, password, salt, iterations=None):
        done.append(password)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", count)
    return done


@pytest.fixture
def code_in() -> Callable[[EmailMessage], str]:
    """The one-time code in a mail."""

    def code_in(message: EmailMessage) -> str:
        found = re.search(r"^    (\S+)$", message.body, re.MULTILINE)
        assert found, message.body
        return found[1]

    return code_in


@pytest.fixture
def link_in() -> Callable[[EmailMessage], str]:
    """The path of the link in a mail."""

    def link_in(message: EmailMessage) -> str:
        found = re.search(r"^https?://[^/\s]+(/\S+)$", message.body, re.MULTILINE)
        assert found, message.body
        return found[1]

    return link_in
