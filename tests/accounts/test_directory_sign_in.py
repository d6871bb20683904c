"""Signing in through a bank's own directory, over HTTP: this site in a process of its own, and a server that stands for
the directory. Registration is by invitation, and passwords work beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts.models import Action, AuditEvent, Invitation, Membership, User
from accounts.roles import Role
from tests.accounts.directory_bank import (
    AUDIT,
    CLERKS,
    HEADS,
    LOST,
    ODD,
    START,
    bank_site,
    inbox,
    person,
    roles_of,
    theirs,
    user_of,
)
from tests.accounts.sign_in_server import KEY_ID
from tests.accounts.visitor import Visitor

__all__ = ["inbox", "person", "theirs"]
pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

CLERK, SUPERVISOR, AUDITOR = ("clerk", "NY-01"), ("supervisor", "NY-01"), ("auditor", None)
NAMED_NONE = "Example Bank named no group of yours, so you have no role from it. Ask the service desk."
NONE_HAS_A_ROLE = "Example Bank named no group of yours that has a role here. Ask the service desk."


@pytest.fixture(scope="module")
def site(django_db_setup, place, theirs, inbox) -> Iterator[str]:
    with bank_site(place, theirs, inbox, REGISTRATION="invitation") as address:
        yield address


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(site)


@pytest.fixture
def come(site: str):
    """A new browser in which somebody comes through the directory, and the page on which they land."""

    def come() -> tuple[Visitor, str]:
        visitor = Visitor(site)
        return visitor, visitor.post(START).text

    return come


@pytest.fixture
def logged(place):
    """What the processes have logged since this test began."""
    log = place / "processes.log"
    before = log.stat().st_size
    return lambda: log.read_bytes()[before:].decode()


def test_the_sign_in_page_offers_the_directory_by_its_name_before_all_else(visitor):
    page = visitor.get("/accounts/login/").text
    assert page.index("Sign in through Example Bank") < page.index('name="password"')
    assert page.count("Example Bank") == 1


def test_the_policy_lets_the_button_lead_there(visitor, theirs):
    policy = visitor.get("/accounts/login/").headers["Content-Security-Policy"]
    assert re.search(rf"form-action [^;]*{re.escape(theirs.url)}", policy)


def test_a_new_person_comes_in_without_an_invitation_and_has_the_roles_of_their_groups(come, person, branch):
    person["groups"] = [CLERKS, AUDIT, "canteen"]
    visitor, _ = come()
    assert visitor.signed_in_as == person["email"]
    assert roles_of(user_of(person)) == {CLERK, AUDITOR}


def test_roles_from_the_directory_are_given_by_nobody(come, person, branch):
    person["groups"] = [CLERKS]
    come()
    held = Membership.objects.get(person=user_of(person), role=Role.CLERK)
    assert (held.from_directory, held.given_by) == (True, None)


def test_the_record_says_that_the_directory_gave_and_ended_a_role(come, person, branch):
    person["groups"] = [CLERKS]
    come()
    person["groups"] = []
    come()
    events = AuditEvent.objects.filter(action__in=[Action.ROLE_GIVEN, Action.ROLE_ENDED]).order_by("number")
    told = [(event.action, event.actor, event.branch, event.facts) for event in events]
    facts = {"role": "clerk", "from_directory": True}
    assert told == [("role_given", None, branch.pk, facts), ("role_ended", None, branch.pk, facts)]


def test_a_group_can_give_several_roles(come, person, branch):
    person["groups"] = [HEADS]
    come()
    assert roles_of(user_of(person)) == {SUPERVISOR, AUDITOR}


def test_changed_groups_change_the_roles_at_the_next_sign_in(come, person, branch):
    person["groups"] = [CLERKS, AUDIT]
    come()
    kept = Membership.objects.get(person=user_of(person), role=Role.AUDITOR)
    person["groups"] = [AUDIT, HEADS]
    come()
    assert roles_of(user_of(person)) == {SUPERVISOR, AUDITOR}
    kept.refresh_from_db()
    assert kept.until is None, "what stays is not ended and given anew"
    ended = Membership.objects.get(person=user_of(person), role=Role.CLERK)
    assert ended.until is not None
    assert ended.ended_by is None


def test_what_was_given_by_hand_stays_also_where_a_group_says_the_same(come, person, branch, elsewhere, dana):
    person["groups"] = [CLERKS]
    come()
    user = user_of(person)
    Membership.give(user, Role.CLERK, branch, by=dana)
    Membership.give(user, Role.CHECKER, elsewhere, by=dana)
    person["groups"] = [AUDIT]
    come()
    assert roles_of(user) == {CLERK, ("checker", "MUM-01"), AUDITOR}
    by_hand = Membership.objects.now().get(person=user, role=Role.CLERK)
    assert (by_hand.from_directory, by_hand.given_by) == (False, dana)


def test_without_a_group_that_has_a_role_nobody_new_comes_in_and_they_are_told_whom_to_ask(come, person, branch):
    person["groups"] = ["canteen"]
    visitor, page = come()
    assert "none of the groups that it names for you has a role here" in " ".join(page.split())
    assert "the service desk" in page
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


@pytest.mark.parametrize("groups", [[CLERKS.upper()], [f"{CLERKS} "], [f"/{CLERKS}"], ["clerk@NY-01"]], ids=str)
def test_names_of_groups_are_compared_exactly(come, person, branch, groups):
    person["groups"] = groups
    visitor, _ = come()
    assert visitor.signed_in_as is None


@pytest.mark.parametrize(
    ("group", "why"), [(LOST, "no branch has the code NOWHERE"), (ODD, "“emperor@NY-01” names no role")]
)
def test_a_wrong_entry_of_the_mapping_gives_nothing_and_is_logged(come, person, branch, logged, group, why):
    person["groups"] = [group]
    visitor, _ = come()
    assert visitor.signed_in_as is None
    assert why in logged()


def test_who_is_invited_comes_in_without_a_group_and_is_told_that_none_has_a_role(come, person, branch, dana):
    Invitation.objects.create(email=person["email"], role=Role.CHECKER, branch=branch, invited_by=dana).send()
    person["groups"] = ["canteen"]
    visitor, page = come()
    assert NONE_HAS_A_ROLE in page
    assert visitor.signed_in_as == person["email"]
    assert roles_of(user_of(person)) == {("checker", "NY-01")}


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({}, "there is no claim groups"),
        ({"groups": CLERKS}, "is no list of texts, but str"),
        ({"groups": [CLERKS, 7]}, "is no list of texts, but list"),
        ({"groups": {CLERKS: True}}, "is no list of texts, but dict"),
        ({"groups": None}, "is no list of texts, but NoneType"),
        ({"_claim_names": {"groups": "src1"}}, "left out because the person is in too many groups"),
        ({"hasgroups": True}, "left out because the person is in too many groups"),
    ],
    ids=str,
)
def test_a_claim_that_is_missing_or_of_another_type_ends_the_roles_is_logged_and_told(
    come, person, branch, logged, claims, why
):
    person["groups"] = [CLERKS]
    come()
    del person["groups"]
    person |= claims
    visitor, page = come()
    assert visitor.signed_in_as == person["email"]
    assert NAMED_NONE in page
    assert why in logged()
    assert roles_of(user_of(person)) == set()


def test_groups_that_userinfo_alone_tells_count(come, person, theirs, branch):
    theirs.told = {**person, "groups": [CLERKS]}
    come()
    assert roles_of(user_of(person)) == {CLERK}


def test_what_is_signed_counts_more_than_what_userinfo_tells(come, person, theirs, branch):
    person["groups"] = [CLERKS]
    theirs.told = {**person, "groups": [HEADS]}
    come()
    assert roles_of(user_of(person)) == {CLERK}


@pytest.mark.parametrize("verified", [None, False, "false"])
def test_a_new_person_of_whose_address_nothing_is_said_confirms_it_here(come, person, branch, inbox, verified):
    person |= {"groups": [CLERKS], "email_verified": verified}
    if verified is None:
        del person["email_verified"]
    visitor, page = come()
    assert "Confirm your address" in page
    assert visitor.signed_in_as is None
    code = re.search(r"^    (\S+)\s*$", inbox.of(str(person["email"]))[-1], re.MULTILINE)[1]
    visitor.post("/accounts/confirm-email/", {"code": code})
    assert visitor.signed_in_as == person["email"]


def test_an_address_of_which_nothing_is_said_opens_no_account(come, person, make_person, branch):
    owner = make_person(person["email"])
    del person["email_verified"]
    person["groups"] = [CLERKS]
    visitor, _ = come()
    assert visitor.signed_in_as is None
    assert not SocialAccount.objects.exists()
    assert roles_of(owner) == set()


def test_an_address_that_both_have_verified_opens_the_account_that_exists(come, person, make_person, password, branch):
    owner = make_person(person["email"])
    person["groups"] = [CLERKS]
    visitor, _ = come()
    assert visitor.signed_in_as == owner.email
    assert roles_of(owner) == {CLERK}
    owner.refresh_from_db()
    assert owner.check_password(password)


def test_without_an_address_nobody_comes_in_or_chooses_one(come, person, branch):
    person["groups"] = [CLERKS]
    del person["email"]
    visitor, page = come()
    assert "tells no e-mail address of yours" in " ".join(page.split())
    visitor.post("/accounts/3rdparty/signup/", {"email": "ceo@bank.example"})
    assert not User.objects.exists()


def test_who_is_suspended_stays_out_and_gets_no_role(come, person, make_person, branch):
    owner = make_person(person["email"], is_active=False)
    person["groups"] = [CLERKS]
    visitor, _ = come()
    assert visitor.signed_in_as is None
    assert roles_of(owner) == set()


def test_who_closes_the_account_is_told_so(come, person, make_person, branch):
    make_person(person["email"]).close()
    person["groups"] = [CLERKS]
    _, page = come()
    assert "You closed this account. It can still be taken back" in page


def test_who_has_a_role_from_the_directory_does_not_come_in_with_a_password(site, come, person, make_person, password):
    owner = make_person(person["email"])
    person["groups"] = [AUDIT]
    come()
    visitor = Visitor(site)
    page = visitor.post("/accounts/login/", {"login": owner.email, "password": password})
    assert "Sign in through Example Bank: your account belongs to it." in page.text
    assert visitor.signed_in_as is None


def test_who_has_no_role_from_the_directory_still_comes_in_with_a_password(visitor, make_person, password):
    make_person("alice@example.com")
    visitor.post("/accounts/login/", {"login": "alice@example.com", "password": password})
    assert visitor.signed_in_as == "alice@example.com"


def unsigned(claims):
    return jwt.encode(claims, None, algorithm="none", headers={"kid": KEY_ID})


def of_another_key(claims):
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, forger, algorithm="RS256", headers={"kid": KEY_ID})


def of_an_unknown_key(claims):
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, forger, algorithm="RS256", headers={"kid": "forged"})


def with_a_shared_secret(claims):
    return jwt.encode(claims, "0123456789abcdef0123456789abcdef", algorithm="HS256", headers={"kid": KEY_ID})


def no_token(claims):
    return "no token"


@pytest.mark.parametrize("forgery", [unsigned, of_another_key, of_an_unknown_key, with_a_shared_secret, no_token])
def test_an_id_token_that_the_directory_has_not_signed_is_refused(visitor, person, theirs, branch, forgery):
    person["groups"] = [CLERKS]
    theirs.signed_by = forgery
    assert visitor.post(START).status_code == 401
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "twisted",
    [
        {"aud": "somebody else"},
        {"aud": ["somebody else", "countersign"], "azp": "somebody else"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_us_not_theirs_or_too_old_is_refused(visitor, person, theirs, branch, twisted):
    person["groups"] = [CLERKS]
    theirs.twisted = twisted
    assert visitor.post(START).status_code == 401
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


def test_answers_about_two_people_are_refused(visitor, person, theirs, branch):
    theirs.told = {**person, "sub": "somebody else", "groups": [CLERKS]}
    assert visitor.post(START).status_code == 401
    assert not User.objects.exists()


def callback_of(visitor: Visitor) -> str:
    """Start signing in, agree over there, and stop before the answer is brought back here."""
    there = visitor.post(START, allow_redirects=False).headers["Location"]
    back = requests.get(there, allow_redirects=False, timeout=20).headers["Location"]
    return back.removeprefix(visitor.site)


def test_an_answer_that_another_browser_asked_for_signs_nobody_in(site, visitor, person, branch):
    person["groups"] = [CLERKS]
    callback = callback_of(Visitor(site))
    visitor.get("/accounts/login/")
    assert visitor.get(callback).status_code == 401
    assert not User.objects.exists()


def test_an_answer_works_once_and_only_with_its_state(visitor, person, branch):
    person["groups"] = [CLERKS]
    parts = urlsplit(callback_of(visitor))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert visitor.get(f"{parts.path}?{urlencode({**query, 'state': 'forged'})}").status_code == 401
    visitor.get(f"{parts.path}?{parts.query}")
    assert visitor.signed_in_as == person["email"]
    visitor.post("/accounts/logout/")
    assert visitor.get(f"{parts.path}?{parts.query}").status_code == 401
    assert visitor.signed_in_as is None


def test_a_directory_that_does_not_answer_is_told(visitor, person, theirs):
    theirs.away = True
    page = visitor.post(START)
    assert page.status_code == 503
    assert "Example Bank does not answer" in page.text


def test_an_address_that_a_new_person_confirms_is_noted_as_theirs_alone(come, person, branch):
    person["groups"] = [CLERKS]
    come()
    assert list(EmailAddress.objects.filter(user=user_of(person)).values_list("email", "verified")) == [
        (person["email"], True)
    ]
