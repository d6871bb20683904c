"""Where the bank's directory is the only way in: what is closed, whom it lets in, and how operators come in."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command

from accounts.models import Action, AuditEvent, Invitation, User
from accounts.operators import LINK_MINUTES
from tests.accounts.directory_bank import CLERKS, START, bank_site, inbox, person, roles_of, theirs, user_of
from tests.accounts.visitor import Visitor

__all__ = ["inbox", "person", "theirs"]
pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

CLERK = ("clerk", "NY-01")
ONLY = "People come in through Example Bank alone."


@pytest.fixture(scope="module")
def site(django_db_setup, place, theirs, inbox) -> Iterator[str]:
    """Open registration and Google's keys are set too: neither lets anybody in."""
    settings = {
        "DIRECTORY_ONLY": "true",
        "DIRECTORY_GROUPS_CLAIM": "realm_access.roles",
        "REGISTRATION": "open",
        "GOOGLE_CLIENT_ID": "id",
        "GOOGLE_CLIENT_SECRET": "secret",
        "GOOGLE_URL": theirs.url,
    }
    with bank_site(place, theirs, inbox, **settings) as address:
        yield address


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(site)


@pytest.fixture
def clerk(person):
    """Somebody in the clerks' group, of whose address the directory says nothing, as Entra does."""
    del person["email_verified"]
    person["realm_access"] = {"roles": [CLERKS]}
    return person


def test_the_sign_in_page_offers_the_directory_alone(visitor):
    page = visitor.get("/accounts/login/").text
    assert "Sign in through Example Bank" in page
    for other in ('name="password"', "Google", "Register"):
        assert other not in page


def test_home_offers_no_registration(visitor):
    assert "Register" not in visitor.get("/").text


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_a_right_password_lets_nobody_in(visitor, dana, password, path):
    sent = {"login": dana.email, "username": dana.email, "password": password}
    visitor.post(path, sent)
    assert visitor.signed_in_as is None


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/change/",
        "/accounts/password/set/",
        "/accounts/password/reset/key/1-set-password/",
    ],
)
def test_registration_and_passwords_are_closed_with_a_sentence(visitor, path):
    sent = {"email": "mallory@example.com", "password1": "new words of mine", "password2": "new words of mine"}
    for page in (visitor.get(path), visitor.post(path, sent)):
        assert page.status_code == 404
        assert ONLY in page.text
    assert not User.objects.exists()


def test_another_site_is_not_there(visitor):
    assert visitor.post("/accounts/google/login/").status_code == 404


def test_the_link_of_an_invitation_says_how_to_come_in(visitor):
    invitation = Invitation.objects.create(email="eve@bank.example")
    invitation.send()
    page = visitor.get(urlsplit(invitation.link).path)
    assert page.status_code == 404
    assert ONLY in page.text


def test_a_person_comes_in_with_roles_from_a_claim_within_a_claim(visitor, clerk, branch):
    visitor.post(START)
    assert visitor.signed_in_as == clerk["email"]
    assert roles_of(user_of(clerk)) == {CLERK}
    assert EmailAddress.objects.get(user=user_of(clerk)).verified, "the directory vouches for its addresses"


def test_an_account_that_exists_is_opened_by_its_address(visitor, clerk, make_person, branch):
    owner = make_person(clerk["email"])
    visitor.post(START)
    assert visitor.signed_in_as == owner.email
    assert roles_of(owner) == {CLERK}


def test_an_address_that_the_directory_calls_unverified_opens_no_account(visitor, clerk, make_person, branch):
    owner = make_person(clerk["email"])
    clerk["email_verified"] = False
    visitor.post(START)
    assert visitor.signed_in_as is None
    assert roles_of(owner) == set()


def test_an_account_that_nobody_came_into_is_opened_and_its_password_goes(visitor, clerk, make_person, branch):
    somebody = make_person(clerk["email"], verified=False)
    visitor.post(START)
    assert visitor.signed_in_as == somebody.email
    somebody.refresh_from_db()
    assert somebody.password.startswith("!")
    assert EmailAddress.objects.get(user=somebody).verified


def test_an_administrator_made_on_the_console_comes_in_through_the_directory(visitor, clerk, branch):
    User.objects.create_superuser(clerk["email"], "a password")
    visitor.post(START)
    assert visitor.signed_in_as == clerk["email"]
    assert roles_of(user_of(clerk)) == {CLERK, ("administrator", None)}


def test_an_account_that_somebody_else_can_come_into_is_not_opened(visitor, clerk, make_person, branch):
    somebody = make_person(clerk["email"], verified=False)
    SocialAccount.objects.create(user=somebody, provider="google", uid="mallory")
    visitor.post(START)
    assert visitor.signed_in_as is None
    assert roles_of(somebody) == set()


def test_where_registration_is_open_who_has_no_group_comes_in_without_a_role(visitor, clerk):
    del clerk["realm_access"]
    page = visitor.post(START)
    assert "Example Bank named no group of yours" in page.text
    assert visitor.signed_in_as == clerk["email"]
    assert roles_of(user_of(clerk)) == set()


def test_the_account_page_has_no_password_and_closing_asks_for_the_address(visitor, clerk, make_person):
    make_person(clerk["email"])
    visitor.post(START)
    assert "Password" not in visitor.get("/account/").text
    assert "Your e-mail address, to be sure" in visitor.get("/account/close/").text


@pytest.fixture
def link(dana):
    """The path of a link that the command prints for Dana."""

    def link() -> str:
        printed = io.StringIO()
        call_command("operator_link", dana.email, stdout=printed, stderr=io.StringIO())
        return urlsplit(printed.getvalue().strip()).path

    return link


def test_an_operator_comes_in_once_by_the_link_of_the_command(site, visitor, dana, link):
    path = link()
    assert visitor.get(path).status_code == 200
    assert visitor.signed_in_as is None, "opening it changes nothing"
    visitor.post(path)
    assert visitor.signed_in_as == dana.email
    again = Visitor(site)
    assert again.post(path).status_code == 410
    assert again.signed_in_as is None


def test_a_link_that_is_printed_and_its_use_are_in_the_record(visitor, dana, link):
    visitor.post(link())
    events = AuditEvent.objects.filter(about=f"user {dana.pk}").order_by("number")
    assert [event.action for event in events][-2:] == [Action.LINK_PRINTED, Action.SIGNED_IN]


def test_an_operator_comes_in_by_the_link_while_the_directory_is_away(visitor, dana, link, theirs, person):
    theirs.away = True
    visitor.post(link())
    assert visitor.signed_in_as == dana.email


def test_a_link_that_is_too_old_is_refused(visitor, link, monkeypatch):
    now = time.time()
    with monkeypatch.context() as before:
        before.setattr(time, "time", lambda: now - 60 * LINK_MINUTES - 1)
        path = link()
    assert visitor.post(path).status_code == 410
    assert visitor.signed_in_as is None


def test_a_forged_link_is_refused(visitor, link):
    assert visitor.post(link()[:-3] + "xx/").status_code == 410
    assert visitor.signed_in_as is None


def test_an_operator_who_was_suspended_meanwhile_stays_out(visitor, dana, link):
    path = link()
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert visitor.post(path).status_code == 410
    assert visitor.signed_in_as is None


@pytest.mark.parametrize("facts", [{}, {"is_staff": True}, {"is_superuser": True, "is_active": False}], ids=str)
def test_the_command_makes_a_link_for_operators_alone(make_person, facts):
    make_person("alice@example.com", **facts)
    with pytest.raises(CommandError, match="is no operator who may sign in"):
        call_command("operator_link", "alice@example.com")
