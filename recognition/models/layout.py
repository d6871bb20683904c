"""A layout that somebody teaches the portal: a sample of the form, a draft that they work on, versions that read."""

from __future__ import annotations

import io
import re
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image

from ml.reading.errors import BadLayout
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.layout_json import layout_from_json, shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_DIGIT, ONE_NUMBER
from ml.reading.forms.layouts import Layout as Taught
from recognition.models.document import UNDO_DAYS, Document
from recognition.models.page import Page
from recognition.storage import originals

NO_FIELD = "Draw at least one field on the sample first."
CHANGED_ELSEWHERE = "This layout was changed in another window. Load the page again to go on from there."

ASK_AGAIN_SECONDS = 6
"""A sample that was not read by then is asked for once more: its message may be lost."""

_TAKEN = {"auto", ANY_NUMBER.name, ONE_NUMBER.name, ONE_DIGIT.name}
_NAME_LENGTH = 50

TITLE_LENGTH = 80


_OF_A_SAMPLE = ("original", "sample", "sample_state", "reason", "read_revision", "asked_at", "changed_at")


class Outdated(Exception):
    """Somebody changed the layout in between; the sentence says so."""


def sample_name(layout: Layout, _filename: str) -> str:
    """A storage name of its own for each file: what is stored is never written over."""
    return f"layouts/{layout.pk}/{uuid.uuid4()}"


class Living(models.Manager["Layout"]):
    """Layouts that their owner has not removed."""

    def get_queryset(self) -> models.QuerySet[Layout]:
        """Without the removed."""
        return super().get_queryset().filter(deleted_at=None)


