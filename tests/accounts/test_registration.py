"""Registering with an e-mail address, and confirming it by code or by link."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import confirmation
from accounts.models import User
from tests.accounts.at_once import at_once

pytestmark = pytest.mark.django_db
NEW = "erin@example.com"
CONFIRM_PAGE = "/accounts/confirm-email/"


@pytest.fixture
def register(password):
    def register(browser: Client, email: str = NEW, second: str = password):
        return browser.post("/accounts/signup/", {"email": email, "password1": password, "password2": second})

    return register


def is_verified(email: str = NEW) -> bool:
    return EmailAddress.objects.filter(email=email, verified=True).exists()


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_registering_sends_one_mail_with_a_code_and_a_link(client, register, mailoutbox, code_in, link_in):
    response = register(client)
    assert response.status_code == 302
    assert response["Location"] == CONFIRM_PAGE
    [mail] = mailoutbox
    assert mail.to == [NEW]
    assert code_in(mail) in mail.subject
    assert link_in(mail).startswith("/accounts/confirm/")
    assert not is_verified()
    assert not is_signed_in(client)


def test_the_code_confirms_and_signs_in(client, register, mailoutbox, code_in):
    register(client)
    response = client.post(CONFIRM_PAGE, {"code": code_in(mailoutbox[0])})
    assert response.status_code == 302
    assert is_verified()
    assert is_signed_in(client)


def test_three_wrong_codes_end_the_confirmation(client, register, mailoutbox, code_in):
    register(client)
    for _ in range(3):
        client.post(CONFIRM_PAGE, {"code": "WRONG-CODE"})
    client.post(CONFIRM_PAGE, {"code": code_in(mailoutbox[0])})
    assert not is_verified()
    assert not is_signed_in(client)


def test_the_code_of_one_browser_is_nothing_in_another(client, register, mailoutbox, code_in):
    register(client)
    Client().post(CONFIRM_PAGE, {"code": code_in(mailoutbox[0])})
    assert not is_verified()


def test_the_link_confirms_in_another_browser_but_only_by_its_button(client, register, mailoutbox, link_in):
    register(client)
    elsewhere, link = Client(), link_in(mailoutbox[0])
    page = elsewhere.get(link)
    assert page.status_code == 200
    assert NEW in page.content.decode()
    assert not is_verified(), "opening a link, as mail scanners do, must not confirm"
    elsewhere.post(link)
    assert is_verified()
    assert not is_signed_in(elsewhere), "a link confirms an address; it is no password"


def test_the_link_signs_in_the_browser_that_registered(client, register, mailoutbox, link_in):
    register(client)
    client.post(link_in(mailoutbox[0]))
    assert is_verified()
    assert is_signed_in(client)


def test_after_the_link_elsewhere_the_password_signs_in(client, register, mailoutbox, link_in, sign_in):
    register(client)
    Client().post(link_in(mailoutbox[0]))
    assert sign_in(NEW).get("/account/").status_code == 200


def test_a_link_that_was_changed_confirms_nothing(client, register, mailoutbox, link_in):
    register(client)
    link = link_in(mailoutbox[0])
    forged = link[:-3] + ("A" if link[-3] != "A" else "B") + link[-2:]
    assert Client().post(forged).status_code == 410
    assert not is_verified()


def test_a_link_that_is_too_old_confirms_nothing(client, register, mailoutbox, link_in, monkeypatch):
    register(client)
    monkeypatch.setattr(confirmation, "LINK_DAYS", -1)
    assert Client().post(link_in(mailoutbox[0])).status_code == 410
    assert not is_verified()


def test_a_second_mail_can_be_asked_for_and_carries_a_new_code(client, register, mailoutbox, code_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "5/m/key"}
    register(client)
    client.post(CONFIRM_PAGE, {"action": "resend"})
    assert len(mailoutbox) == 2
    client.post(CONFIRM_PAGE, {"code": code_in(mailoutbox[1])})
    assert is_verified()


def test_mails_with_codes_are_limited_for_each_address(client, register, mailoutbox):
    register(client)
    client.post(CONFIRM_PAGE, {"action": "resend"})
    assert len(mailoutbox) == 1


def test_somebody_elses_address_gets_the_same_answer_and_its_owner_a_mail(client, alice, register, mailoutbox):
    taken = register(client, alice.email)
    free = register(Client(), NEW)
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    pages = [browser.get(CONFIRM_PAGE).content.decode() for browser in (client,)]
    assert "Send a new code" in pages[0]
    assert [mail.to for mail in mailoutbox] == [[alice.email], [NEW]]
    assert "already exists" in mailoutbox[0].body
    assert User.objects.filter(email=alice.email).count() == 1


@pytest.mark.parametrize(
    ("email", "second", "reason"),
    [
        ("not an address", None, "valid email"),
        (NEW, "another-Password-1", "same password"),
        ("", None, "required"),
    ],
)
def test_what_cannot_be_registered_is_said_on_the_page(client, register, password, email, second, reason):
    page = register(client, email, second or password)
    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not User.objects.exists()


def test_a_common_password_is_refused(client):
    page = client.post("/accounts/signup/", {"email": NEW, "password1": "password1", "password2": "password1"})
    assert "too common" in page.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("on_console", [True, False])
def test_without_a_mail_server_the_page_says_where_mails_are(client, register, settings, on_console):
    settings.MAIL_ON_CONSOLE = on_console
    register(client)
    pages = (CONFIRM_PAGE, "/accounts/password/reset/", "/accounts/password/reset/done/")
    for page in pages:
        assert ("printed on the console" in client.get(page).content.decode()) is on_console, page


def test_an_unconfirmed_person_is_asked_to_confirm_at_sign_in(make_person, client, password, mailoutbox, code_in):
    make_person(NEW, verified=False)
    response = client.post("/accounts/login/", {"login": NEW, "password": password})
    assert response["Location"] == CONFIRM_PAGE
    assert not is_signed_in(client)
    client.post(CONFIRM_PAGE, {"code": code_in(mailoutbox[0])})
    assert is_signed_in(client)


def test_an_added_address_is_confirmed_by_its_link_only_by_who_added_it(
    alice, charlie, sign_in, mailoutbox, link_in, password
):
    browser = sign_in(alice.email)
    browser.post("/accounts/reauthenticate/", {"password": password})
    browser.post("/accounts/email/", {"email": NEW, "action_add": "1"})
    link = link_in(mailoutbox[-1])
    assert sign_in(charlie.email).post(link)["Location"].startswith("/accounts/login/")
    assert not is_verified()
    browser.post(link)
    assert EmailAddress.objects.get(email=NEW, verified=True).user == alice


def test_an_address_that_somebody_else_confirmed_meanwhile_is_not_taken_over(
    client, register, mailoutbox, link_in, make_person
):
    register(client)
    User.objects.filter(email=NEW).update(email="first@example.com")
    make_person(NEW)
    Client().post(link_in(mailoutbox[0]))
    assert EmailAddress.objects.filter(email=NEW, verified=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_address_that_registers_many_times_at_once_has_one_account(register, mailoutbox):
    answers: list[int] = []
    at_once(6, lambda: answers.append(register(Client(raise_request_exception=False)).status_code))
    assert set(answers) <= {302, 429}, "429: a second mail within ten seconds"
    assert User.objects.filter(email=NEW).count() == 1
