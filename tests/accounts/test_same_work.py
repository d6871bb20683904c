"""Registering, signing in and asking for a new password do the same work whether an address has an account or not.

Hashing a password takes nearly all the time of an answer, and the mail server the rest: both are counted here.
"""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FREE = "nobody@example.com"


@pytest.fixture
def work_of(hashings, mailoutbox, password):
    """How many passwords were hashed and mails were sent for an answer, and the answer."""

    def work_of(path: str, **form: str) -> tuple[int, int, int, str]:
        del hashings[:], mailoutbox[:]
        answer = Client().post(path, form)
        return len(hashings), len(mailoutbox), answer.status_code, answer.get("Location", "")

    return work_of


def test_registering(alice, make_person, work_of, password):
    make_person("frank@example.com", verified=False)
    done = [
        work_of("/accounts/signup/", email=email, password1=password, password2=password)
        for email in (FREE, alice.email, "frank@example.com")
    ]
    assert done == [(1, 1, 302, "/accounts/confirm-email/")] * 3


def test_a_registration_that_is_refused(alice, work_of, password):
    done = [
        work_of("/accounts/signup/", email=email, password1=password, password2="other")
        for email in (FREE, alice.email)
    ]
    assert done == [(0, 0, 200, "")] * 2


def test_signing_in_with_a_wrong_password(alice, make_person, work_of):
    make_person("frank@example.com", verified=False)
    make_person("out@example.com", is_active=False)
    social = make_person("social@example.com")
    social.set_unusable_password()
    social.save()
    people = (FREE, alice.email, "frank@example.com", "out@example.com", social.email)
    assert [work_of("/accounts/login/", login=email, password="wrong") for email in people] == [(1, 0, 200, "")] * 5


def test_asking_for_a_new_password(alice, make_person, work_of):
    make_person("frank@example.com", verified=False)
    make_person("out@example.com", is_active=False)
    people = (FREE, alice.email, "frank@example.com", "out@example.com")
    done = [work_of("/accounts/password/reset/", email=email) for email in people]
    assert done == [(0, 1, 302, "/accounts/password/reset/done/")] * 4


def test_who_is_held_back_is_answered_without_work(alice, work_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/m/key", "login_failed_anywhere": "9/m/key"}
    for email in (FREE, alice.email):
        assert work_of("/accounts/login/", login=email, password="wrong") == (1, 0, 200, "")
        assert work_of("/accounts/login/", login=email, password="wrong") == (0, 0, 200, "")
