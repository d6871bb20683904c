"""Everything that belongs to a person, as a ZIP that is made while it is sent."""

from __future__ import annotations

import json
import logging
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from io import RawIOBase
from itertools import chain
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.fields.files import FieldFile

from accounts.keyring import CannotOpen
from accounts.models import User
from accounts.roles import Role
from recognition.access import in_chunks, private_documents_of, private_layouts_of
from recognition.models import Document, FieldReading, Layout
from recognition.sealed_storage import KEY_AWAY

log = logging.getLogger(__name__)

_TREE = ("pages__readings__decisions", "pages__readings__table", "pages__tables")


class Outlet(RawIOBase):
    """A buffer into which the ZIP is written and from which it is taken piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """The buffer can be written to. It cannot seek, so zipfile never goes back in it."""
        return True

    def write(self, data: Any, /) -> int:
        """Hold a piece until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        pieces, self._pieces = b"".join(self._pieces), []
        return pieces


def takeout_of(user: User) -> Iterator[bytes]:
    """A ZIP with `account.json`, and a folder for each document and each layout.

    A document's folder holds its original and its `document.json`. The ZIP includes what was deleted and can still be
    brought back. What belongs to a branch is not in it. Only a piece of an original is in memory at a time.
    """
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account.json", _json(account_facts(user)))
        yield outlet.take()
        documents = private_documents_of(user).order_by("created_at").prefetch_related(*_TREE)
        for document in chain.from_iterable(in_chunks(documents, 10)):
            folder = f"documents/{document.pk}"
            archive.writestr(f"{folder}/document.json", _json(document_facts(document)))
            if document.withheld:
                continue
            for _ in _copied(document.original, f"{folder}/{safe_name(document.name)}", archive):
                yield outlet.take()
        for layout in private_layouts_of(user).prefetch_related("versions"):
            for _ in _put_layout(layout, archive):
                yield outlet.take()
    yield outlet.take()


def _copied(stored: FieldFile, name: str, archive: zipfile.ZipFile) -> Iterator[None]:
    """Add a stored file piece by piece, and pause after each. It is not compressed, because scans are already."""
    entry = zipfile.ZipInfo(name, time.localtime()[:6])
    entry.external_attr = 0o600 << 16
    try:
        source = stored.open("rb")
    except CannotOpen:
        log.exception("A takeout goes without %s.", stored.name)
        archive.writestr(f"{name}.txt", KEY_AWAY)
        yield
        return
    with source, archive.open(entry, "w") as target:
        for piece in source.chunks():
            target.write(piece)
            yield
    yield  # closing wrote the entry's end


def _put_layout(layout: Layout, archive: zipfile.ZipFile) -> Iterator[None]:
    """Add a layout's folder: its facts, each version as JSON that can be imported, and the sample as uploaded."""
    folder = f"layouts/{layout.pk}"
    archive.writestr(f"{folder}/layout.json", _json(layout_facts(layout)))
    for version in layout.versions.all():
        archive.writestr(f"{folder}/version-{version.number}.json", _json(version.definition))
    if _has_sample(layout):
        yield from _copied(layout.original, f"{folder}/sample", archive)
    yield


def _has_sample(layout: Layout) -> bool:
    """Whether there is a sample in which malware was looked for, where there is a scanner."""
    return bool(layout.original) and (not settings.CLAMD or layout.sample_state == Layout.Sample.READY)


def safe_name(name: str) -> str:
    """The file's name, without signs that could make an unpacking program write outside the folder.

    It is never `document.json`, which lies beside it.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(" .")
    return f"original-{clean}" if clean else "original"


def account_facts(user: User) -> dict[str, Any]:
    """All that the site knows about the person."""
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_signed_in": user.last_login,
        "closes_at": user.close_at,
        "roles": [
            {"role": held.role, "branch": str(held.branch or ""), "from": held.since, "until": held.until}
            for held in user.memberships.exclude(role=Role.OWNER).select_related("branch")
        ],
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "linked_accounts": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data", "date_joined", "last_login")
        ),
        # Their names and times. Their secrets stay here, because with them anybody could sign in.
        "second_factors": [
            {"kind": found.type, "name": str(found), "added": found.created_at, "last_used": found.last_used_at}
            for found in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
    }


def document_facts(document: Document) -> dict[str, Any]:
    """A document with all its fields and numbers as they were read, and all decisions."""
    return {
        "id": document.pk,
        "name": document.name,
        "original": None if document.withheld else safe_name(document.name),
        "media_type": document.media_type,
        "bytes": document.size,
        "sha256": document.sha256,
        "layout": document.layout,
        "state": document.state,
        "reason": document.reason,
        "infected_with": document.infected_with,
        "uploaded": document.created_at,
        "finished": document.finished_at,
        "deleted": document.deleted_at,
        "pages": [
            {
                "page": page.number,
                "width": page.width,
                "height": page.height,
                "layout": page.layout_used,
                "faults": page.faults,
                "fields": [field_facts(reading) for reading in page.readings.all() if reading.of_layout],
                "numbers": [number_facts(reading) for reading in page.readings.all() if not reading.of_layout],
                "tables": [
                    {
                        "table": table.number,
                        "rows": table.row_count,
                        "columns": table.column_count,
                        "named": table.names,
                        "box": table.own_box,
                    }
                    for table in page.tables.all()
                ],
            }
            for page in document.pages.all()
        ],
    }


def layout_facts(layout: Layout) -> dict[str, Any]:
    """A layout with the draft as it stands. Its versions are separate files."""
    return {
        "id": layout.pk,
        "name": layout.name,
        "title": layout.title,
        "offered": layout.offered,
        "made": layout.created_at,
        "changed": layout.changed_at,
        "deleted": layout.deleted_at,
        "draft": layout.draft,
        "versions": [
            {"version": version.number, "file": f"version-{version.number}.json", "made": version.made_at}
            for version in layout.versions.all()
        ],
        "sample": "sample" if _has_sample(layout) else None,
        "sample_reads": layout.readings,
    }


def field_facts(reading: FieldReading) -> dict[str, Any]:
    """A field of a layout: its name, kind, currency and checks, and the same facts as for a number."""
    return {
        "name": reading.field,
        "kind": reading.kind,
        "currency": reading.currency or None,
        "checks": reading.checks,
        **reading_facts(reading),
    }


def number_facts(reading: FieldReading) -> dict[str, Any]:
    """A number, or a cell of a table with its place in it."""
    if reading.table is None:
        return reading_facts(reading)
    return reading_facts(reading) | {
        "table": reading.table.number,
        "row": reading.row,
        "column": reading.column,
        "rows": reading.row_span,
        "columns": reading.column_span,
        "cell": reading.cell_box,
    }


def reading_facts(reading: FieldReading) -> dict[str, Any]:
    """A number: what was read, what holds now, and all decisions in their order."""
    return {
        "value": reading.value,
        "text": reading.text,
        "confidence": reading.confidence,
        "accepted": reading.accepted,
        "box": [reading.left, reading.top, reading.width, reading.height],
        "digits": reading.digits,
        "model": reading.model_sha256,
        "current_value": reading.current_value,
        "corrections": [
            {
                "verdict": decision.verdict,
                "value": decision.value,
                "was": decision.was,
                "at": decision.decided_at,
                "overrode": decision.overrode,
                "undoes": decision.reverses_id is not None,
            }
            for decision in reading.decisions.all()
        ],
    }


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
