"""Wrong passwords and codes: what is held back, for whom, for how long, and the owner's way in."""

from __future__ import annotations

import pytest
from allauth.account import forms as allauth_forms
from allauth.core.internal import ratelimit
from django.test import Client
from environs import Env

from accounts.rates import rates_from
from tests.accounts.at_once import at_once

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
CONFIRM_PAGE = "/accounts/confirm-email/"
NEW_PASSWORD = "other-Larks-55-fall"
ATTACKER, OFFICE = "203.0.113.66", "198.51.100.7"


def try_from(network: str, email: str, password: str, **headers: str):
    return Client(REMOTE_ADDR=network).post(SIGN_IN, {"login": email, "password": password}, headers=headers)


def is_held_back(page) -> bool:
    return page.status_code == 200 and "Too many" in page.content.decode()


def signed_in(page) -> bool:
    return page.status_code == 302


@pytest.fixture
def later(monkeypatch):
    """Let time pass for what limits count: `later(minutes=5)`."""
    seconds = 0.0
    now = ratelimit.time.time

    def pass_by(*, minutes: float = 0, hours: float = 0) -> None:
        nonlocal seconds
        seconds += 60 * minutes + 3600 * hours
        monkeypatch.setattr(ratelimit.time, "time", lambda: now() + seconds)

    return pass_by


def test_wrong_passwords_from_elsewhere_do_not_keep_the_owner_out(alice, password):
    for _ in range(20):
        page = try_from(ATTACKER, alice.email, "wrong")
    assert is_held_back(page)
    assert is_held_back(try_from(ATTACKER, alice.email, password)), "even the right one, from there"
    assert signed_in(try_from(OFFICE, alice.email, password))


def test_each_time_is_held_back_longer(alice, password, later):
    def tries_until_held_back() -> int:
        for number in range(30):
            if is_held_back(try_from(ATTACKER, alice.email, "wrong")):
                return number
        raise AssertionError("never")

    assert tries_until_held_back() == 5
    later(minutes=6)
    assert tries_until_held_back() == 5
    later(minutes=6)
    assert tries_until_held_back() == 0, "the second time it takes an hour"
    later(hours=1)
    assert tries_until_held_back() == 5
    later(hours=1.1)
    assert tries_until_held_back() == 5
    later(hours=2)
    assert tries_until_held_back() == 0, "the third time it takes a day"
    later(hours=24)
    assert signed_in(try_from(ATTACKER, alice.email, password))


def test_guesses_from_many_places_are_slowed_and_the_owner_comes_in_by_mail(
    alice, password, mailoutbox, link_in, settings, later
):
    networks = [f"203.0.113.{number}" for number in range(1, 101)]
    pages = [try_from(network, alice.email, "wrong") for network in networks]
    held = [is_held_back(page) for page in pages]
    assert held == [False] * 60 + [True] * 40
    page = try_from(OFFICE, alice.email, password)
    assert "from several places" in page.content.decode()
    assert "/accounts/password/reset/" in page.content.decode()
    owner = Client(REMOTE_ADDR=OFFICE)
    owner.post("/accounts/password/reset/", {"email": alice.email})
    assert "lets you in at once" in mailoutbox[-1].body
    form = owner.get(link_in(mailoutbox[-1]), follow=True)
    for network in networks[:3]:
        assert is_held_back(try_from(network, alice.email, "wrong")), "asking for the mail alone ends nothing"
    owner.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert owner.get("/account/").status_code == 200, "the link lets the owner in"
    assert signed_in(try_from("192.0.2.9", alice.email, NEW_PASSWORD)), "and everywhere else again"


def test_an_unknown_address_is_held_back_like_a_known_one(alice):
    for network, email in ((ATTACKER, alice.email), (OFFICE, "nobody@example.com")):
        pages = [try_from(network, email, "wrong").content.decode().replace(email, "") for _ in range(6)]
        held = ["Too many" in page for page in pages]
        assert held == [False] * 5 + [True]


def test_a_network_of_the_sixth_version_counts_as_one(alice, password):
    for number in range(6):
        page = try_from(f"2001:db8:1:2::{number + 1:x}", alice.email, "wrong")
    assert is_held_back(page)
    assert signed_in(try_from("2001:db8:1:3::1", alice.email, password))


def test_addresses_of_the_fourth_version_count_apart_also_in_the_notation_of_the_sixth(alice, password):
    for _ in range(6):
        page = try_from(f"::ffff:{ATTACKER}", alice.email, "wrong")
    assert is_held_back(page)
    assert is_held_back(try_from(ATTACKER, alice.email, "wrong"))
    assert signed_in(try_from(f"::ffff:{OFFICE}", alice.email, password))


def test_another_name_of_the_site_gives_no_fresh_tries(alice, settings):
    settings.ALLOWED_HOSTS = ["cheques.example.com", "localhost", "127.0.0.1"]
    names = ["cheques.example.com", "localhost", "127.0.0.1", *(f"localhost:{port}" for port in range(1, 6))]
    held = [is_held_back(try_from(ATTACKER, alice.email, "wrong", host=name)) for name in names]
    assert held == [False] * 5 + [True] * 3


def test_who_signs_in_uses_up_no_tries(alice, password):
    assert all(signed_in(try_from(OFFICE, alice.email, password)) for _ in range(8))


@pytest.mark.django_db(transaction=True)
def test_twelve_passwords_at_once_are_not_more_than_the_limit(alice, hashings):
    at_once(12, lambda: try_from(ATTACKER, alice.email, "wrong"))
    assert 1 <= hashings.count("wrong") <= 5


@pytest.mark.django_db(transaction=True)
def test_twelve_codes_at_once_are_not_more_than_the_limit(client, password, mailoutbox, code_in, monkeypatch):
    compared: list[str] = []
    compare = allauth_forms.compare_user_code
    monkeypatch.setattr(
        allauth_forms, "compare_user_code", lambda **codes: compared.append(codes["actual"]) or compare(**codes)
    )
    client.post("/accounts/signup/", {"email": "erin@example.com", "password1": password, "password2": password})

    def guess() -> None:
        browser = Client()
        browser.cookies.update(client.cookies)
        browser.post(CONFIRM_PAGE, {"code": "WRONG-CODE"})

    at_once(12, guess)
    assert compared == ["WRONG-CODE"] * 3
    client.post(CONFIRM_PAGE, {"code": code_in(mailoutbox[0])})
    assert "_auth_user_id" not in client.session, "after three guesses the right code is nothing any more"


def test_a_new_code_has_guesses_of_its_own(client, password, mailoutbox, code_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_email": "5/m/key"}
    client.post("/accounts/signup/", {"email": "erin@example.com", "password1": password, "password2": password})
    for _ in range(2):
        client.post(CONFIRM_PAGE, {"code": "WRONG-CODE"})
    client.post(CONFIRM_PAGE, {"action": "resend"})
    client.post(CONFIRM_PAGE, {"code": code_in(mailoutbox[1])})
    assert "_auth_user_id" in client.session


def test_a_branch_behind_one_address_may_sign_in_as_often_as_the_setting_says(alice, password, monkeypatch, settings):
    monkeypatch.setenv("LOGIN_RATE", "2/m/ip")
    settings.ACCOUNT_RATE_LIMITS = rates_from(Env())
    assert [try_from(OFFICE, alice.email, password).status_code for _ in range(3)] == [302, 302, 429]
