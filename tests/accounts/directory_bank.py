"""A bank whose directory is the tests' server: its groups, its people, and this site as it asks there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from accounts.models import Membership, User
from accounts.roles import Role
from tests.accounts.mail_server import Inbox, mail_server
from tests.accounts.sign_in_server import CLIENT_ID, CLIENT_SECRET, SignInServer, sign_in_server
from tests.accounts.site_process import site_process

START = "/accounts/oidc/directory/login/"
CLERKS, HEADS, AUDIT, LOST, ODD = "ny-clerks", "ny-heads", "audit", "lost-clerks", "odd"
ROLES = {
    CLERKS: "clerk@NY-01",
    HEADS: ["supervisor@NY-01", "auditor"],
    AUDIT: "auditor",
    LOST: "clerk@NOWHERE",
    ODD: "emperor@NY-01",
}

Person = dict[str, object]


def bank_site(place: Path, theirs: SignInServer, inbox: Inbox, **more: str) -> AbstractContextManager[str]:
    """This site, with the directory of Example Bank."""
    environment = {
        "DIRECTORY_NAME": "Example Bank",
        "DIRECTORY_URL": theirs.url,
        "DIRECTORY_CLIENT_ID": CLIENT_ID,
        "DIRECTORY_CLIENT_SECRET": CLIENT_SECRET,
        "DIRECTORY_ROLES": json.dumps(ROLES),
        "CONTACT": "the service desk",
    }
    return site_process(place, inbox, **(environment | more))


@pytest.fixture(scope="module")
def theirs() -> Iterator[SignInServer]:
    with sign_in_server() as server:
        yield server


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


@pytest.fixture
def person(theirs: SignInServer) -> Person:
    """Somebody of the bank, with an address that it has verified, and in no group."""
    name = uuid.uuid4().hex[:12]
    found: Person = {"sub": name, "email": f"{name}@bank.example", "email_verified": True, "name": "Ines Example"}
    theirs.begin_with(found)
    return found


def roles_of(user: User) -> set[tuple[str, str | None]]:
    """The roles that a person has now, but for that of the private branch, each with its branch's code."""
    held = Membership.objects.now().filter(person=user).exclude(role=Role.OWNER)
    return set(held.values_list("role", "branch__code"))


def user_of(person: Person) -> User:
    return User.objects.get(email=person["email"])
