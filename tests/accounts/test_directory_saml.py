"""Signing in through a directory that speaks SAML, over HTTP. It runs where the extra `saml` is installed."""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

pytest.importorskip("xmlsec", reason="SAML needs the extra: uv sync --extra saml", exc_type=ImportError)

from accounts.models import User
from tests.accounts.directory_bank import CLERKS, HEADS, ROLES, inbox, roles_of
from tests.accounts.saml_provider import SAML, SIGN_IN, Asked, Key, Statement, metadata_of, sent
from tests.accounts.site_process import site_process
from tests.accounts.visitor import Visitor

__all__ = ["inbox"]
pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

BEGIN = "/accounts/saml/directory/login/"
CLERK, SUPERVISOR, AUDITOR = ("clerk", "NY-01"), ("supervisor", "NY-01"), ("auditor", None)


@pytest.fixture(scope="module")
def key() -> Key:
    """The provider's key, and the newer of the two that its metadata names."""
    return Key.make()


@pytest.fixture(scope="module")
def site(django_db_setup, place, inbox, key, tmp_path_factory) -> Iterator[str]:
    metadata = tmp_path_factory.mktemp("saml") / "metadata.xml"
    metadata.write_text(metadata_of(Key.make(), key))
    settings = {
        "DIRECTORY_NAME": "Example Bank",
        "SAML_METADATA_FILE": str(metadata),
        "DIRECTORY_GROUPS_CLAIM": "memberOf",
        "DIRECTORY_ROLES": json.dumps(ROLES),
        "DIRECTORY_VERIFIES_ADDRESSES": "true",
        "REGISTRATION": "invitation",
        "CONTACT": "the service desk",
    }
    with site_process(place, inbox, **settings) as address:
        yield address


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(site)


@pytest.fixture
def says() -> Callable[..., Statement]:
    """What the provider says in answer to what a browser was sent there with: `says(visitor, memberOf=[...])`."""
    name = uuid.uuid4().hex[:12]

    def says(visitor: Visitor, **attributes: list[str]) -> Statement:
        asked = Asked.from_address(visitor.post(BEGIN, allow_redirects=False).headers["Location"])
        told = {"mail": [f"{name}@bank.example"], **attributes}
        return Statement(asked, name, told, audience=asked.audience, in_response_to=asked.id)

    return says


def bring(visitor: Visitor, response) -> int:
    """Bring an answer back in this browser, as the provider's page does; the status of the page that follows."""
    return visitor.session.post(f"{visitor.site}/accounts/saml/directory/acs/", sent(response), timeout=20).status_code


def email_of(statement: Statement) -> str:
    return statement.attributes["mail"][0]


def test_the_sign_in_page_offers_the_directory_and_its_button_may_lead_there(visitor):
    page = visitor.get("/accounts/login/")
    assert page.text.index("Sign in through Example Bank") < page.text.index('name="password"')
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(SIGN_IN))
    assert re.search(rf"form-action [^;]*{re.escape(origin)}", page.headers["Content-Security-Policy"])


def test_a_signed_answer_lets_a_person_in_with_the_roles_of_their_groups(visitor, says, key, branch):
    statement = says(visitor, memberOf=[CLERKS, "canteen"])
    assert bring(visitor, statement.signed_by(key)) == 200
    assert visitor.signed_in_as == email_of(statement)
    assert roles_of(User.objects.get(email=email_of(statement))) == {CLERK}


def test_changed_groups_change_the_roles_at_the_next_sign_in(site, visitor, says, key, branch):
    bring(visitor, says(visitor, memberOf=[CLERKS]).signed_by(key))
    again = Visitor(site)
    statement = says(again, memberOf=[HEADS])
    bring(again, statement.signed_by(key))
    assert again.signed_in_as == email_of(statement)
    assert roles_of(User.objects.get(email=email_of(statement))) == {SUPERVISOR, AUDITOR}


def test_an_account_that_exists_is_opened_by_its_address(visitor, says, key, make_person, branch):
    statement = says(visitor, memberOf=[CLERKS])
    owner = make_person(email_of(statement))
    bring(visitor, statement.signed_by(key))
    assert visitor.signed_in_as == owner.email
    assert roles_of(owner) == {CLERK}


