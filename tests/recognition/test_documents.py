"""A document's way from queued to finished: each step is taken by one worker alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone

from ml.reading.elements import Alternative, Box, Digit, Page, PageReading, Provenance, Reading
from recognition.models import Document, FieldReading, InvalidState, StoredFile

Upload = Callable[..., Document]
PREVIEW = b"a picture"


def page_reading(value: str = "7", number: int = 1) -> PageReading:
    box = Box(1, 2, 11, 22)
    digits = tuple(Digit(int(digit), 0.99, (Alternative(1, 0.01),), box) for digit in value)
    reading = Reading("number", value, value, 0.99, True, digits, box, Provenance("f" * 64, "threshold=0.9"))
    return PageReading(Page(np.zeros((40, 30, 3), np.uint8), number, None, "0" * 64), (reading,))


def run_out(document: Document) -> None:
    Document.everything.filter(pk=document.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def give_back(document: Document) -> None:
    """As the sweep does, which knows the row and not the reader's object."""
    assert Document.everything.get(pk=document.pk).give_back()


def claimed(document: Document) -> Document:
    taken = Document.claim(document.pk)
    assert taken is not None
    return taken


def test_only_one_of_two_workers_gets_a_document(upload: Upload) -> None:
    document = upload()
    assert Document.claim(document.pk) is not None
    assert Document.claim(document.pk) is None


def test_a_claim_counts_an_attempt_and_starts_a_lease(upload: Upload) -> None:
    taken = claimed(upload())
    assert (taken.state, taken.attempts) == ("reading", 1)
    assert taken.lease_until is not None
    assert taken.lease_until > timezone.now()


def test_a_deleted_document_is_not_claimed(upload: Upload) -> None:
    document = upload()
    document.hide()
    assert Document.claim(document.pk) is None


def test_a_claim_whose_lease_ran_out_is_anybodys_once_it_was_given_back(upload: Upload) -> None:
    first = claimed(upload())
    run_out(first)
    assert Document.claim(first.pk) is None
    give_back(first)
    second = claimed(first)
    assert second.claim_token != first.claim_token


def test_the_former_holder_finds_that_it_lost(upload: Upload) -> None:
    first = claimed(upload())
    run_out(first)
    give_back(first)
    claimed(first)
    with pytest.raises(InvalidState):
        first.renew()
    with pytest.raises(InvalidState):
        first.record([(page_reading(), PREVIEW)])
    with pytest.raises(InvalidState):
        first.fail("too late")
    assert FieldReading.objects.count() == 0


def test_a_document_tried_too_often_is_nobodys(upload: Upload) -> None:
    document = claimed(upload())
    Document.everything.filter(pk=document.pk).update(attempts=settings.MAX_ATTEMPTS)
    run_out(document)
    give_back(document)
    assert Document.claim(document.pk) is None


def test_renewing_moves_the_lease_and_the_progress(upload: Upload) -> None:
    document = claimed(upload(page_count=3))
    run_out(document)
    document.renew(pages_done=2)
    document.refresh_from_db()
    assert document.pages_done == 2
    assert document.lease_until is not None
    assert document.lease_until > timezone.now()


def test_what_was_read_is_kept_with_its_place_and_provenance(upload: Upload) -> None:
    document = claimed(upload())
    document.record([(page_reading("351"), PREVIEW)])
    number = FieldReading.objects.get()
    assert (document.state, document.pages_done) == ("read", 1)
    assert (number.value, number.left, number.top, number.width, number.height) == ("351", 1, 2, 10, 20)
    assert [digit["digit"] for digit in number.digits] == [3, 5, 1]
    assert (number.model_sha256, number.settings) == ("f" * 64, "threshold=0.9")
    assert number.page.preview.read() == PREVIEW


def test_a_document_read_twice_has_one_result(upload: Upload) -> None:
    first = claimed(upload())
    run_out(first)
    give_back(first)
    second = claimed(first)
    second.record([(page_reading("351"), PREVIEW)])
    with pytest.raises(InvalidState):
        first.record([(page_reading("999"), PREVIEW)])
    assert [number.value for number in FieldReading.objects.all()] == ["351"]


def test_reading_again_replaces_pages_and_previews(upload: Upload) -> None:
    document = claimed(upload())
    document.record([(page_reading("1"), PREVIEW), (page_reading("2", number=2), PREVIEW)])
    Document.everything.filter(pk=document.pk).update(state=Document.State.QUEUED)
    claimed(document).record([(page_reading("3"), b"another picture")])
    assert [number.value for number in FieldReading.objects.all()] == ["3"]
    assert [bytes(file.content) for file in StoredFile.objects.filter(name__startswith="previews/")] == [
        b"another picture"
    ]


def test_a_failure_keeps_its_reason_and_can_be_tried_again(upload: Upload) -> None:
    document = claimed(upload())
    document.fail("The file is damaged.")
    assert (document.state, document.reason) == ("failed", "The file is damaged.")
    document.try_again()
    assert (document.state, document.reason, document.attempts) == ("queued", "", 0)
    with pytest.raises(InvalidState):
        document.try_again()


def test_an_abandoned_document_is_queued_again(upload: Upload) -> None:
    document = claimed(upload())
    assert list(Document.abandoned()) == []
    run_out(document)
    (found,) = Document.abandoned()
    assert found.give_back()
    assert (found.state, found.claim_token, found.sent_at) == ("queued", None, None)


def test_an_abandoned_document_tried_too_often_fails_with_a_reason(upload: Upload) -> None:
    document = claimed(upload())
    Document.everything.filter(pk=document.pk).update(attempts=settings.MAX_ATTEMPTS)
    run_out(document)
    (found,) = Document.abandoned()
    assert found.give_back()
    assert found.state == "failed"
    assert found.reason.endswith("You can try again.")


def test_giving_back_leaves_a_reader_alone_that_came_back(upload: Upload) -> None:
    document = claimed(upload())
    run_out(document)
    (found,) = Document.abandoned()
    document.renew()
    assert not found.give_back()
    document.refresh_from_db()
    assert document.state == "reading"


def test_removing_a_document_leaves_no_file_behind(upload: Upload) -> None:
    document = claimed(upload())
    document.record([(page_reading(), PREVIEW)])
    assert StoredFile.objects.count() == 2
    document.remove()
    assert (Document.everything.count(), StoredFile.objects.count()) == (0, 0)


def test_a_number_too_long_to_be_kept_whole_does_not_pass(upload: Upload) -> None:
    document = claimed(upload())
    document.record([(page_reading("7" * 120), PREVIEW), (page_reading("7" * 121, number=2), PREVIEW)])
    kept, cut = FieldReading.objects.order_by("page__number")
    assert kept.accepted
    assert (len(cut.value), cut.accepted) == (120, False)
