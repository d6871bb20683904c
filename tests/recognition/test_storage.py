"""Files in the database: byte for byte, within the transaction, without an address."""

from __future__ import annotations

import os

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from recognition.models import StoredFile
from recognition.storage import DatabaseStorage

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
