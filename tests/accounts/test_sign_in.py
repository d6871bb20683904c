"""Signing in, out and everywhere out; passwords; what is limited."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
NEW_PASSWORD = "other-Larks-55-fall"
FAILED_TRIES = 5  # for one address in five minutes, as the settings say


def try_to_sign_in(browser: Client, email: str, password: str, **headers):
    return browser.post(SIGN_IN, {"login": email, "password": password}, headers=headers)


def is_signed_in(browser: Client) -> bool:
    """Whether the site still knows who this browser is, asked of the site itself."""
    return browser.get("/account/").status_code == 200


def test_address_and_password_sign_in(alice, client, password):
    response = try_to_sign_in(client, "ALICE@example.com", password)
    assert response["Location"] == "/history/"
    assert is_signed_in(client)


def test_one_lands_where_one_wanted_to_go_but_never_on_another_site(alice, password):
    inside, outside = Client(), Client()
    form = {"login": alice.email, "password": password}
    assert inside.post(SIGN_IN, {**form, "next": "/upload/"})["Location"] == "/upload/"
    assert outside.post(SIGN_IN, {**form, "next": "https://evil.example/"})["Location"] == "/history/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(alice, password):
    wrong = try_to_sign_in(Client(), alice.email, "wrong")
    unknown = try_to_sign_in(Client(), "nobody@example.com", "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors != {}


def test_too_many_failures_for_an_address_lock_it_even_for_the_right_password(alice, client, password):
    for _ in range(FAILED_TRIES):
        try_to_sign_in(client, alice.email, "wrong")
    page = try_to_sign_in(client, alice.email, password)
    assert "Too many failed tries" in page.content.decode()
    assert not is_signed_in(client)


def test_a_forged_header_does_not_dodge_the_limit_for_an_ip(client, db):
    answers = [
        try_to_sign_in(client, f"n{number}@example.com", "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(11)
    ]
    assert "Too many failed" not in answers[9].content.decode()
    assert "Too many failed" in answers[10].content.decode()


def test_behind_a_proxy_each_client_has_its_own_limit_whatever_it_forges(settings, client, db):
    settings.TRUSTED_PROXIES = 1
    forwarded = [f"198.51.100.{number}, 203.0.113.1" for number in range(11)]
    answers = [
        try_to_sign_in(client, f"n{number}@example.com", "wrong", **{"X-Forwarded-For": value})
        for number, value in enumerate(forwarded)
    ]
    assert "Too many failed" in answers[10].content.decode()
    other = try_to_sign_in(client, "n@example.com", "wrong", **{"X-Forwarded-For": "203.0.113.2"})
    assert "Too many failed" not in other.content.decode()


def test_the_answer_to_too_many_requests_is_a_page_of_ours(client, db):
    answers = [try_to_sign_in(client, f"n{number}@example.com", "wrong") for number in range(31)]
    assert answers[29].status_code == 200
    assert answers[30].status_code == 429
    assert "Countersign" in answers[30].content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_new_password_tells_nobody_who_is_registered(alice, client, mailoutbox, known):
    response = client.post("/accounts/password/reset/", {"email": alice.email if known else "nobody@example.com"})
    assert response["Location"] == "/accounts/password/reset/done/"
    assert len(mailoutbox) == 1
    assert ("/accounts/password/reset/key/" in mailoutbox[0].body) is known


def test_the_link_in_the_mail_sets_a_new_password_once(alice, client, mailoutbox, link_in, sign_in):
    client.post("/accounts/password/reset/", {"email": alice.email})
    link = link_in(mailoutbox[0])
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert is_signed_in(sign_in(alice.email, NEW_PASSWORD))
    assert Client().get(link).context["token_fail"], "the link worked a second time"


def test_changing_the_password_asks_for_it_and_signs_other_browsers_out(alice, sign_in, password, mailoutbox):
    here, elsewhere = sign_in(alice.email), sign_in(alice.email)
    form = {"oldpassword": password, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post("/accounts/password/change/", {**form, "oldpassword": "wrong"})
    assert is_signed_in(elsewhere), "a wrong old password must change nothing"
    here.post("/accounts/password/change/", form)
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert [mail.to for mail in mailoutbox] == [[alice.email]], "the person is told of the change"


def test_signing_out_ends_this_session_alone(alice, sign_in):
    here, elsewhere = sign_in(alice.email), sign_in(alice.email)
    here.post("/accounts/logout/")
    assert not is_signed_in(here)
    assert is_signed_in(elsewhere)


def test_opening_the_sign_out_page_signs_nobody_out(alice, sign_in):
    browser = sign_in(alice.email)
    assert browser.get("/accounts/logout/").status_code == 200
    assert is_signed_in(browser)


def test_signing_out_everywhere_ends_every_session_of_this_person_alone(alice, charlie, sign_in):
    here, elsewhere, stranger = sign_in(alice.email), sign_in(alice.email), sign_in(charlie.email)
    here.post("/account/sign-out-everywhere/")
    assert not is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(stranger)


def test_the_list_of_sessions_ends_the_others(alice, sign_in):
    here, elsewhere = sign_in(alice.email), sign_in(alice.email)
    assert here.get("/accounts/sessions/").status_code == 200
    here.post("/accounts/sessions/")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_changing_addresses_asks_for_the_password_again(alice, sign_in, mailoutbox):
    response = sign_in(alice.email).post("/accounts/email/", {"email": "new@example.com", "action_add": "1"})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not mailoutbox


def test_administrators_sign_in_where_everybody_does(dana, client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/3rdparty/login/cancelled/",
        "/accounts/3rdparty/login/error/",
        "/accounts/inactive/",
    ],
)
def test_every_page_before_sign_in_is_in_our_design_and_within_the_policy(client, db, path):
    within_our_design(client.get(path))


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/close/",
        "/accounts/reauthenticate/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/3rdparty/",
        "/accounts/logout/",
    ],
)
def test_every_page_after_sign_in_is_in_our_design_and_within_the_policy(alice, sign_in, password, path):
    browser = sign_in(alice.email)
    browser.post("/accounts/reauthenticate/", {"password": password})
    within_our_design(browser.get(path))


def within_our_design(response) -> None:
    page = response.content.decode()
    assert response.status_code in (200, 401)
    assert page.count("<main ") == 1
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<style" not in page
    assert "javascript:" not in page
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "start", ["/accounts/google/login/", "/accounts/facebook/login/", "/accounts/oidc/linkedin/login/"]
)
def test_without_its_keys_a_site_is_neither_shown_nor_there(client, db, settings, start):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Continue with" not in client.get(SIGN_IN).content.decode()
    assert client.post(start).status_code == 404
