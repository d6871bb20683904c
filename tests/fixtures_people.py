"""The people of the tests, and what they own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from accounts.models import Rights, User
from accounts.roles import May
from recognition.models import Document

PASSWORD = "correct horse battery staple"


def home_of(person: User) -> int:
    """The key of the branch in which what this person begins stands."""
    return Rights.of(person).branches(May.UPLOAD)[0]


@pytest.fixture
def alice(db: None) -> User:
    """The owner."""
    return User.objects.create_user("alice@example.com", PASSWORD)


@pytest.fixture
def bob(db: None) -> User:
    """Her colleague."""
    return User.objects.create_user("bob@example.com", PASSWORD)


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger."""
    return User.objects.create_user("charlie@example.com", PASSWORD)


@pytest.fixture
def dana(db: None) -> User:
    """The administrator."""
    return User.objects.create_superuser("dana@example.com", PASSWORD)


@pytest.fixture
def upload(
    alice: User, digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]
) -> Callable[..., Document]:
    """Save a queued document: `upload()` is Alice's picture of 351; `data`, `uploaded_by` and others can be given."""

    def save(**given: object) -> Document:
        data = given.pop("data", None) or as_file(digit_image("351"))
        assert isinstance(data, bytes)
        person = given.setdefault("uploaded_by", alice)
        assert isinstance(person, User)
        facts: dict[str, object] = {
            "branch_id": home_of(person),
            "name": "351.png",
            "media_type": "image/png",
            "page_count": 1,
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        return Document.upload(data=data, **(facts | given))  # type: ignore[arg-type]

    return save
