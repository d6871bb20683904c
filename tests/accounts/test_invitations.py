"""Who may register: everybody, who is invited, or whose address matches a pattern; and the way of an invitation."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.checks import pattern_is_given
from accounts.models import INVITATION_DAYS, Invitation, User
from tests.fixtures_servers import ROOT

pytestmark = pytest.mark.django_db
NEW = "erin@example.com"
SIGN_UP = "/accounts/signup/"
LIST = "/admin/accounts/invitation/"


@pytest.fixture
def by_invitation(settings):
    settings.REGISTRATION = "invitation"
    settings.CONTACT = "the service desk, telephone 1234"


@pytest.fixture
def invited(db, mailoutbox, link_in):
    """The link in the mail to Erin, and her invitation."""
    invitation = Invitation.objects.create(email=NEW)
    invitation.send()
    return link_in(mailoutbox.pop()), invitation


def register(browser: Client, email: str, password: str):
    return browser.post(SIGN_UP, {"email": email, "password1": password, "password2": password})


def is_signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def test_a_closed_registration_says_whom_to_ask_and_makes_no_account(by_invitation, client, password):
    for page in (client.get(SIGN_UP), register(client, NEW, password)):
        assert page.status_code == 200
        assert "the service desk, telephone 1234" in page.content.decode()
    assert not User.objects.exists()
    for path in ("/", "/accounts/login/"):
        assert SIGN_UP not in client.get(path).content.decode(), "nothing leads to a closed door"


def test_the_link_registers_the_invited_address_and_signs_in(by_invitation, invited, client, password, mailoutbox):
    link, invitation = invited
    page = client.get(link, follow=True)
    assert NEW in page.content.decode()
    assert "You are invited" in page.content.decode()
    assert register(client, NEW, password)["Location"] == "/history/"
    assert is_signed_in(client)
    assert EmailAddress.objects.get(email=NEW, primary=True).verified, "opening the mail's link has confirmed it"
    assert not mailoutbox
    invitation.refresh_from_db()
    assert invitation.state == "accepted"


def test_with_a_deleted_account_goes_its_invitation(invited, client, password):
    client.get(invited[0])
    register(client, NEW, password)
    User.objects.get(email=NEW).leave()
    assert not Invitation.objects.exists()
    assert Client().get(invited[0]).status_code == 410


def test_another_address_than_the_invited_one_cannot_be_registered(by_invitation, invited, client, password):
    client.get(invited[0])
    register(client, "mallory@example.com", password)
    assert [user.email for user in User.objects.all()] == [NEW], "the form's address is the invitation's"


def test_the_link_is_used_once(by_invitation, invited, client, password):
    client.get(invited[0])
    register(client, NEW, password)
    again = Client()
    page = again.get(invited[0])
    assert page.status_code == 410
    assert "has an account" in page.content.decode()
    assert "by invitation" in register(again, NEW, password).content.decode()


def test_opening_the_link_in_two_browsers_makes_one_account(by_invitation, invited, password):
    first, second = Client(), Client()
    for browser in (first, second):
        browser.get(invited[0])
    register(first, NEW, password)
    register(second, NEW, "another one of hers 17")
    assert User.objects.get(email=NEW).check_password(password)
    assert not is_signed_in(second)


def test_mail_scanners_that_open_the_link_use_nothing_up(by_invitation, invited, client, password):
    for _ in range(3):
        Client().get(invited[0])
        Client().head(invited[0])
    client.get(invited[0])
    register(client, NEW, password)
    assert is_signed_in(client)


@pytest.mark.parametrize("end", ["revoked", "expired", "forged", "gone"])
def test_an_invitation_that_ended_opens_nothing(by_invitation, invited, client, password, end):
    link, invitation = invited
    client.get(link)  # also for a browser that opened it before
    if end == "revoked":
        assert invitation.revoke()
    elif end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "gone":
        invitation.delete()
    if end != "forged":
        assert "by invitation" in register(client, NEW, password).content.decode()
    forged = link[:-4] + ("A" if link[-4] != "A" else "B") + link[-3:]
    page = Client().get(forged if end == "forged" else link)
    assert page.status_code == 410
    assert "service desk" in page.content.decode()
    assert not User.objects.exists()


def test_an_invitation_sent_again_holds_again(by_invitation, invited, client):
    link, invitation = invited
    invitation.revoke()
    invitation.send()
    assert client.get(link)["Location"] == SIGN_UP
    left = invitation.expires_at - timezone.now()
    assert timedelta(days=INVITATION_DAYS - 1) < left <= timedelta(days=INVITATION_DAYS)


def test_who_is_signed_in_is_told_to_sign_out_first(by_invitation, invited, alice, sign_in):
    browser = sign_in(alice.email)
    assert "sign out first" in browser.get(invited[0]).content.decode()
    assert "invitation" not in browser.session


def test_in_an_open_site_an_invitation_spares_the_code(invited, client, password, mailoutbox):
    client.get(invited[0])
    register(client, NEW, password)
    assert is_signed_in(client)
    assert not mailoutbox


def test_in_an_open_site_a_stranger_uses_nobodys_invitation_up(invited, client, password):
    register(Client(), NEW, password)
    invited[1].refresh_from_db()
    assert invited[1].state == "open", "the stranger has not confirmed the address"


@pytest.mark.parametrize(
    ("email", "may"),
    [
        ("erin@bank.example", True),
        ("ERIN@Bank.Example", True),
        ("erin@branch.example", True),
        ("erin@example.com", False),
        ("erin@bank.example.com", False),
        ("bank.example@example.com", False),
        ("erin@notbank.example", False),
    ],
)
def test_by_pattern_only_addresses_that_match_register(settings, client, password, email, may):
    settings.REGISTRATION, settings.REGISTRATION_PATTERNS = "pattern", ["*@bank.example", "*@branch.example"]
    assert "*@bank.example or *@branch.example" in client.get(SIGN_UP).content.decode()
    page = register(client, email, password)
    assert User.objects.filter(email=email.lower()).exists() is may
    if not may:
        assert "may not register by itself" in page.content.decode()


def test_by_pattern_whom_an_administrator_invites_registers_too(settings, invited, client, password):
    settings.REGISTRATION, settings.REGISTRATION_PATTERNS = "pattern", ["*@bank.example"]
    client.get(invited[0])
    register(client, NEW, password)
    assert is_signed_in(client)


def test_by_pattern_without_a_pattern_is_found_when_the_site_starts(settings):
    settings.REGISTRATION, settings.REGISTRATION_PATTERNS = "pattern", []
    assert [finding.id for finding in pattern_is_given(None)] == ["accounts.E001"]
    settings.REGISTRATION_PATTERNS = ["*@bank.example"]
    assert pattern_is_given(None) == []


def test_a_way_of_registration_that_does_not_exist_lets_nothing_start(tmp_path):
    command = [sys.executable, "-c", "import portal.settings"]
    mistyped = os.environ | {"COUNTERSIGN_VAR": str(tmp_path), "REGISTRATION": "invitations"}
    done = subprocess.run(command, cwd=ROOT, env=mistyped, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "REGISTRATION" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_an_administrator_invites_sends_again_and_revokes(by_invitation, dana, sign_in, mailoutbox, link_in):
    browser = sign_in(dana.email)
    assert "Nobody has been invited yet" in browser.get(LIST).content.decode()
    browser.post(f"{LIST}add/", {"email": "Erin@Example.com"})
    [message] = mailoutbox
    assert message.to == [NEW]
    assert f"{dana.email} invites you" in message.body
    assert f"within {INVITATION_DAYS} days" in message.body
    invitation = Invitation.objects.get(email=NEW)
    assert invitation.invited_by == dana
    page = browser.get(LIST).content.decode()
    assert NEW in page
    assert "Nobody has been invited yet" not in page
    chosen = {"_selected_action": str(invitation.pk)}
    browser.post(LIST, {**chosen, "action": "revoke"})
    assert Client().get(link_in(message)).status_code == 410
    browser.post(LIST, {**chosen, "action": "send_again"})
    assert len(mailoutbox) == 2
    assert Client().get(link_in(mailoutbox[1])).status_code == 302


@pytest.mark.parametrize(
    ("email", "why"),
    [("alice@example.com", "has an account already"), (NEW, "was invited before"), ("no address", "valid email")],
)
def test_who_cannot_be_invited_is_said(dana, alice, sign_in, invited, mailoutbox, email, why):
    page = sign_in(dana.email).post(f"{LIST}add/", {"email": email})
    assert why in page.content.decode()
    assert not mailoutbox


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_did_not_go_out_is_said_and_sent_again(dana, sign_in, monkeypatch):
    def refuse(self, _messages):
        raise smtplib.SMTPServerDisconnected("gone away")

    monkeypatch.setattr(mail.backends.locmem.EmailBackend, "send_messages", refuse)
    page = sign_in(dana.email).post(f"{LIST}add/", {"email": NEW}, follow=True)
    assert "did not go out (gone away)" in page.content.decode()
    assert Invitation.objects.filter(email=NEW).exists()


def test_an_accepted_invitation_is_neither_sent_nor_revoked(dana, sign_in, invited, client, password, mailoutbox):
    client.get(invited[0])
    register(client, NEW, password)
    for action in ("send_again", "revoke"):
        sign_in(dana.email).post(LIST, {"_selected_action": str(invited[1].pk), "action": action})
    invited[1].refresh_from_db()
    assert invited[1].state == "accepted"
    assert not mailoutbox


@pytest.mark.parametrize("staff", [True, False])
def test_only_who_may_add_people_invites(make_person, sign_in, mailoutbox, staff):
    person = make_person("gina@example.com", is_staff=staff)
    browser = sign_in(person.email)
    assert browser.post(f"{LIST}add/", {"email": NEW}).status_code in (302, 403)
    assert browser.get(LIST).status_code in (302, 403)
    assert not mailoutbox
    assert not Invitation.objects.exists()


def test_no_page_edits_or_deletes_an_invitation(dana, sign_in, invited):
    browser = sign_in(dana.email)
    for way in ("delete", "change"):
        browser.post(f"{LIST}{invited[1].pk}/{way}/", {"email": "mine@example.com", "post": "yes"})
    assert Invitation.objects.get().email == NEW


def test_the_command_invites_and_says_so(alice, mailoutbox):
    output = StringIO()
    call_command("invite", NEW, "Frank@example.com", stdout=output)
    assert [message.to for message in mailoutbox] == [[NEW], ["frank@example.com"]]
    assert "The link holds for 7 days" in output.getvalue()
    call_command("invite", NEW, stdout=output)
    assert Invitation.objects.filter(email=NEW).count() == 1
    for refused in ("no address", alice.email):
        with pytest.raises(CommandError):
            call_command("invite", "gina@example.com", refused, stdout=output)
    assert not Invitation.objects.filter(email="gina@example.com").exists()
