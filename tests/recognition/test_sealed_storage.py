"""A sealing storage behaves as the one that it seals, and what that one keeps tells nothing."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.keyring import CannotOpen, Keyring
from recognition.models import Document, StoredFile
from recognition.sealed_storage import OpenedBytes, SealedStorage
from recognition.sealing import PIECE_BYTES, key_of
from recognition.storage import originals

pytestmark = pytest.mark.django_db

NAME = "originals/one"
OLD, BOTH = Keyring({"2026": bytes(32)}), Keyring({"2027": bytes([1]) * 32, "2026": bytes(32)})
IN_DATABASE = "recognition.storage.DatabaseStorage"
IN_FOLDER = "django.core.files.storage.FileSystemStorage"


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = OLD


@pytest.fixture(params=[IN_DATABASE, IN_FOLDER])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> SealedStorage:
    return SealedStorage(request.param, {"location": str(tmp_path)} if request.param == IN_FOLDER else {})


def kept(storage: SealedStorage, name: str = NAME) -> bytes:
    """The bytes as the other storage keeps them."""
    return storage.inner.open(name).read()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, 3 * PIECE_BYTES + 7])
def test_what_is_stored_comes_back_byte_for_byte(storage: SealedStorage, size: int) -> None:
    data = os.urandom(size)
    name = storage.save(NAME, ContentFile(data))
    with storage.open(name) as file:
        assert file.read() == data
        assert file.size == size
        assert b"".join(file.chunks(1000)) == data
    assert (storage.size(name), storage.exists(name)) == (size, True)


def test_what_is_kept_has_nothing_of_it(storage: SealedStorage) -> None:
    data = b"\x89PNG\r\n\x1a\n" + b"twelve pounds" * 10_000
    storage.save(NAME, ContentFile(data))
    assert key_of(kept(storage)) == "2026"
    assert b"PNG" not in kept(storage)
    assert b"pounds" not in kept(storage)


def test_any_part_of_a_file_can_be_read(storage: SealedStorage) -> None:
    data = os.urandom(3 * PIECE_BYTES)
    file = storage.open(storage.save(NAME, ContentFile(data)))
    file.seek(-10, io.SEEK_END)
    assert file.read(100) == data[-10:]
    for begin in (PIECE_BYTES - 5, 7, 2 * PIECE_BYTES, PIECE_BYTES + 1):
        file.seek(begin)
        assert file.read(PIECE_BYTES + 10) == data[begin : begin + PIECE_BYTES + 10]
    file.seek(5 * PIECE_BYTES)
    assert file.read(1) == b""


def test_a_slow_reader_holds_a_piece(storage: SealedStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(3 * PIECE_BYTES + 100)
    file = storage.open(storage.save(NAME, ContentFile(data)))
    opened = []
    fetch = OpenedBytes._fetch
    monkeypatch.setattr(OpenedBytes, "_fetch", lambda file, most: opened.append(fetch(file, most)) or opened[-1])
    assert b"".join(iter(lambda: file.read(4096), b"")) == data
    assert max(len(piece) for piece in opened) <= PIECE_BYTES


def test_two_files_of_one_name_stand_apart(storage: SealedStorage) -> None:
    first, second = (storage.save(NAME, ContentFile(data)) for data in (b"first", b"second"))
    assert first != second
    assert (storage.open(first).read(), storage.open(second).read()) == (b"first", b"second")


def test_a_deleted_file_is_gone(storage: SealedStorage) -> None:
    name = storage.save(NAME, ContentFile(b"x"))
    storage.delete(name)
    storage.delete(name)
    assert not storage.exists(name)
    for ask in (storage.open, storage.size, storage.key_of):
        with pytest.raises(FileNotFoundError):
            ask(name)


def test_a_stored_file_is_never_written_again(storage: SealedStorage) -> None:
    with pytest.raises(ValueError, match="written once"):
        storage.open(storage.save(NAME, ContentFile(b"x")), "wb")


def test_a_file_from_before_there_were_keys_is_read_as_it_is(storage: SealedStorage, settings: Any) -> None:
    data = os.urandom(2 * PIECE_BYTES)
    settings.ENCRYPTION_KEYS = Keyring({})
    storage.save(NAME, ContentFile(data))
    assert kept(storage) == data
    settings.ENCRYPTION_KEYS = OLD
    assert (storage.open(NAME).read(), storage.size(NAME), storage.key_of(NAME)) == (data, len(data), "")


@pytest.mark.parametrize("ring", [Keyring({}), Keyring({"2027": bytes(32)}), Keyring({"2026": bytes([1]) * 32})])
def test_without_its_key_a_file_is_not_even_opened(storage: SealedStorage, settings: Any, ring: Keyring) -> None:
    storage.save(NAME, ContentFile(b"x"))
    settings.ENCRYPTION_KEYS = ring
    with pytest.raises(CannotOpen):
        storage.open(NAME)


def test_a_file_put_in_the_place_of_another_is_not_opened() -> None:
    for name, data in ((NAME, b"my cheque"), ("originals/two", b"your cheque")):
        originals().save(name, ContentFile(data))
    theirs = StoredFile.objects.get(name="originals/two").content
    StoredFile.objects.filter(name=NAME).update(content=theirs, size=len(theirs))
    with pytest.raises(CannotOpen):
        originals().open(NAME)


def test_a_file_that_is_cut_off_never_ends_as_if_it_were_whole(storage: SealedStorage) -> None:
    storage.save(NAME, ContentFile(os.urandom(3 * PIECE_BYTES)))
    storage._replace(NAME, kept(storage)[: -(PIECE_BYTES + 16)])
    with storage.open(NAME) as file, pytest.raises(CannotOpen):
        list(file.chunks())


@pytest.mark.parametrize("before", [Keyring({}), OLD])
@pytest.mark.parametrize("after", ["seal_anew", "unseal"])
def test_a_reader_reads_on_while_a_file_is_sealed_anew(
    storage: SealedStorage, settings: Any, before: Keyring, after: str
) -> None:
    data = os.urandom(5 * PIECE_BYTES)
    settings.ENCRYPTION_KEYS = before
    storage.save(NAME, ContentFile(data))
    settings.ENCRYPTION_KEYS = BOTH
    with storage.open(NAME) as piecewise, storage.open(NAME) as whole:
        begun = piecewise.read(1000), whole.read(1000)
        getattr(storage, after)(NAME)
        assert storage.key_of(NAME) == ("2027" if after == "seal_anew" else "")
        assert begun[0] + b"".join(iter(lambda: piecewise.read(4096), b"")) == data
        assert begun[1] + whole.read() == data
    assert storage.open(NAME).read() == data


def test_a_file_that_is_sealed_anew_just_when_it_is_opened_is_opened_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = SealedStorage(IN_DATABASE)
    data = os.urandom(3 * PIECE_BYTES)
    storage.save(NAME, ContentFile(data))
    stored, left = storage.stored, [1, 1, 1]

    def replaced_behind(name: str) -> Any:
        file = stored(name)
        if left and left.pop():
            storage.inner.replace(name, kept(storage))
        return file

    monkeypatch.setattr(storage, "stored", replaced_behind)
    assert storage.key_of(NAME) == "2026"
    assert not left
    left.append(1)
    assert storage.open(NAME).read() == data
    left.append(1)
    assert storage.size(NAME) == len(data)


def test_a_reader_does_not_go_on_in_a_later_file_of_the_same_name() -> None:
    storage = originals()
    with storage.open(storage.save(NAME, ContentFile(os.urandom(5 * PIECE_BYTES)))) as file:
        file.read(1000)
        storage.delete(NAME)
        storage.save(NAME, ContentFile(os.urandom(5 * PIECE_BYTES)))
        with pytest.raises(FileNotFoundError):
            file.read()


def test_a_file_is_there_however_far_its_sealing_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage in a folder cannot put one file in another's place at once. It is stopped at each step."""
    for stopped_at in range(5):
        storage = SealedStorage(IN_FOLDER, {"location": str(tmp_path / str(stopped_at))})
        storage.save(NAME, ContentFile(b"twelve pounds"))
        steps = iter(range(5))

        def stopping(step: Callable[..., Any], steps: Any = steps, last: int = stopped_at) -> Callable[..., Any]:
            def do(*given: Any) -> Any:
                if next(steps) == last:
                    raise KeyboardInterrupt
                return step(*given)

            return do

        with monkeypatch.context() as patched:
            patched.setattr(storage.inner, "save", stopping(storage.inner.save))
            patched.setattr(storage.inner, "delete", stopping(storage.inner.delete))
            with pytest.raises(KeyboardInterrupt):
                storage.seal_anew(NAME)
        assert storage.open(NAME).read() == b"twelve pounds", stopped_at
        storage.seal_anew(NAME)
        assert storage.open(NAME).read() == b"twelve pounds", stopped_at
        storage.delete(NAME)
        assert not any(path.is_file() for path in tmp_path.rglob("*")), stopped_at


def test_the_database_without_the_key_shows_nothing_of_a_document(upload: Callable[..., Document]) -> None:
    from worker import tasks

    document = upload()
    data = document.original.open().read()
    assert data.startswith(b"\x89PNG")
    tasks.read_document(str(document.pk))
    assert document.pages.get().preview.open().read().startswith(b"\xff\xd8\xff")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, key, content FROM recognition_storedfile")
        rows = [(name, key, bytes(content)) for name, key, content in cursor.fetchall()]
    assert [(name.split("/")[0], key) for name, key, _ in rows] == [("originals", "2026"), ("previews", "2026")]
    runs = {data[begin : begin + 8] for begin in range(len(data) - 7)}
    for _, _, content in rows:
        assert not any(mark in content for mark in (b"\x89PNG", b"IHDR", b"\xff\xd8\xff", b"JFIF"))
        assert not any(content[begin : begin + 8] in runs for begin in range(len(content) - 7))
