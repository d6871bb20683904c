"""Signing in with Google, Facebook and LinkedIn, over HTTP: this site in a process of its own, and a server that
stands for theirs.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from html import unescape
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from accounts.models import User
from tests.accounts.mail_server import Inbox, mail_server
from tests.accounts.sign_in_server import CLIENT_ID, CLIENT_SECRET, SignInServer, sign_in_server
from tests.fixtures_servers import answers, free_port, running, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

START = {
    "google": "/accounts/google/login/",
    "facebook": "/accounts/facebook/login/",
    "linkedin": "/accounts/oidc/linkedin/login/",
}
SITES = list(START)
VERIFYING = ["google", "linkedin"]  # Facebook does not say whether it verified an address
_visitors = count(1)


@pytest.fixture(scope="module")
def theirs() -> Iterator[SignInServer]:
    with sign_in_server() as server:
        yield server


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


@pytest.fixture(scope="module")
def site(django_db_setup, place, theirs: SignInServer, inbox: Inbox) -> Iterator[str]:
    """This site, with the keys of all three, asking `theirs` in their place."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {"SITE_URL": address, "TRUSTED_PROXIES": "1", "EMAIL_URL": f"smtp://127.0.0.1:{inbox.port}"}
    for name in ("GOOGLE", "FACEBOOK", "LINKEDIN"):
        environment |= {f"{name}_CLIENT_ID": CLIENT_ID, f"{name}_CLIENT_SECRET": CLIENT_SECRET}
        environment[f"{name}_URL"] = theirs.url
    web = ("portal.serve", "--port", str(port))
    if not settings.EMBEDDED:  # production's pages name their files by content
        with running("django", "collectstatic", "--noinput", place=place, **environment) as collecting:
            assert collecting.wait() == 0, f"see {place / 'processes.log'}"
    with running(*web, place=place, **environment):
        wait_for(lambda: answers(f"{address}/health/live"), 60, f"for the site: see {place / 'processes.log'}")
        yield address


class Visitor:
    """A browser: cookies, an address of its own, forms with their token."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()
        # The site trusts one proxy: each visitor has limits of their own, in this run and the next.
        self.session.headers["X-Forwarded-For"] = f"2001:db8:{uuid.uuid4().hex[:4]}:{next(_visitors):x}::1"

    def get(self, path: str, **options) -> requests.Response:
        return self.session.get(f"{self.site}{path}", timeout=20, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options) -> requests.Response:
        if "csrftoken" not in self.session.cookies:
            self.get("/accounts/login/")
        token = self.session.cookies["csrftoken"]
        return self.session.post(
            f"{self.site}{path}", {**(data or {}), "csrfmiddlewaretoken": token}, timeout=20, **options
        )

    @property
    def signed_in_as(self) -> str | None:
        page = self.get("/account/", allow_redirects=False)
        found = re.search(r'title="([^"]+@[^"]+)"', page.text)
        return unescape(found[1]) if page.status_code == 200 and found else None


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
