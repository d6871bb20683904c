"""Take a file in: check its header and its sender's allowance, keep it byte for byte, and send it to be read."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.roles import May
from ml.reading.errors import RefusedFile
from ml.reading.files.box import BoxLost
from ml.reading.files.inspect import inspect
from recognition.allowance import Allowance, NoRoom
from recognition.models import Document, Layout
from worker.limits import limits
from worker.send import send_document, send_sample

log = logging.getLogger(__name__)

SENT_BEFORE = "You have sent this before, to a branch in which you may no longer see it. Nothing was kept this time."
LOST = "This file could not be looked at just now. Send it again in a moment."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one file: its document, or the reason why it was refused.

    Attributes:
        later: Whether the file was refused only for now: its sender has no room for it, or it could not be
            decoded just now.
    """

    name: str
    document: Document | None = None
    reason: str = ""
    later: bool = False


def take_in(person: User, file: UploadedFile[bytes], *, branch_id: int, layout: str, key: str) -> Outcome:
    """Keep the file and queue it, or say why not. One refused file does not affect the rest.

    Args:
        person: Who sends the file.
        file: The file.
        branch_id: Key of the branch to which it will belong.
        layout: Name of the layout that its pages have.
        key: Of this upload. If the same bytes arrived with it before, their document is the result.
    """
    name = (file.name or "").strip() or "unnamed"
    try:
        return Outcome(name, _keep(person, name, file, branch_id, layout, key))
    except RefusedFile as refusal:
        return Outcome(name, reason=str(refusal), later=refusal.code == "late")
    except NoRoom as full:
        return Outcome(name, reason=str(full), later=True)
    except BoxLost:
        log.exception("An upload could not be looked at.")
        return Outcome(name, reason=LOST, later=True)


def _keep(person: User, name: str, file: UploadedFile[bytes], branch_id: int, layout: str, key: str) -> Document:
    most = limits()
    if (file.size or 0) > most.bytes:  # the file is refused before its bytes are read into memory
        raise RefusedFile("bytes", too_large(file.size or 0))
    data = file.read()
    facts = inspect(data, most)
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        _wait_for_others_of(person)
        document = _arrived_before(person, key, sha256)
        if document is None:
            Allowance.of(person).check(len(data))
            document = Document.upload(
                branch_id=branch_id,
                uploaded_by=person,
                name=name,
                data=data,
                media_type=facts.media_type,
                page_count=facts.page_count,
                sha256=sha256,
                layout=layout,
                upload_key=key,
            )
            send_document(document)
    return document


def queue_again(document: Document, queue: Callable[[], None]) -> None:
    """Queue a document that was read or failed, and send it.

    Args:
        document: The document.
        queue: What queues it: its `try_again` or `read_as`.

    Raises:
        NoRoom: So many documents of who uploaded it wait that none may join them.
        InvalidState: As `queue` raises it.
    """
    with transaction.atomic():
        _wait_for_others_of(document.uploaded_by)
        if document.is_finished:  # else it waits already, and `queue` says so
            Allowance.of(document.uploaded_by).check_waiting()
        queue()
        send_document(document)


def take_in_sample(layout: Layout, data: bytes) -> None:
    """Keep a sample of a form, and send it to be prepared.

    Args:
        layout: Whose sample it is.
        data: The sample's bytes, whose header was checked.

    Raises:
        NoRoom: Who teaches it has no room for it, or another sample of theirs is still being prepared.
    """
    with transaction.atomic():
        _wait_for_others_of(layout.made_by)
        Allowance.of(layout.made_by).check_sample(len(data))
        layout.take_sample("sample", data)
        send_sample(layout)


def _wait_for_others_of(person: User) -> None:
    """Let this person's other uploads and samples end first: they may have the same key, or take the same room.

    SQLite has no locks of rows, but there only one transaction at a time writes.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _arrived_before(person: User, key: str, sha256: str) -> Document | None:
    """The document of an upload that is sent again. If it was deleted since, it is brought back.

    Raises:
        RefusedFile: The person may no longer see it, or may not bring it back.
    """
    sent = Document.everything.filter(uploaded_by=person, upload_key=key, sha256=sha256)
    document = sent.first() if key else None
    if document is None:
        return None
    rights = person.rights.on(document.branch_id)
    if May.SEE not in rights or (document.deleted_at is not None and May.DELETE not in rights):
        raise RefusedFile("again", SENT_BEFORE)
    if document.deleted_at is not None:
        document.restore()
        document.refresh_from_db()
    return document


def too_large(size: int) -> str:
    """The sentence for a file of `size` bytes, which is larger than allowed."""
    return (
        f"This file has {size / 1024**2:,.1f} MB; at most {settings.MAX_UPLOAD_BYTES / 1024**2:,.0f} MB are read. "
        "Save it as JPEG, or scan fewer pages into one file."
    )
