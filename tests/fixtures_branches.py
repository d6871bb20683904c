"""Two branches, and somebody of each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from accounts.models import Branch, Membership, Organisation, User
from accounts.roles import FOR_ALL, Role
from tests.fixtures_people import PASSWORD

Join = Callable[..., User]


@dataclass(frozen=True)
class Staff:
    """Somebody of each role, with the branch in which those of a branch work, and another one.

    Attributes:
        people: By role. The owner works alone.
    """

    here: Branch
    elsewhere: Branch
    people: dict[Role, User]


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch in New York."""
    return Branch.objects.create(organisation=Organisation.ours(), name="New York", code="NY-01")


@pytest.fixture
def elsewhere(db: None) -> Branch:
    """The branch in Mumbai."""
    return Branch.objects.create(organisation=Organisation.ours(), name="Mumbai", code="MUM-01")


@pytest.fixture
def join(branch: Branch) -> Join:
    """Make a person with a role: `join(Role.CLERK)` is a clerk of New York; `at` and `email` can be given."""

    def make(role: Role, at: Branch | None = None, email: str = "") -> User:
        person = User.objects.create_user(email or f"{role}@bank.example", PASSWORD)
        if role != Role.OWNER:
            Membership.give(person, role, None if role in FOR_ALL else at or branch)
        return person

    return make


@pytest.fixture
def staff_of_all(branch: Branch, elsewhere: Branch, join: Join) -> Staff:
    """Somebody of each role."""
    return Staff(branch, elsewhere, {role: join(role) for role in Role})
