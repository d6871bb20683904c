"""Signing in with Google, Facebook and LinkedIn, over HTTP: this site in a process of its own, and a server that
stands for theirs.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount

from accounts.models import Invitation, User
from tests.accounts.factors import SECOND, code_of
from tests.accounts.mail_server import Inbox, mail_server
from tests.accounts.sign_in_server import CLIENT_ID, CLIENT_SECRET, SignInServer, sign_in_server
from tests.accounts.site_process import site_process
from tests.accounts.visitor import Visitor

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

START = {
    "google": "/accounts/google/login/",
    "facebook": "/accounts/facebook/login/",
    "linkedin": "/accounts/oidc/linkedin/login/",
}
SITES = list(START)
VERIFYING = ["google", "linkedin"]  # Facebook does not say whether it verified an address


@pytest.fixture(scope="module")
def theirs() -> Iterator[SignInServer]:
    with sign_in_server() as server:
        yield server


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


@contextmanager
def running_site(place, theirs: SignInServer, inbox: Inbox, **more: str) -> Iterator[str]:
    """This site, with the keys of all three, asking `theirs` in their place."""
    environment = dict(more)
    for name in ("GOOGLE", "FACEBOOK", "LINKEDIN"):
        environment |= {f"{name}_CLIENT_ID": CLIENT_ID, f"{name}_CLIENT_SECRET": CLIENT_SECRET}
        environment[f"{name}_URL"] = theirs.url
    with site_process(place, inbox, **environment) as address:
        yield address


@pytest.fixture(scope="module")
def site(django_db_setup, place, theirs: SignInServer, inbox: Inbox) -> Iterator[str]:
    with running_site(place, theirs, inbox) as address:
        yield address


@pytest.fixture(scope="module")
def closed_site(django_db_setup, place, theirs: SignInServer, inbox: Inbox) -> Iterator[str]:
    """The same, where people are invited."""
    with running_site(place, theirs, inbox, REGISTRATION="invitation", CONTACT="the service desk") as address:
        yield address


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(site)


@pytest.fixture
def person(theirs: SignInServer) -> dict[str, object]:
    """Somebody whom the other site knows, with an address that it has verified."""
    name = uuid.uuid4().hex[:12]
    theirs.person = {
        "sub": name,
        "email": f"{name}@example.com",
        "email_verified": True,
        "name": "Ines Example",
        "given_name": "Ines",
        "family_name": "Example",
    }
    theirs.twisted = {}
    return theirs.person


@pytest.fixture
def ours(make_person, person) -> User:
    """The same person's account here, made with a password, the address confirmed."""
    return make_person(person["email"])


@pytest.mark.parametrize("name", ["Google", "Facebook", "LinkedIn"])
def test_the_sign_in_page_offers_each_site_whose_keys_are_set(visitor, name):
    assert f"Continue with {name}" in visitor.get("/accounts/login/").text
    assert f"Continue with {name}" in visitor.get("/accounts/signup/").text


def test_the_policy_lets_the_buttons_lead_there(visitor, theirs):
    policy = visitor.get("/accounts/login/").headers["Content-Security-Policy"]
    assert re.search(rf"form-action [^;]*{re.escape(theirs.url)}", policy)


@pytest.mark.parametrize("site_name", VERIFYING)
def test_somebody_new_with_a_verified_address_is_signed_in_at_once(visitor, person, site_name):
    visitor.post(START[site_name])
    assert visitor.signed_in_as == person["email"]
    user = User.objects.get(email=person["email"])
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert SocialAccount.objects.get(user=user).provider == site_name


@pytest.mark.parametrize(
    ("site_name", "verified"), [("facebook", None), ("google", False), ("linkedin", False), ("linkedin", "false")]
)
def test_somebody_new_with_an_unverified_address_confirms_it_here(visitor, person, inbox, site_name, verified):
    person["email_verified"] = verified
    page = visitor.post(START[site_name])
    assert "Confirm your address" in page.text
    assert visitor.signed_in_as is None
    [mail] = inbox.of(str(person["email"]))
    code = re.search(r"^    (\S+)\s*$", mail, re.MULTILINE)[1]
    visitor.post("/accounts/confirm-email/", {"code": code})
    assert visitor.signed_in_as == person["email"]


@pytest.mark.parametrize("site_name", VERIFYING)
def test_who_comes_again_finds_the_same_account(site, visitor, person, site_name):
    visitor.post(START[site_name])
    again = Visitor(site)
    again.post(START[site_name])
    assert again.signed_in_as == person["email"]
    assert User.objects.filter(email=person["email"]).count() == 1


@pytest.mark.parametrize("site_name", VERIFYING)
def test_an_address_verified_on_both_sides_links_to_the_account_that_exists(visitor, person, ours, password, site_name):
    visitor.post(START[site_name])
    assert visitor.signed_in_as == ours.email
    assert SocialAccount.objects.get(user=ours).uid == person["sub"]
    ours.refresh_from_db()
    assert ours.check_password(password), "the password must still work"


@pytest.mark.parametrize(
    ("site_name", "verified"), [("facebook", True), ("google", False), ("linkedin", False), ("linkedin", "false")]
)
def test_an_address_that_the_other_site_has_not_verified_opens_no_account(
    visitor, person, ours, inbox, site_name, verified
):
    person["email_verified"] = verified
    visitor.post(START[site_name])
    assert visitor.signed_in_as is None
    assert not SocialAccount.objects.exists()
    assert "already exists" in inbox.of(ours.email)[-1]


