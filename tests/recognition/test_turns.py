"""People are served in turn, whoever waits with however many documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from recognition.models import Document
from recognition.turns import claim_next

Upload = Callable[..., Document]
pytestmark = pytest.mark.django_db


def claimed(count: int) -> list[str]:
    """Whose documents are claimed next, by name. Each counts as read before the next is claimed."""
    names = []
    for _ in range(count):
        document = claim_next()
        assert document is not None
        document.fail("done")
        names.append(document.uploaded_by.email.partition("@")[0])
    return names


def test_one_persons_many_files_let_others_in_between(upload: Upload, alice: User, bob: User, charlie: User) -> None:
    for owner, count in ((alice, 6), (bob, 2), (charlie, 1)):
        for _ in range(count):
            upload(uploaded_by=owner)
    assert claimed(9) == ["alice", "bob", "charlie", "alice", "bob", "alice", "alice", "alice", "alice"]
    assert claim_next() is None


def test_who_comes_while_others_wait_is_next(upload: Upload, alice: User, bob: User) -> None:
    for _ in range(4):
        upload()
    assert claimed(2) == ["alice", "alice"]
    upload(uploaded_by=bob)
    assert claimed(3) == ["bob", "alice", "alice"]


def test_who_was_served_long_ago_comes_before_who_was_served_just_now(upload: Upload, alice: User, bob: User) -> None:
    upload()
    upload(uploaded_by=bob)
    assert claimed(2) == ["alice", "bob"]
    upload(uploaded_by=bob)
    upload()
    assert claimed(2) == ["alice", "bob"]


def test_long_documents_of_one_do_not_keep_every_worker(upload: Upload, alice: User, bob: User) -> None:
    """Alice's long document stays in reading. So another worker serves Bob, also twice in a row."""
    for _ in range(3):
        upload()
        upload(uploaded_by=bob)
    long = claim_next()
    assert long is not None
    assert long.uploaded_by == alice
    assert claimed(3) == ["bob", "bob", "bob"]
    assert claimed(2) == ["alice", "alice"]


def test_of_one_persons_documents_the_oldest_comes_first(upload: Upload) -> None:
    documents = [upload() for _ in range(4)]
    failed = claim_next()
    assert failed == documents[0]
    failed.fail("a reason")
    failed.try_again()
    assert [claim_next() for _ in range(4)] == [*documents[1:], documents[0]], "what is tried again joins the end"
    documents[1].refresh_from_db()
    documents[1].fail("a reason")
    documents[1].read_as("any")
    later = upload()
    assert [claim_next(), claim_next()] == [documents[1], later]


def test_what_a_dead_worker_left_comes_first_of_its_owners(upload: Upload) -> None:
    left, other = upload(), upload()
    assert claim_next() == left
    Document.objects.filter(pk=left.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    left.refresh_from_db()
    assert left.give_back()
    assert [claim_next(), claim_next()] == [left, other]


def test_what_is_deleted_has_no_turn(upload: Upload, bob: User) -> None:
    upload().hide()
    theirs = upload(uploaded_by=bob)
    assert claim_next() == theirs
    assert claim_next() is None


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_time_get_different_documents(upload: Upload, alice: User, bob: User) -> None:
    for owner in [alice] * 12 + [bob] * 4:
        upload(uploaded_by=owner)

    def work(_worker: int) -> list[Document]:
        try:
            return [document for _ in range(4) if (document := claim_next())]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        documents = [document for claimed in workers.map(work, range(4)) for document in claimed]
    assert len({document.pk for document in documents}) == 16
    assert {document.attempts for document in documents} == {1}
    assert Counter(document.uploaded_by_id for document in documents) == {alice.pk: 12, bob.pk: 4}
