"""A layout that a person teaches the portal: a sample of the form, a draft, and the versions that read documents."""

from __future__ import annotations

import hashlib
import io
import json
import re
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from PIL import Image

from accounts.clock import Now
from accounts.models import Action
from accounts.models.audit import name_of, record
from ml.reading.errors import BadLayout
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.layout_json import layout_from_json
from ml.reading.forms.layouts import Layout as Taught
from recognition.models.document import UNDO_DAYS
from recognition.storage import originals

NO_FIELD = "Draw at least one field on the sample first."
CHANGED_ELSEWHERE = "This layout was changed in another window. Load the page again to go on from there."

ASK_AGAIN_SECONDS = 6
"""Seconds after which a sample that is not read is sent again, because its message may be lost."""

_STEM_LENGTH = 50
_ENDING_LENGTH = 8
_ENDING_MARKS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look like others."""

TITLE_LENGTH = 80


_OF_A_SAMPLE = (
    "original",
    "sample_bytes",
    "sample",
    "sample_state",
    "reason",
    "read_revision",
    "asked_at",
    "changed_at",
)


class Outdated(Exception):
    """The layout was changed in another window; the sentence says so."""


def sample_name(layout: Layout, _filename: str) -> str:
    """A new storage name for each file, because a stored file is never overwritten."""
    return f"layouts/{layout.pk}/{uuid.uuid4()}"


class Living(models.Manager["Layout"]):
    """Layouts that nobody has removed."""

    def get_queryset(self) -> models.QuerySet[Layout]:
        """Leave the removed layouts out."""
        return super().get_queryset().filter(deleted_at=None)


class Layout(models.Model):
    """A layout that a person made. Its branch alone sees it and reads with it, until it is offered to everybody."""

    class Sample(models.TextChoices):
        NONE = "none", "No sample yet"
        WAITING = "waiting", "Being prepared"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be read"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey("accounts.Branch", on_delete=models.PROTECT, related_name="layouts")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="layouts")
    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=TITLE_LENGTH)
    offered = models.BooleanField("offered to everybody", default=False)
    draft = models.JSONField("as it stands: a layout's JSON without name, title and version", default=dict)
    revision = models.PositiveIntegerField("counts the draft's changes", default=1)
    readings = models.JSONField("how the sample reads, field by field", default=list)
    read_revision = models.PositiveIntegerField("of the draft with which the sample was read", default=0)
    asked_at = models.DateTimeField("when the sample was last sent to be read", null=True)
    original = models.FileField("sample as uploaded", storage=originals, upload_to=sample_name, max_length=200)
    sample_bytes = models.PositiveBigIntegerField("bytes of the sample as uploaded", default=0)
    sample = models.FileField("its sheet", storage=originals, upload_to=sample_name, max_length=200)
    sample_state = models.CharField(max_length=10, choices=Sample.choices, default=Sample.NONE)
    reason = models.CharField("why the sample could not be read", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    # The type checker's plugin may have defined it already, since Meta names it.
    everything: ClassVar[models.Manager[Layout]] = models.Manager()  # type: ignore[no-redef, unused-ignore]
    objects: ClassVar[Living] = Living()

    class Meta:
        base_manager_name = "everything"
        default_manager_name = "everything"
        ordering = ("title", "created_at")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def begin(cls, branch_id: int, made_by: Any, title: str, draft: dict[str, Any] | None = None) -> Layout:
        """Create a layout for this branch, either empty or from a draft."""
        return cls.everything.create(
            branch_id=branch_id,
            made_by=made_by,
            name=_new_name(title),
            title=title[:TITLE_LENGTH],
            draft=draft or {"fields": []},
        )

    @property
    def newest(self) -> LayoutVersion | None:
        """The version that reads documents; None while none is saved."""
        return self.versions.first()

    @property
    def removed_at(self) -> datetime | None:
        """The time until which a removed layout can be brought back; None while it is not removed."""
        return self.deleted_at + timedelta(days=UNDO_DAYS) if self.deleted_at else None

    def taught(self, number: int = 1) -> Taught:
        """The draft as a layout that can read documents.

        Raises:
            BadLayout: It is not finished; the sentence says what is missing.
        """
        return layout_from_json({**self.draft, "name": self.name, "title": self.title, "version": number})

    @property
    def problem(self) -> str:
        """Why the draft cannot read documents; empty where it can."""
        try:
            self.taught()
        except BadLayout as error:
            return str(error)
        return ""

    def keep_draft(self, base: int, title: str, fields: list[Any]) -> None:
        """Save the draft's fields and title, finished or not.

        Raises:
            Outdated: The draft is no longer at the revision `base`.
        """
        draft = {**self.draft, "fields": fields}
        won = Layout.objects.filter(pk=self.pk, revision=base).update(
            draft=draft, title=title, revision=base + 1, changed_at=timezone.now()
        )
        if not won:
            raise Outdated(CHANGED_ELSEWHERE)
        self.refresh_from_db()

    def take_sample(self, name: str, data: bytes) -> None:
        """Save a new sample as it was uploaded. A worker then finds the sheet on it."""
        with transaction.atomic():
            row = Layout.everything.select_for_update().get(pk=self.pk)
            former = [row.original.name, row.sample.name]
            row.original.save(name, ContentFile(data), save=False)
            row.sample, row.sample_bytes = "", len(data)
            row.sample_state, row.reason, row.read_revision = Layout.Sample.WAITING, "", 0
            row.asked_at = row.changed_at = Now()
            row.save(update_fields=_OF_A_SAMPLE)  # without the draft, because the editor may change it meanwhile
            _remove_files(former)
        self.refresh_from_db()

    def keep_sheet(self, jpeg: bytes) -> None:
        """Save the sheet that was found on the sample, unless a newer sample has replaced it."""
        with transaction.atomic():
            row = Layout.objects.select_for_update().filter(pk=self.pk, original=self.original.name).first()
            if row is None or row.sample_state != Layout.Sample.WAITING:
                return
            row.sample.save("sheet.jpg", ContentFile(jpeg), save=False)
            row.sample_state = Layout.Sample.READY
            row.save(update_fields=["sample", "sample_state"])
        self.refresh_from_db()

    def fail_sample(self, reason: str) -> None:
        """Note why the sample could not be read."""
        waiting = Layout.objects.filter(pk=self.pk, original=self.original.name, sample_state=Layout.Sample.WAITING)
        waiting.update(sample_state=Layout.Sample.FAILED, reason=reason[:300])

    def reject_sample(self, reason: str) -> None:
        """Remove the sample that waits, because it must not be kept, and note why."""
        with transaction.atomic():
            row = Layout.everything.select_for_update().filter(pk=self.pk, original=self.original.name).first()
            if row is None or row.sample_state != Layout.Sample.WAITING:
                return
            former = [row.original.name]
            row.original, row.sample_bytes = "", 0
            row.sample_state, row.reason = Layout.Sample.FAILED, reason[:300]
            row.save(update_fields=["original", "sample_bytes", "sample_state", "reason"])
            _remove_files(former)
        self.refresh_from_db()

    def record(self, revision: int, readings: list[dict[str, Any]]) -> None:
        """Save how a revision of the draft reads the sample. An older revision changes nothing."""
        row = Layout.objects.filter(pk=self.pk, read_revision__lt=revision, sample=self.sample.name)
        row.update(readings=readings, read_revision=revision)

    def should_ask_again(self) -> bool:
        """Whether to send the sample again, because its message may be lost. If so, notes that it is sent now."""
        limit = Now() - timedelta(seconds=ASK_AGAIN_SECONDS)
        return bool(Layout.objects.filter(pk=self.pk, asked_at__lt=limit).update(asked_at=Now()))

    def pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The sample's sheet: uint8, height × width × 3, RGB."""
        with self.sample.open("rb") as file, Image.open(io.BytesIO(file.read())) as picture:
            return np.asarray(picture.convert("RGB"), np.uint8).copy()

    def save_version(self) -> LayoutVersion:
        """Save the draft as a version, which reads documents from now on.

        The print on the sample, where nobody writes, becomes the landmarks by which the form is known again.

        Raises:
            BadLayout: It is not finished; the sentence says what is missing.
        """
        with transaction.atomic():
            row = Layout.objects.select_for_update().get(pk=self.pk)
            number = row.versions.count() + 1
            taught = row.taught(number)
            if not taught.fields:
                raise BadLayout(NO_FIELD)
            definition = {**row.draft, "name": row.name, "title": row.title, "version": number}
            if row.sample_state == Layout.Sample.READY:
                written = [field.place for field in taught.fields if not field.printed]
                found = Landmarks.of(row.pixels(), written)
                definition["landmarks"] = found.as_json if found else None
            version = LayoutVersion.objects.create(
                layout=row, number=number, definition=definition, revision=row.revision
            )
            digest = hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
            record(Action.LAYOUT_SAVED, row, branch=row.branch_id, version=number, sha256=digest)
            return version

    def go_back_to(self, version: LayoutVersion) -> None:
        """Make a version's definition the draft again. The editor's history keeps the former draft."""
        kept = {key: value for key, value in version.definition.items() if key not in ("name", "title", "version")}
        Layout.objects.filter(pk=self.pk).update(
            draft=kept, revision=models.F("revision") + 1, changed_at=timezone.now()
        )
        self.refresh_from_db()

    def hide(self) -> None:
        """Hide the layout; `restore` brings it back. Documents that it read keep their readings."""
        with transaction.atomic():
            if Layout.objects.filter(pk=self.pk).update(deleted_at=timezone.now()):
                record(Action.LAYOUT_REMOVED, self, branch=self.branch_id)

    def restore(self) -> None:
        """Bring a removed layout back."""
        with transaction.atomic():
            if Layout.everything.filter(pk=self.pk, deleted_at__isnull=False).update(deleted_at=None):
                record(Action.LAYOUT_RESTORED, self, branch=self.branch_id)

    def offer(self, *, to_all: bool) -> None:
        """Offer the layout to everybody, or to its branch alone again."""
        with transaction.atomic():
            if Layout.objects.filter(pk=self.pk).exclude(offered=to_all).update(offered=to_all):
                record(Action.LAYOUT_OFFERED, self, branch=self.branch_id, after="everybody" if to_all else "branch")

    def remove(self) -> None:
        """Delete it for good, with its files."""
        files, about = [self.original.name, self.sample.name], name_of(self)
        with transaction.atomic():
            self.delete()
            _remove_files(files)
            record(Action.LAYOUT_GONE, about, branch=self.branch_id)


class LayoutVersion(models.Model):
    """A saved layout, which never changes. A page keeps the number of the version that read it."""

    layout = models.ForeignKey(Layout, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField("a layout's JSON, as ml.reading.forms.layouts takes it")
    revision = models.PositiveIntegerField("of the draft from which it was made")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["layout", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.layout.title}, version {self.number}"

    @property
    def taught(self) -> Taught:
        """The layout that reads documents."""
        return layout_from_json(self.definition)


def _new_name(title: str) -> str:
    """A name made from the title, with a random ending.

    Nobody else's layout has it, nor had it while documents bear it. A number in its place would tell a person how many
    layouts of that title others have.
    """
    stem = re.sub(r"^[^a-z]+|[^a-z0-9]+$", "", slugify(title)[:_STEM_LENGTH].replace("_", "-")) or "form"
    return f"{re.sub('-+', '-', stem)}-{get_random_string(_ENDING_LENGTH, _ENDING_MARKS)}"


def _remove_files(names: list[str | None]) -> None:
    for name in filter(None, names):
        originals().delete(name)
