"""A person's own page: what is shown, closing the account and taking that back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db
PAGES = {
    "/account/": "get",
    "/account/download/": "get",
    "/account/close/": "get",
    "/account/reopen/": "post",
    "/account/sign-out-everywhere/": "post",
}


@pytest.mark.parametrize(("path", "method"), PAGES.items())
def test_a_visitor_is_asked_to_sign_in(client, path, method):
    response = getattr(client, method)(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("path", [path for path, method in PAGES.items() if method == "post"])
def test_what_changes_something_is_never_done_by_opening_a_page(alice, sign_in, path):
    assert sign_in(alice.email).get(path).status_code == 405


@pytest.mark.parametrize("path", ["/account/", "/account/download/"])
def test_what_only_shows_takes_no_form(alice, sign_in, path):
    assert sign_in(alice.email).post(path).status_code == 405


@pytest.mark.parametrize("path", ["/account/close/", "/account/reopen/", "/account/sign-out-everywhere/"])
def test_a_form_from_another_site_is_refused(alice, password, path):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.post(path, {"password": password}).status_code == 403
    alice.refresh_from_db()
    assert alice.close_at is None


def test_the_page_shows_addresses_and_sessions_of_this_person_alone(alice, charlie, sign_in):
    sign_in(charlie.email)
    page = sign_in(alice.email).get("/account/")
    assert alice.email in page.content.decode()
    assert charlie.email not in page.content.decode()
    assert len(page.context["sessions"]) == 1


def test_closing_asks_for_the_password(alice, sign_in):
    page = sign_in(alice.email).post("/account/close/", {"password": "wrong"})
    assert "not your password" in page.content.decode()
    alice.refresh_from_db()
    assert alice.close_at is None


def test_guessing_the_password_there_is_limited(alice, sign_in, password):
    browser = sign_in(alice.email)
    for _ in range(5):
        browser.post("/account/close/", {"password": "wrong"})
    page = browser.post("/account/close/", {"password": password})
    assert "Too many failed" in page.content.decode()
    alice.refresh_from_db()
    assert alice.close_at is None


def test_a_closed_account_has_seven_days_and_says_so(alice, sign_in, password):
    browser = sign_in(alice.email)
    assert browser.post("/account/close/", {"password": password})["Location"] == "/account/"
    alice.refresh_from_db()
    left = alice.close_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    assert "This account is being closed" in browser.get("/account/").content.decode()


def test_signing_in_to_a_closed_account_leads_to_where_it_is_taken_back(alice, client, password):
    alice.close()
    response = client.post("/accounts/login/", {"login": alice.email, "password": password}, follow=True)
    assert response.redirect_chain == [("/account/", 302)]
    assert "It can still be taken back" in response.content.decode()
    client.post("/account/reopen/")
    alice.refresh_from_db()
    assert alice.close_at is None
    assert "being closed" not in client.get("/account/").content.decode()


def test_who_has_no_password_types_the_address_instead(alice, client):
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    client.post("/account/close/", {"email": "other@example.com"})
    alice.refresh_from_db()
    assert alice.close_at is None
    client.post("/account/close/", {"email": "Alice@example.com"})
    alice.refresh_from_db()
    assert alice.close_at is not None


def test_a_linked_site_whose_keys_are_gone_does_not_break_the_pages(alice, sign_in, settings, password):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    SocialAccount.objects.create(user=alice, provider="google", uid="1")
    browser = sign_in(alice.email)
    browser.post("/accounts/reauthenticate/", {"password": password})
    assert "google" in browser.get("/account/").content.decode()
    assert "google" in browser.get("/accounts/3rdparty/").content.decode()
    assert browser.get("/account/download/").status_code == 200
