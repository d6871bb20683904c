"""`manage.py seal_files`: what is open is sealed, what an older key sealed gets the newest, and there is a way back."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from accounts.keyring import Keyring
from recognition import kept_files
from recognition.models import Document, Layout, StoredFile
from recognition.sealed_storage import SealedStorage
from recognition.storage import originals
from worker import tasks

pytestmark = pytest.mark.django_db

NONE = Keyring({})
OLD, BOTH = Keyring({"2026": bytes(32)}), Keyring({"2027": bytes([1]) * 32, "2026": bytes(32)})


def seal_files(*options: str) -> str:
    told = io.StringIO()
    call_command("seal_files", *options, stdout=told, stderr=told)
    return told.getvalue()


def keys_in_use() -> set[str | None]:
    return set(StoredFile.objects.values_list("key", flat=True))


@pytest.fixture
def files(upload: Callable[..., Document], teach: Callable[..., Layout], settings: Any) -> dict[str, bytes]:
    """One of each kind, from before there were keys, with their bytes: originals, a preview, a sample and its sheet."""
    document, _deleted = upload(), upload().hide()
    tasks.read_document(str(document.pk))
    teach()
    settings.ENCRYPTION_KEYS = OLD
    return {name: originals().open(name).read() for name in StoredFile.objects.values_list("name", flat=True)}


def test_everything_that_is_open_is_sealed_and_reads_as_before(files: dict[str, bytes]) -> None:
    assert len(files) == 5
    assert "5 files were open.\n5 files are sealed with the key “2026” now. None is left." in seal_files()
    assert keys_in_use() == {"2026"}
    assert {name: originals().open(name).read() for name in files} == files


def test_what_an_older_key_sealed_gets_the_newest(files: dict[str, bytes], settings: Any) -> None:
    seal_files()
    settings.ENCRYPTION_KEYS = BOTH
    originals().save("originals/nobody's", ContentFile(b"x"))
    assert "5 files were sealed with the key “2026”." in seal_files()
    assert keys_in_use() == {"2027"}
    settings.ENCRYPTION_KEYS = Keyring({"2027": bytes([1]) * 32})
    assert {name: originals().open(name).read() for name in files} == files


def test_a_second_run_finds_nothing_to_do(files: dict[str, bytes]) -> None:
    seal_files()
    before = set(StoredFile.objects.values_list("pk", flat=True))
    assert "0 files are sealed with the key “2026” now. None is left." in seal_files()
    assert set(StoredFile.objects.values_list("pk", flat=True)) == before


def test_a_dry_run_changes_nothing_and_says_that_something_is_left(files: dict[str, bytes]) -> None:
    with pytest.raises(CommandError, match=r"5 are left\."):
        seal_files("--dry-run")
    assert keys_in_use() == {None}


def test_what_was_interrupted_goes_on(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "_AT_ONCE", 1)
    seal_anew, calls = SealedStorage.seal_anew, iter(range(9))

    def interrupted(storage: SealedStorage, name: str) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        seal_anew(storage, name)

    with monkeypatch.context() as patched:
        patched.setattr(SealedStorage, "seal_anew", interrupted)
        with pytest.raises(KeyboardInterrupt):
            seal_files()
    assert StoredFile.objects.filter(key="2026").count() == 2
    told = seal_files()
    assert "3 files were open.\n2 files were sealed with the key “2026”.\n3 files are sealed" in told
    assert keys_in_use() == {"2026"}


def test_keys_can_be_given_up(files: dict[str, bytes], settings: Any) -> None:
    seal_files()
    assert "5 files are open now. None is left." in seal_files("--open")
    settings.ENCRYPTION_KEYS = NONE
    assert {name: originals().open(name).read() for name in files} == files
    assert {file.name: bytes(file.content) for file in StoredFile.objects.all()} == files


def test_a_file_whose_key_is_gone_is_named_and_keeps_no_other_from_its_turn(
    files: dict[str, bytes], settings: Any
) -> None:
    name = next(name for name in files if name.startswith("previews/"))
    originals().seal_anew(name)
    settings.ENCRYPTION_KEYS = Keyring({"2027": bytes([1]) * 32})
    told = io.StringIO()
    with pytest.raises(CommandError, match=r"4 files are sealed with the key “2027” now\. 1 are left\."):
        call_command("seal_files", stdout=io.StringIO(), stderr=told)
    assert "“2026” is not in ENCRYPTION_KEYS" in told.getvalue()
    assert keys_in_use() == {"2026", "2027"}


def test_without_keys_it_says_so(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = NONE
    with pytest.raises(CommandError, match="ENCRYPTION_KEYS is empty"):
        seal_files()


def test_what_is_deleted_meanwhile_does_not_come_back(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    key_of = SealedStorage.key_of

    def deleted_after_a_look(storage: SealedStorage, name: str) -> str:
        found = key_of(storage, name)
        for document in Document.everything.all():
            document.remove()
        return found

    monkeypatch.setattr(SealedStorage, "key_of", deleted_after_a_look)
    assert "None is left." in seal_files()
    assert all(name.startswith("layouts/") for name in StoredFile.objects.values_list("name", flat=True))


def test_files_in_another_storage_are_sealed_too(
    upload: Callable[..., Document], settings: Any, tmp_path: Path
) -> None:
    folder = {"storage": "django.core.files.storage.FileSystemStorage", "options": {"location": str(tmp_path)}}
    documents = {"BACKEND": "recognition.sealed_storage.SealedStorage", "OPTIONS": folder}
    field = Document._meta.get_field("original")
    before = field.storage
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    try:
        field.storage = originals()
        document = upload()
        path = tmp_path / document.original.name
        data = path.read_bytes()
        settings.ENCRYPTION_KEYS = OLD
        seal_files()
        assert path.read_bytes().startswith(b"\xc5sealed\n")
        assert document.original.open().read() == data
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [path.name]
    finally:
        field.storage = before
