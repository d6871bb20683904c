"""What a visitor writes into a request decides neither where links lead nor whose session one has."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Invitation

pytestmark = pytest.mark.django_db
OURS = "https://cheques.example.com"
NAMES = ["localhost", "127.0.0.1:31337", "cheques.example.com:31337"]


@pytest.fixture(autouse=True)
def known_names(settings):
    settings.SITE_URL = OURS
    settings.ALLOWED_HOSTS = ["cheques.example.com", "127.0.0.1", "localhost"]


@pytest.mark.parametrize("name", NAMES)
def test_links_in_mails_lead_to_this_site_whatever_name_was_asked(alice, password, mailoutbox, name):
    asked = {"headers": {"host": name}}
    registering = {"email": "erin@example.com", "password1": password, "password2": password}
    Client().post("/accounts/signup/", registering, **asked)
    Client().post("/accounts/signup/", {**registering, "email": alice.email}, **asked)
    for email in (alice.email, "nobody@example.com"):
        Client().post("/accounts/password/reset/", {"email": email}, **asked)
    Invitation.objects.create(email="frank@example.com").send()
    assert len(mailoutbox) == 5
    for mail in mailoutbox:
        links = re.findall(r"https?://[^/\s]+", mail.body)
        assert set(links) == {OURS}, mail.body
        assert name not in mail.body.replace(OURS, "").replace("cheques.example.com)", "")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
        "http://localhost/", "http://127.0.0.1/", "https://cheques.example.com.evil.example/", " https://evil.example",
        "https://evil.example\\@testserver/", "http:///evil.example", "/%09/evil.example\t",
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/logout/"])
def test_next_leads_to_no_other_place(alice, password, sign_in, settings, elsewhere, page):
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    browser = sign_in(alice.email) if "logout" in page else Client()
    answer = browser.post(page, {"login": alice.email, "password": password, "next": elsewhere})
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer["Location"]), answer["Location"]


def test_signing_in_gives_a_new_session(alice, password, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    session = browser.session
    session["visitor"] = "kept"
    session.save()
    before = session.session_key
    browser.post("/accounts/login/", {"login": alice.email, "password": password})
    assert browser.session.session_key != before
    held_by_somebody_else = Client()
    held_by_somebody_else.cookies["sessionid"] = before
    assert held_by_somebody_else.get("/account/").status_code == 302
