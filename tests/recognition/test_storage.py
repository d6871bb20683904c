"""Files in the database: byte for byte, within the transaction, without an address."""

from __future__ import annotations

import io
import os

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from recognition.models import StoredFile
from recognition.storage import PIECE_BYTES, DatabaseStorage, StoredBytes

pytestmark = pytest.mark.django_db

storage = DatabaseStorage()


def test_what_is_stored_comes_back_byte_for_byte() -> None:
    data = os.urandom(100_000)
    name = storage.save("originals/one", ContentFile(data))
    with storage.open(name) as file:
        assert file.read() == data
    assert storage.size(name) == 100_000


def test_two_files_of_one_name_stand_apart() -> None:
    first = storage.save("originals/one", ContentFile(b"first"))
    second = storage.save("originals/one", ContentFile(b"second"))
    assert first != second
    assert storage.open(first).read() == b"first"
    assert storage.open(second).read() == b"second"


def test_a_deleted_file_is_gone() -> None:
    name = storage.save("originals/one", ContentFile(b"x"))
    storage.delete(name)
    storage.delete(name)
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storage.open(name)


def test_a_stored_file_is_never_written_again() -> None:
    name = storage.save("originals/one", ContentFile(b"x"))
    with pytest.raises(ValueError, match="written once"):
        storage.open(name, "wb")


def test_there_is_no_public_address() -> None:
    with pytest.raises(NotImplementedError, match="url"):  # Django's word for a storage that has none
        storage.url("originals/one")


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_with_the_transaction_that_saved_it() -> None:
    with transaction.atomic():
        storage.save("originals/one", ContentFile(b"x"))
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()


def test_a_file_is_fetched_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(2 * PIECE_BYTES + 100)
    file = storage.open(storage.save("originals/one", ContentFile(data)))
    fetched = []
    fetch = StoredBytes._fetch
    monkeypatch.setattr(StoredBytes, "_fetch", lambda file, most: fetched.append(fetch(file, most)) or fetched[-1])
    assert b"".join(iter(lambda: file.read(4096), b"")) == data
    assert max(len(piece) for piece in fetched) <= PIECE_BYTES


def test_any_part_of_a_file_can_be_read() -> None:
    data = os.urandom(2 * PIECE_BYTES)
    file = storage.open(storage.save("originals/one", ContentFile(data)))
    assert file.size == len(data)
    file.seek(-10, io.SEEK_END)
    assert file.read(100) == data[-10:]
    file.seek(PIECE_BYTES - 5)
    assert file.read(10) == data[PIECE_BYTES - 5 : PIECE_BYTES + 5]
    assert file.read(0) == b""


def test_a_file_that_is_deleted_while_it_is_read_says_so() -> None:
    file = storage.open(name := storage.save("originals/one", ContentFile(os.urandom(2 * PIECE_BYTES))))
    file.read(10)
    storage.delete(name)
    with pytest.raises(FileNotFoundError):
        file.read()


def test_an_empty_file_is_empty() -> None:
    assert storage.open(storage.save("originals/none", ContentFile(b""))).read() == b""