@pytest.mark.parametrize("site_name", VERIFYING)
def test_an_address_that_was_never_confirmed_here_is_not_linked(visitor, person, ours, site_name):
    EmailAddress.objects.filter(user=ours).update(verified=False)
    visitor.post(START[site_name])
    assert visitor.signed_in_as is None
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("site_name", VERIFYING)
def test_who_has_a_second_factor_gives_it_also_when_they_come_through_another_site(visitor, ours, site_name):
    secret = generate_totp_secret()
    TOTP.activate(ours, secret)
    page = visitor.post(START[site_name])
    assert urlsplit(page.url).path == SECOND
    assert visitor.signed_in_as is None
    visitor.post(SECOND, {"code": code_of(secret)})
    assert visitor.signed_in_as == ours.email


@pytest.mark.parametrize("site_name", SITES)
def test_who_refuses_over_there_is_told_so_and_not_signed_in(visitor, theirs, site_name):
    theirs.person = None
    page = visitor.post(START[site_name])
    assert urlsplit(page.url).path == "/accounts/3rdparty/login/cancelled/"
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


def callback_of(visitor: Visitor, start: str) -> str:
    """Start signing in, agree over there, and stop before the answer is brought back here."""
    there = visitor.post(start, allow_redirects=False).headers["Location"]
    back = requests.get(there, allow_redirects=False, timeout=20).headers["Location"]
    return back.removeprefix(visitor.site)


@pytest.mark.parametrize("site_name", SITES)
def test_an_answer_that_another_browser_asked_for_signs_nobody_in(site, visitor, person, site_name):
    callback = callback_of(Visitor(site), START[site_name])
    visitor.get("/accounts/login/")
    page = visitor.get(callback)
    assert page.status_code in (400, 401, 403)
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


@pytest.mark.parametrize("site_name", SITES)
def test_an_answer_with_a_forged_state_signs_nobody_in(visitor, person, site_name):
    parts = urlsplit(callback_of(visitor, START[site_name]))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert visitor.get(f"{parts.path}?{urlencode({**query, 'state': 'forged'})}").status_code in (400, 401, 403)
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


@pytest.mark.parametrize("site_name", SITES)
def test_an_answer_works_once(site, visitor, person, site_name):
    callback = callback_of(visitor, START[site_name])
    visitor.get(callback)
    visitor.post("/accounts/logout/")
    visitor.get(callback)
    assert visitor.signed_in_as is None


@pytest.mark.parametrize("site_name", VERIFYING)
@pytest.mark.parametrize(
    "twisted", [{"aud": "somebody else"}, {"iss": "https://evil.example"}, {"exp": 1_000_000_000}], ids=str
)
def test_an_id_token_that_is_not_for_us_not_theirs_or_too_old_is_refused(visitor, theirs, person, site_name, twisted):
    theirs.twisted = twisted
    assert visitor.post(START[site_name]).status_code == 401
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


@pytest.mark.parametrize("site_name", SITES)
def test_who_is_signed_in_can_link_a_site_and_then_sign_in_with_it(
    site, visitor, person, make_person, password, site_name
):
    owner = make_person(f"owner-{person['sub']}@example.com")
    visitor.post("/accounts/login/", {"login": owner.email, "password": password})
    visitor.post("/accounts/reauthenticate/", {"password": password})
    visitor.post(f"{START[site_name]}?process=connect")
    assert SocialAccount.objects.get(user=owner).uid == person["sub"]
    again = Visitor(site)
    again.post(START[site_name])
    assert again.signed_in_as == owner.email


@pytest.fixture
def invited(person) -> Invitation:
    invitation = Invitation.objects.create(email=person["email"])
    invitation.send()
    return invitation


@pytest.mark.parametrize("site_name", SITES)
def test_by_invitation_nobody_else_comes_in_through_another_site(closed_site, person, site_name):
    visitor = Visitor(closed_site)
    assert "the service desk" in visitor.post(START[site_name]).text
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


@pytest.mark.parametrize("site_name", VERIFYING)
def test_by_invitation_who_is_invited_comes_in_with_the_address_that_the_other_site_verified(
    closed_site, person, invited, site_name
):
    visitor = Visitor(closed_site)
    visitor.post(START[site_name])
    assert visitor.signed_in_as == person["email"]
    invited.refresh_from_db()
    assert invited.state == "accepted"


@pytest.mark.parametrize("site_name", ["facebook", "google"])
def test_by_invitation_an_unverified_address_needs_the_link(closed_site, person, invited, site_name):
    person["email_verified"] = False
    visitor = Visitor(closed_site)
    assert "the service desk" in visitor.post(START[site_name]).text
    assert not User.objects.exists()
    visitor.get(urlsplit(invited.link).path)
    visitor.post(START[site_name])
    assert visitor.signed_in_as == person["email"]


@pytest.mark.parametrize("site_name", SITES)
def test_an_invitation_is_for_its_address_alone_through_other_sites_too(closed_site, person, site_name):
    other = Invitation.objects.create(email="somebody.else@example.com")
    other.send()
    visitor = Visitor(closed_site)
    visitor.get(urlsplit(other.link).path)
    assert "the service desk" in visitor.post(START[site_name]).text
    assert not User.objects.exists()


def test_who_has_an_account_signs_in_where_registration_is_closed(closed_site, person, ours):
    visitor = Visitor(closed_site)
    visitor.post(START["google"])
    assert visitor.signed_in_as == ours.email


def test_an_address_that_the_other_site_did_not_tell_is_asked_for_and_is_the_invited_one(closed_site, person, invited):
    person["email"] = ""
    visitor = Visitor(closed_site)
    visitor.get(urlsplit(invited.link).path)
    page = visitor.post(START["facebook"])
    assert invited.email in page.text
    visitor.post("/accounts/3rdparty/signup/", {"email": "mallory@example.com"})
    assert [user.email for user in User.objects.all()] == [invited.email]
