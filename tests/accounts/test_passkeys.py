"""Passkeys and security keys: adding, naming and removing them, and signing in with them."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.accounts.factors import (
    SECOND,
    Passkey,
    add_passkey,
    confirm_by_password,
    give_password,
    is_signed_in,
    sign_in_by,
)

pytestmark = pytest.mark.django_db


def test_a_passkey_is_a_second_factor_after_the_password(alice, sign_in):
    passkey = add_passkey(sign_in(alice.email))
    browser = give_password(alice)
    assert not is_signed_in(browser)
    options = browser.get(SECOND).context["js_data"]["request_options"]
    browser.post(SECOND, {"credential": passkey.answer(options)})
    assert is_signed_in(browser)


def test_a_passkey_signs_in_alone_and_leads_where_one_wanted_to_go(alice, sign_in):
    passkey = add_passkey(sign_in(alice.email))
    browser = Client()
    assert sign_in_by(passkey, browser, next="/upload/")["Location"] == "/upload/"
    assert is_signed_in(browser)


def test_a_passkey_that_the_site_does_not_know_signs_nobody_in(alice, sign_in):
    known, unknown = add_passkey(sign_in(alice.email)), Passkey()
    unknown.user_handle = known.user_handle
    browser = Client()
    sign_in_by(unknown, browser)
    assert not is_signed_in(browser)


def test_an_answer_that_another_site_has_got_signs_nobody_in(alice, sign_in):
    passkey, browser = add_passkey(sign_in(alice.email)), Client()
    for origin in ("https://evil.example", "http://localhost.evil.example:8000", "http://127.0.0.1:8000"):
        sign_in_by(passkey, browser, origin)
        assert not is_signed_in(browser), origin


def test_an_answer_signs_in_once(alice, sign_in):
    passkey, browser = add_passkey(sign_in(alice.email)), Client()
    answer = browser.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    said = {"credential": passkey.answer(answer["request_options"])}
    browser.post("/accounts/2fa/webauthn/login/", said)
    assert is_signed_in(browser)
    browser.post("/accounts/logout/")
    browser.post("/accounts/2fa/webauthn/login/", said)
    assert not is_signed_in(browser)


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "null", "7", '{"response": {}}', "no json"])
def test_nonsense_in_place_of_a_passkey_is_refused_and_breaks_nothing(alice, sign_in, nonsense):
    browser = sign_in(alice.email)
    add_passkey(browser)
    alone, second = Client(), give_password(alice)
    alone.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert alone.post("/accounts/2fa/webauthn/login/", {"credential": nonsense}).status_code == 302
    second.get(SECOND)
    assert second.post(SECOND, {"credential": nonsense}).status_code == 200
    browser.get("/accounts/2fa/webauthn/add/")
    page = browser.post("/accounts/2fa/webauthn/add/", {"credential": nonsense}, headers={"host": "localhost:8000"})
    assert "Your browser gave no passkey" in page.content.decode()
    assert not is_signed_in(alone)
    assert not is_signed_in(second)


def test_passkeys_have_names_and_are_removed_one_by_one(alice, charlie, sign_in):
    browser = sign_in(alice.email)
    add_passkey(browser, "Phone")
    add_passkey(browser, "Blue <key>")
    page = browser.get("/accounts/2fa/").content.decode()
    assert "Blue &lt;key&gt;" in page
    phone = Authenticator.objects.filter(user=alice, type=Authenticator.Type.WEBAUTHN).first()
    address = f"/accounts/2fa/webauthn/keys/{phone.pk}/"
    assert browser.post(f"{address}edit/", {"name": "x" * 61}).status_code == 200, "a name of 61 letters was taken"
    browser.post(f"{address}edit/", {"name": "Old phone"})
    assert "Old phone" in browser.get("/accounts/2fa/").content.decode()
    stranger = sign_in(charlie.email)
    confirm_by_password(stranger)
    assert stranger.get(f"{address}edit/").status_code == stranger.post(f"{address}remove/").status_code == 404
    assert browser.get(f"{address}remove/").status_code == 200
    browser.post(f"{address}remove/")
    left = Authenticator.objects.filter(user=alice, type=Authenticator.Type.WEBAUTHN)
    assert [str(key) for key in left] == ["Blue <key>"]


def test_a_site_without_https_offers_none_and_shows_those_that_there_are(alice, sign_in, settings):
    settings.PASSKEYS = settings.MFA_PASSKEY_LOGIN_ENABLED = False
    browser = sign_in(alice.email)
    page = browser.get("/accounts/2fa/").content.decode()
    assert "Browsers offer passkeys over HTTPS alone" in page
    assert "Add a passkey" not in page
    add_passkey(browser)
    assert "Remove" in browser.get("/accounts/2fa/").content.decode()
    assert "Use a passkey instead" not in Client().get("/accounts/login/").content.decode()


def test_another_name_of_this_machine_is_sent_to_the_one_that_passkeys_hold_for(alice, sign_in):
    browser = sign_in(alice.email)
    confirm_by_password(browser)
    for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/add/"):
        here = browser.get(path, headers={"host": "localhost:8000"}).content.decode()
        there = browser.get(path, headers={"host": "127.0.0.1:8000"}).content.decode()
        assert f'href="http://localhost:8000{path}"' in there
        assert f'href="http://localhost:8000{path}"' not in here
        assert ("passkeys.js" in here) is (path != "/accounts/2fa/")
        assert "passkeys.js" not in there
    guest = Client().get("/accounts/login/?next=/upload/", headers={"host": "127.0.0.1:8000"}).content.decode()
    assert 'href="http://localhost:8000/accounts/login/?next=/upload/"' in guest
    assert "Use a passkey instead" not in guest
