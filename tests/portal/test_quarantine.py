"""What malware was found in is sent to nobody, and its page says why and what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray

from accounts.models import User
from portal.takeout import takeout_of
from recognition.models import Document, FieldReading, Layout, WorkerProcess
from tests.fixtures_clamd import EICAR, FOUND, Clamd
from worker import tasks

pytestmark = pytest.mark.django_db(transaction=True)

Upload = Callable[..., Document]


def addresses(document: Document) -> list[str]:
    """Where its original and its pictures are."""
    reading = FieldReading.objects.get(page__document=document)
    return [
        reverse("document-original", args=[document.pk]),
        reverse("page-image", args=[document.pk, 1]),
        reverse("page-thumbnail", args=[document.pk, 1]),
        reverse("reading-overlay", args=[document.pk, reading.pk]),
    ]


@pytest.fixture
def read_before(
    upload: Upload, digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes], settings: Any
) -> Document:
    """A document that was read before there was a scanner, and has malware behind its picture."""
    settings.CLAMD, clamd = "", settings.CLAMD
    document = upload(data=as_file(digit_image("351")) + EICAR)
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert document.state == "read", document.reason
    settings.CLAMD = clamd
    return document


@pytest.fixture
def infected(clamd: Clamd, read_before: Document) -> Document:
    read_before.read_as("any")
    tasks.read_document(str(read_before.pk))
    read_before.refresh_from_db()
    assert read_before.infected_with == FOUND
    return read_before


def test_neither_original_nor_picture_is_sent(owner: Client, infected: Document) -> None:
    for address in addresses(infected)[:3]:
        answer = owner.get(address, headers={"If-None-Match": "*"})
        assert (answer.status_code, FOUND in answer.content.decode()) == (410, True), address
        assert EICAR not in answer.content


def test_its_picture_is_not_laid_over_another(owner: Client, infected: Document, upload: Upload, settings: Any) -> None:
    settings.CLAMD = ""
    other = upload()
    tasks.read_document(str(other.pk))
    theirs = FieldReading.objects.get(page__document=other)
    assert owner.get(f"{addresses(infected)[3]}?with={theirs.pk}").status_code == 410
    mine = FieldReading.objects.get(page__document=infected)
    assert owner.get(f"{addresses(other)[3]}?with={mine.pk}").status_code == 410


def test_a_stranger_does_not_learn_of_it(
    client: Client, charlie: User, signed_in: Callable[[User], Client], infected: Document
) -> None:
    for browser in (client, signed_in(charlie)):
        for address in addresses(infected)[:3]:
            answer = browser.get(address)
            assert (answer.status_code, FOUND in answer.content.decode()) == (404, False)


def test_its_page_says_what_was_found_and_what_to_do(owner: Client, infected: Document) -> None:
    page = owner.get(reverse("document", args=[infected.pk])).content.decode()
    assert f"Malware was found in this file: {FOUND}." in page
    assert "Delete it, and have the machine that it came from looked at." in page
    for offered in addresses(infected)[:3]:
        assert offered not in page
    assert "Try again" not in page
    assert "read it as something else" not in page


def test_the_history_shows_no_picture_of_it(owner: Client, infected: Document) -> None:
    listed = owner.get(reverse("history")).content.decode()
    assert FOUND in listed
    assert addresses(infected)[2] not in listed


def test_it_cannot_be_tried_again(owner: Client, infected: Document) -> None:
    for name, form in (("document-again", {}), ("document-layout", {"layout": "any"})):
        owner.post(reverse(name, args=[infected.pk]), form)
        infected.refresh_from_db()
        assert (infected.state, infected.infected_with) == ("failed", FOUND)


def test_a_takeout_tells_of_it_and_goes_without_the_file(alice: User, infected: Document) -> None:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(takeout_of(alice))))
    assert [name for name in archive.namelist() if str(infected.pk) in name] == [
        f"documents/{infected.pk}/document.json"
    ]
    assert FOUND in archive.read(f"documents/{infected.pk}/document.json").decode()


def test_a_takeout_goes_without_a_sample_that_nobody_looked_at(
    alice: User, clamd: Clamd, teach: Callable[..., Layout]
) -> None:
    layout = teach(sample=False)
    layout.take_sample("sample", EICAR)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(takeout_of(alice))))
    assert f"layouts/{layout.pk}/sample" not in archive.namelist()


def test_it_can_be_deleted(owner: Client, infected: Document) -> None:
    owner.post(reverse("document-delete", args=[infected.pk]))
    assert not Document.objects.exists()


@pytest.mark.usefixtures("clamd")
def test_what_nobody_looked_at_yet_is_not_sent(owner: Client, upload: Upload) -> None:
    document = upload()
    address = reverse("document-original", args=[document.pk])
    for _ in range(2):  # it waits; then somebody reads it
        answer = owner.get(address)
        assert (answer.status_code, "has not been looked at" in answer.content.decode()) == (409, True)
        assert address not in owner.get(reverse("document", args=[document.pk])).content.decode()
        claimed = Document.claim(document.pk)
    assert claimed is None
    Document.objects.filter(pk=document.pk).update(state="queued")
    tasks.read_document(str(document.pk))
    assert owner.get(address).status_code == 200


@pytest.fixture
def workers(db: None) -> None:
    for queue in ("documents", "pad"):
        WorkerProcess.seen(queue, queue, "ab" * 32)


@pytest.mark.usefixtures("workers")
def test_health_tells_of_a_scanner_that_is_away_or_talks_nonsense(client: Client, clamd: Clamd, settings: Any) -> None:
    assert client.get("/health/ready").json()["parts"]["malware"] == {"ok": True}
    clamd.answer = b"UNKNOWN COMMAND"
    assert client.get("/health/ready").status_code == 503
    settings.CLAMD = "127.0.0.1:1"
    answer = client.get("/health/ready")
    assert [name for name, part in answer.json()["parts"].items() if not part["ok"]] == ["malware"]
    assert "127.0.0.1" not in answer.content.decode()
    settings.CLAMD = ""
    assert "malware" not in client.get("/health/ready").json()["parts"]
