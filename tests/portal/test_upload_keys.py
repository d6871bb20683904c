"""An upload that is sent again with its key is the same document; nothing else is taken for one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from recognition.models import Document

URL = "/upload/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def png(honest_files: dict[str, bytes]) -> bytes:
    return honest_files[".png"]


def send(client: Client, *files: bytes, key: str = "", header: str = "") -> tuple[int, str]:
    named = [SimpleUploadedFile(f"{place}.png", data) for place, data in enumerate(files)]
    headers = HTMX | ({"Idempotency-Key": header} if header else {})
    answer = client.post(URL, {"files": named, "idempotency_key": key}, headers=headers)
    return answer.status_code, answer.content.decode()


def test_what_is_sent_again_with_its_key_is_the_same_document(owner: Client, png: bytes) -> None:
    send(owner, png, key="one")
    status, text = send(owner, png, key="one")
    assert status == 200
    assert f"document-{Document.objects.get().pk}" in text


def test_the_header_says_the_key_too(owner: Client, png: bytes) -> None:
    """As programs send it: a text in quotes."""
    for header in ('"one"', "one", '"two"'):
        send(owner, png, header=header)
    assert Document.objects.count() == 2


def test_several_files_of_a_request_are_known_again_each(owner: Client, honest_files: dict[str, bytes]) -> None:
    files = [honest_files[".png"], honest_files[".pdf"], honest_files[".png"]]
    for _ in range(2):
        assert send(owner, *files, key="one")[0] == 200
    assert Document.objects.count() == 3, "the same picture twice in a request was meant twice"


def test_without_a_key_each_upload_is_a_document(owner: Client, png: bytes) -> None:
    send(owner, png)
    send(owner, png)
    assert Document.objects.count() == 2


def test_a_key_with_other_bytes_is_another_document(owner: Client, honest_files: dict[str, bytes]) -> None:
    """A form that is shown again may still have the key of its former files."""
    send(owner, honest_files[".png"], key="one")
    send(owner, honest_files[".pdf"], key="one")
    assert Document.objects.count() == 2


def test_a_key_is_its_owners(owner: Client, png: bytes, signed_in: Callable[[User], Client], bob: User) -> None:
    send(owner, png, key="one")
    _, text = send(signed_in(bob), png, key="one")
    hers, his = Document.objects.order_by("created_at")
    assert his.uploaded_by == bob
    assert str(hers.pk) not in text


def test_what_was_deleted_meanwhile_is_brought_back(owner: Client, png: bytes) -> None:
    send(owner, png, key="one")
    Document.objects.get().hide()
    send(owner, png, key="one")
    assert Document.objects.count() == 1
    assert Document.everything.count() == 1


def test_a_file_that_was_refused_may_come_again(owner: Client, png: bytes) -> None:
    assert send(owner, b"no picture", key="one")[0] == 422
    assert send(owner, png, key="one")[0] == 200


def test_a_key_that_is_too_long_is_refused_in_words(owner: Client, png: bytes) -> None:
    status, text = send(owner, png, key="x" * 101)
    assert status == 422
    assert "The key of an upload has at most 100 characters." in text
    assert not Document.objects.exists()


def test_each_page_has_a_key_of_its_own_also_after_an_upload(owner: Client, png: bytes) -> None:
    named = SimpleUploadedFile("a.png", png)
    pages = [owner.get(URL), owner.get(URL), owner.post(URL, {"files": named, "idempotency_key": "mine"})]
    keys = [re.findall(r'name="idempotency_key" value="([^"]+)"', page.content.decode()) for page in pages]
    assert all(len(found) == 1 for found in keys)
    assert len({found[0] for found in keys} | {"mine"}) == 4
