"""The sweep: what was left behind is found, sent again within bounds, and removed when its time has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from recognition.models import Document, Drawing, Layout, StoredFile, WorkerProcess
from tests.fixtures_layouts import Teach
from worker import sweeping
from worker.send import send_document
from worker.tasks import read_document, sweep, tidy

pytestmark = pytest.mark.django_db(transaction=True)

Upload = Callable[..., Document]
Messages = Callable[[], int]
LONG_AGO = timedelta(seconds=settings.RESEND_SECONDS + 1)


def sent_long_ago(document: Document) -> None:
    Document.everything.filter(pk=document.pk).update(sent_at=timezone.now() - LONG_AGO)


def abandoned(document: Document, attempts: int = 1) -> None:
    assert Document.claim(document.pk)
    past = timezone.now() - timedelta(seconds=1)
    Document.everything.filter(pk=document.pk).update(lease_until=past, attempts=attempts)


def test_a_document_that_was_never_sent_is_sent(upload: Upload, messages: Messages) -> None:
    document = upload()
    sweep()
    document.refresh_from_db()
    assert messages() == 1
    assert document.sent_at is not None


def test_a_document_whose_message_was_lost_is_sent_again(
    upload: Upload, messages: Messages, empty_broker: Callable[[], None]
) -> None:
    document = upload()
    send_document(document)
    sent_long_ago(document)
    empty_broker()
    sweep()
    assert messages() == 1


def test_a_message_sent_just_now_is_waited_for(
    upload: Upload, messages: Messages, empty_broker: Callable[[], None]
) -> None:
    send_document(upload())
    empty_broker()
    sweep()
    assert messages() == 0


def test_a_long_line_is_not_sent_twice_however_long_it_waits(upload: Upload, messages: Messages) -> None:
    for _ in range(5):
        document = upload()
        send_document(document)
        sent_long_ago(document)
    for _ in range(3):
        sweep()
    assert messages() == 5


def test_only_as_many_are_sent_again_as_messages_are_missing(upload: Upload, messages: Messages) -> None:
    with_message, without = upload(), upload()
    send_document(with_message)
    Document.everything.filter(pk=with_message.pk).update(sent_at=timezone.now() - LONG_AGO)
    Document.everything.filter(pk=without.pk).update(sent_at=timezone.now() - 2 * LONG_AGO)
    sweep()
    without.refresh_from_db()
    assert messages() == 2
    assert without.sent_at is not None
    assert without.sent_at > timezone.now() - LONG_AGO


def test_when_one_documents_message_served_another_the_one_left_over_is_sent(
    upload: Upload, messages: Messages, empty_broker: Callable[[], None]
) -> None:
    """The first message is lost, the second has the first document read. Now the second waits without a message."""
    first, second = upload(), upload()
    send_document(first)
    sent_long_ago(first)
    empty_broker()
    read_document(str(second.pk))
    send_document(second)
    sent_long_ago(second)
    empty_broker()
    sweep()
    assert [document.state for document in Document.objects.order_by("created_at")] == ["read", "queued"]
    assert messages() == 1


def test_two_sweeps_send_a_document_once(upload: Upload, messages: Messages) -> None:
    document = upload()
    first, second = Document.everything.get(pk=document.pk), Document.everything.get(pk=document.pk)
    assert first.mark_sent()
    assert not second.mark_sent()


def test_a_document_whose_worker_died_is_queued_and_sent(upload: Upload, messages: Messages) -> None:
    document = upload()
    abandoned(document)
    sweep()
    document.refresh_from_db()
    assert (document.state, messages()) == ("queued", 1)


def test_a_document_whose_worker_lives_is_left_alone(upload: Upload, messages: Messages) -> None:
    document = upload()
    assert Document.claim(document.pk)
    sweep()
    document.refresh_from_db()
    assert (document.state, messages()) == ("reading", 0)


def test_after_too_many_attempts_a_document_fails_with_a_reason(upload: Upload, messages: Messages) -> None:
    document = upload()
    abandoned(document, attempts=settings.MAX_ATTEMPTS)
    sweep()
    document.refresh_from_db()
    assert (document.state, messages()) == ("failed", 0)
    assert "try again" in document.reason


def test_nobody_waits_for_a_drawing_that_was_lost() -> None:
    late = Drawing.objects.create(visitor="x", image=b"", created_at=timezone.now() - sweeping.DRAWING_WAITS)
    fresh = Drawing.objects.create(visitor="x", image=b"")
    sweep()
    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.state, fresh.state) == ("failed", "queued")
    assert late.reason


def test_what_was_deleted_long_ago_is_removed_with_its_file(upload: Upload) -> None:
    old, young, kept = upload(), upload(), upload()
    Document.everything.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(days=7, minutes=1))
    Document.everything.filter(pk=young.pk).update(deleted_at=timezone.now() - timedelta(days=6))
    tidy()
    assert set(Document.everything.values_list("pk", flat=True)) == {young.pk, kept.pk}
    assert StoredFile.objects.count() == 2


def test_a_layout_that_was_removed_long_ago_goes_with_its_sample(teach: Teach) -> None:
    old, young, kept = teach(title="Old"), teach(title="Young"), teach(title="Kept")
    Layout.everything.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(days=7, minutes=1))
    Layout.everything.filter(pk=young.pk).update(deleted_at=timezone.now() - timedelta(days=6))
    tidy()
    assert set(Layout.everything.all()) == {young, kept}
    assert StoredFile.objects.count() == 4


def test_a_closed_account_goes_with_its_layouts_and_their_samples(teach: Teach, alice: User, bob: User) -> None:
    teach()
    teach(title="Removed").hide()
    theirs = teach(owner=bob)
    User.objects.filter(pk=alice.pk).update(close_at=timezone.now() - timedelta(seconds=1))
    tidy()
    assert list(User.objects.all()) == [bob]
    assert list(Layout.everything.all()) == [theirs]
    assert set(StoredFile.objects.values_list("name", flat=True)) == {theirs.original.name, theirs.sample.name}


def test_a_closed_account_goes_with_all_its_documents(upload: Upload, alice: User, bob: User) -> None:
    upload()
    upload(uploaded_by=bob)
    User.objects.filter(pk=alice.pk).update(close_at=timezone.now() - timedelta(seconds=1))
    bob.close()  # in a week
    tidy()
    assert list(User.objects.all()) == [bob]
    assert [document.uploaded_by for document in Document.everything.all()] == [bob]
    assert StoredFile.objects.count() == 1


def test_a_large_closed_account_is_removed_in_several_goes(
    upload: Upload, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    for _ in range(3):
        upload()
    User.objects.filter(pk=alice.pk).update(close_at=timezone.now() - timedelta(seconds=1))
    tidy()
    assert (User.objects.count(), Document.everything.count()) == (1, 1)
    tidy()
    assert (User.objects.count(), Document.everything.count()) == (0, 0)


def test_old_drawings_workers_and_sessions_are_removed() -> None:
    now = timezone.now()
    Drawing.objects.create(visitor="x", image=b"", created_at=now - timedelta(minutes=61))
    Drawing.objects.create(visitor="x", image=b"", created_at=now - timedelta(minutes=59))
    WorkerProcess.objects.create(name="old", seen_at=now - timedelta(hours=25))
    WorkerProcess.objects.create(name="new", seen_at=now)
    Session.objects.create(session_key="old", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(days=1))
    tidy()
    assert Drawing.objects.count() == 1
    assert WorkerProcess.objects.get().name == "new"
    assert Session.objects.get().session_key == "new"