def test_who_is_in_no_group_with_a_role_is_not_let_in(visitor, says, key, branch):
    assert bring(visitor, says(visitor, memberOf=["canteen"]).signed_by(key)) == 403
    assert bring(visitor, says(visitor).signed_by(key)) == 403
    assert not User.objects.exists()


def unsigned(statement, key):
    return statement.unsigned()


def signed_by_somebody_else(statement, key):
    return statement.signed_by(Key.make())


def changed_after_signing(statement, key):
    response = statement.signed_by(key)
    groups = response.find(f".//{{{SAML}}}Attribute[@Name='memberOf']/{{{SAML}}}AttributeValue")
    groups.text = HEADS
    return response


def with_a_forged_assertion_before_the_signed_one(statement, key):
    response = statement.signed_by(key)
    honest = response.find(f"{{{SAML}}}Assertion")
    forged = copy.deepcopy(honest)
    forged.set("ID", "_forged")
    forged.find(f".//{{{SAML}}}NameID").text = "ceo"
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    honest.addprevious(forged)
    return response


def for_another_site(statement, key):
    return replace(statement, audience="https://other.example/metadata").signed_by(key)


def sent_to_another_address(statement, key):
    elsewhere = replace(statement.asked, answer_to="https://other.example/acs/")
    return replace(statement, asked=elsewhere).signed_by(key)


def too_old(statement, key):
    return replace(statement, age=timedelta(hours=1)).signed_by(key)


def from_the_future(statement, key):
    return replace(statement, age=-timedelta(hours=1)).signed_by(key)


def that_nobody_asked_for(statement, key):
    return replace(statement, in_response_to="").signed_by(key)


def to_another_question(statement, key):
    return replace(statement, in_response_to="_another").signed_by(key)


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (unsigned, "The Assertion of the Response is not signed"),
        (signed_by_somebody_else, "Signature validation failed"),
        (changed_after_signing, "Signature validation failed"),
        (with_a_forged_assertion_before_the_signed_one, "must contain 1 assertion"),
        (for_another_site, "is not a valid audience"),
        (sent_to_another_address, "instead of https://other.example/acs/"),
        (too_old, "expired"),
        (from_the_future, "not yet valid"),
        (that_nobody_asked_for, "IdP initiated SSO rejected"),
        (to_another_question, "Permission denied"),
    ],
)
def test_an_answer_is_refused(visitor, says, key, branch, place, forged, why):
    answer = forged(says(visitor, memberOf=[CLERKS]), key)
    log = place / "processes.log"
    before = log.stat().st_size
    assert bring(visitor, answer) in (401, 403)
    assert why in log.read_bytes()[before:].decode()
    assert visitor.signed_in_as is None
    assert not User.objects.exists()


def test_an_answer_works_once(site, visitor, says, key, branch):
    response = says(visitor, memberOf=[CLERKS]).signed_by(key)
    bring(visitor, response)
    assert visitor.signed_in_as
    visitor.post("/accounts/logout/")
    assert bring(visitor, response) == 403
    assert visitor.signed_in_as is None
    thief = Visitor(site)
    assert bring(thief, response) == 403
    assert thief.signed_in_as is None


def test_a_stolen_answer_does_not_fit_a_thiefs_own_question(site, visitor, says, key, branch):
    """Only the assertion is signed: what stands around it can be changed."""
    response = says(visitor, memberOf=[CLERKS]).signed_by(key)
    thief = Visitor(site)
    response.set("InResponseTo", says(thief).asked.id)
    assert bring(thief, response) == 401
    assert thief.signed_in_as is None


def test_the_site_describes_itself_and_lets_nobody_be_signed_out_from_afar(visitor):
    assert "/accounts/saml/directory/acs/" in visitor.get("/accounts/saml/directory/metadata/").text
    assert visitor.get("/accounts/saml/directory/sls/?SAMLRequest=x").status_code == 404


def test_addresses_of_openid_connect_are_not_there(visitor):
    assert visitor.post("/accounts/oidc/directory/login/").status_code == 404