class Layout(models.Model):
    """A person's own layout. Only they see it and its sample; offered to everybody, others may read with it."""

    class Sample(models.TextChoices):
        NONE = "none", "No sample yet"
        WAITING = "waiting", "Being prepared"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be read"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="layouts")
    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=TITLE_LENGTH)
    offered = models.BooleanField("offered to everybody", default=False)
    draft = models.JSONField("as it stands: a layout's JSON without name, title and version", default=dict)
    revision = models.PositiveIntegerField("counts the draft's changes", default=1)
    readings = models.JSONField("how the sample reads, field by field", default=list)
    read_revision = models.PositiveIntegerField("of the draft with which the sample was read", default=0)
    asked_at = models.DateTimeField("when the sample was last sent to be read", null=True)
    original = models.FileField("sample as uploaded", storage=originals, upload_to=sample_name, max_length=200)
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
    def begin(cls, owner: Any, title: str, draft: dict[str, Any] | None = None) -> Layout:
        """Save a layout of somebody's, with nothing on it or with a draft to begin from."""
        return cls.everything.create(
            owner=owner, name=cls._free_name(title), title=title[:TITLE_LENGTH], draft=draft or {"fields": []}
        )

    @classmethod
    def _free_name(cls, title: str) -> str:
        """From the title, with a number behind where another layout has it."""
        stem = re.sub(r"^[^a-z]+|[^a-z0-9]+$", "", slugify(title)[:_NAME_LENGTH].replace("_", "-")) or "form"
        stem = re.sub("-+", "-", stem)
        taken = _TAKEN | {layout.name for layout in shipped_layouts()}
        taken |= set(cls.everything.filter(name__startswith=stem).values_list("name", flat=True))
        # Nor one by which somebody's documents know a layout that is removed: they would show this one's title.
        for rows in (Document.everything, Page.objects):
            borne = rows.filter(layout__startswith=stem).order_by()
            taken |= set(borne.values_list("layout", flat=True).distinct())
        names = (stem if count == 1 else f"{stem}-{count}" for count in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    @property
    def newest(self) -> LayoutVersion | None:
        """The version that reads; None while none was saved."""
        return self.versions.first()

    @property
    def removed_at(self) -> datetime | None:
        """Until when a removed layout can be brought back; None while it is not removed."""
        return self.deleted_at + timedelta(days=UNDO_DAYS) if self.deleted_at else None

    def taught(self, number: int = 1) -> Taught:
        """The draft as a layout that reads.

        Raises:
            BadLayout: It is not finished; the sentence says what is missing.
        """
        return layout_from_json({**self.draft, "name": self.name, "title": self.title, "version": number})

    @property
    def problem(self) -> str:
        """What keeps the draft from reading; empty where nothing does."""
        try:
            self.taught()
        except BadLayout as error:
            return str(error)
        return ""

    def keep_draft(self, base: int, title: str, fields: list[Any]) -> None:
        """Keep the draft's fields and title, whatever state they are in.

        Raises:
            Outdated: The draft is no longer the one that was changed.
        """
        draft = {**self.draft, "fields": fields}
        won = Layout.objects.filter(pk=self.pk, revision=base).update(
            draft=draft, title=title, revision=base + 1, changed_at=timezone.now()
        )
        if not won:
            raise Outdated(CHANGED_ELSEWHERE)
        self.refresh_from_db()

    def take_sample(self, name: str, data: bytes) -> None:
        """Keep a new sample as it was uploaded; a worker then makes a sheet of it."""
        with transaction.atomic():
            row = Layout.everything.select_for_update().get(pk=self.pk)
            former = [row.original.name, row.sample.name]
            row.original.save(name, ContentFile(data), save=False)
            row.sample = ""
            row.sample_state, row.reason, row.read_revision = Layout.Sample.WAITING, "", 0
            row.asked_at = row.changed_at = timezone.now()
            row.save(update_fields=_OF_A_SAMPLE)  # the draft may be changed meanwhile
            _remove_files(former)
        self.refresh_from_db()

    def keep_sheet(self, jpeg: bytes) -> None:
        """Keep the sheet that was found on the sample, unless another sample came in between."""
        with transaction.atomic():
            row = Layout.objects.select_for_update().filter(pk=self.pk, original=self.original.name).first()
            if row is None or row.sample_state != Layout.Sample.WAITING:
                return
            row.sample.save("sheet.jpg", ContentFile(jpeg), save=False)
            row.sample_state = Layout.Sample.READY
            row.save(update_fields=["sample", "sample_state"])
        self.refresh_from_db()

    def fail_sample(self, reason: str) -> None:
        """Say why nothing could be made of the sample."""
        waiting = Layout.objects.filter(pk=self.pk, original=self.original.name, sample_state=Layout.Sample.WAITING)
        waiting.update(sample_state=Layout.Sample.FAILED, reason=reason[:300])

    def record(self, revision: int, readings: list[dict[str, Any]]) -> None:
        """Keep how the sample reads with a revision of the draft; an older one changes nothing."""
        own = Layout.objects.filter(pk=self.pk, read_revision__lt=revision, sample=self.sample.name)
        own.update(readings=readings, read_revision=revision)

    def should_ask_again(self) -> bool:
        """Whether the message to the worker may be lost."""
        limit = timezone.now() - timedelta(seconds=ASK_AGAIN_SECONDS)
        return bool(Layout.objects.filter(pk=self.pk, asked_at__lt=limit).update(asked_at=timezone.now()))

    def pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The sample's sheet: uint8, height × width × 3, RGB."""
        with self.sample.open("rb") as file, Image.open(io.BytesIO(file.read())) as picture:
            return np.asarray(picture.convert("RGB"), np.uint8).copy()

    def save_version(self) -> LayoutVersion:
        """Make the draft a version that reads documents from now on.

        What the sample prints, where nobody writes, becomes the landmarks by which the form is known.

        Raises:
            BadLayout: It is not finished; the sentence says what is missing.
        """
        with transaction.atomic():
            row = Layout.objects.select_for_update().get(pk=self.pk)
            number = row.versions.count() + 1
            taught = row.taught(number)
            if not taught.fields:
                raise BadLayout(NO_FIELD)
            told = {**row.draft, "name": row.name, "title": row.title, "version": number}
            if row.sample_state == Layout.Sample.READY:
                written = [field.place for field in taught.fields if not field.printed]
                found = Landmarks.of(row.pixels(), written)
                told["landmarks"] = found.as_json if found else None
            return LayoutVersion.objects.create(layout=row, number=number, definition=told, revision=row.revision)

    def go_back_to(self, version: LayoutVersion) -> None:
        """Make a version's definition the draft again; what the draft was is in the editor's history."""
        kept = {key: value for key, value in version.definition.items() if key not in ("name", "title", "version")}
        Layout.objects.filter(pk=self.pk).update(
            draft=kept, revision=models.F("revision") + 1, changed_at=timezone.now()
        )
        self.refresh_from_db()

    def delete_for_owner(self) -> None:
        """Hide it; `restore` brings it back. Documents that it read keep what was read."""
        Layout.objects.filter(pk=self.pk).update(deleted_at=timezone.now())

    def restore(self) -> None:
        """Bring it back."""
        Layout.everything.filter(pk=self.pk).update(deleted_at=None)

    def remove(self) -> None:
        """Remove it for good, with its files."""
        files = [self.original.name, self.sample.name]
        with transaction.atomic():
            self.delete()
            _remove_files(files)


class LayoutVersion(models.Model):
    """A layout as it was saved; it never changes, and a page keeps the number of the one that read it."""

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
        """What reads."""
        return layout_from_json(self.definition)


def _remove_files(names: list[str | None]) -> None:
    for name in filter(None, names):
        originals().delete(name)
