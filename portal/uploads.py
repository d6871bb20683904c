"""Take a file in: check its header, keep it byte for byte, and send it to be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from ml.reading.errors import RefusedFile
from ml.reading.files.inspect import inspect
from recognition.models import Document
from worker.limits import limits
from worker.send import send_document


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one file: its document, or the reason why it was refused."""

    name: str
    document: Document | None = None
    reason: str = ""


def take_in(owner: User, file: UploadedFile[bytes], *, layout: str) -> Outcome:
    """Keep the file and queue it, or say why not. One refused file does not affect the rest."""
    name = (file.name or "").strip() or "unnamed"
    try:
        document = _keep(owner, name, file, layout)
    except RefusedFile as refusal:
        return Outcome(name, reason=str(refusal))
    send_document(document)
    return Outcome(name, document)


def _keep(owner: User, name: str, file: UploadedFile[bytes], layout: str) -> Document:
    most = limits()
    if (file.size or 0) > most.bytes:  # the file is refused before its bytes are read into memory
        raise RefusedFile("bytes", too_large(file.size or 0))
    data = file.read()
    facts = inspect(data, most)
    return Document.upload(
        owner=owner,
        name=name,
        data=data,
        media_type=facts.media_type,
        page_count=facts.page_count,
        sha256=hashlib.sha256(data).hexdigest(),
        layout=layout,
    )


def too_large(size: int) -> str:
    """The sentence for a file of `size` bytes, which is larger than allowed."""
    return (
        f"This file has {size / 1024**2:,.1f} MB; at most {settings.MAX_UPLOAD_BYTES / 1024**2:,.0f} MB are read. "
        "Save it as JPEG, or scan fewer pages into one file."
    )
