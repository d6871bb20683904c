"""A document: the file that a person uploaded, and how far its reading is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone

from accounts.clock import Now
from accounts.models import Action
from accounts.models.audit import name_of, record
from ml.reading.elements import PageReading
from recognition.layouts import AUTO, title_of
from recognition.models.decision import Decision
from recognition.models.page import Page
from recognition.storage import originals

UNDO_DAYS = 7
"""Days during which a deleted document can be brought back."""

GIVEN_UP = "Reading this was begun several times and never came to an end. You can try again."


INFECTED = (
    "Malware was found in this file: {}. It was not read, and nobody can open it here. Delete it, and have the machine "
    "that it came from looked at. If you think that it is clean, tell whoever runs this site."
)
NOT_LOOKED_AT = "This file has not been looked at for malware yet. It can be downloaded when that is done."


class InvalidState(Exception):
    """The document is no longer in the state that the step needs, because another process or person was first."""


def original_name(document: Document, _filename: str) -> str:
    """A storage name that reveals nothing of the file's name."""
    return f"originals/{document.pk}"


class Living(models.Manager["Document"]):
    """Documents that nobody has deleted."""

    def get_queryset(self) -> models.QuerySet[Document]:
        """Leave the deleted documents out."""
        return super().get_queryset().filter(deleted_at=None)


class Document(models.Model):
    """One uploaded file. The row holds the true state of its job; a message to a worker is only a hint.

    `claim`, `renew`, `record` and `fail` are filtered updates that must change one row. If two workers have the same
    document, one of them wins and the other notices that it lost.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        READING = "reading", "Being read"
        READ = "read", "Read"
        FAILED = "failed", "Could not be read"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey("accounts.Branch", on_delete=models.PROTECT, related_name="documents")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField("file name", max_length=255)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField("bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    original = models.FileField(storage=originals, upload_to=original_name, max_length=200)
    upload_key = models.CharField("of its upload, by which a second one is known", max_length=120, blank=True)
    layout = models.CharField("what its pages are, by the layout's name", max_length=60, default=AUTO)
    page_count = models.PositiveIntegerField()
    pages_done = models.PositiveIntegerField(default=0)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField("why it could not be read", max_length=300, blank=True)
    can_try_again = models.BooleanField("whether reading it again may end otherwise", default=True)
    looked_at = models.DateTimeField("when clamd last found no malware in the original", null=True)
    infected_with = models.CharField("what clamd found in the original", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField("began to wait, at first or when tried again", db_default=Now())
    sent_at = models.DateTimeField("last sent to a worker", null=True)
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    # The type checker's plugin may have defined it already, since Meta names it.
    everything: ClassVar[models.Manager[Document]] = models.Manager()  # type: ignore[no-redef, unused-ignore]
    objects: ClassVar[Living] = Living()

    class Meta:
        base_manager_name = "everything"
        default_manager_name = "everything"
        ordering = ("-created_at",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "-created_at"], name="document_history"),
            # Whose turn it is (recognition/turns.py): who waits, and who was served when.
            models.Index(fields=["state", "uploaded_by", "queued_at", "deleted_at"], name="document_turn"),
            models.Index(fields=["uploaded_by", "claimed_at"], name="document_served"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["uploaded_by", "upload_key", "sha256"],
                condition=~models.Q(upload_key=""),
                name="one_document_an_upload",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def layout_title(self) -> str:
        """The title of the layout that was chosen for it."""
        return title_of(self.layout)

    @property
    def is_finished(self) -> bool:
        """Whether the reading has ended, so that the page can stop asking."""
        return self.state in (self.State.READ, self.State.FAILED)

    @property
    def is_read(self) -> bool:
        """Whether people may decide on its readings: after a reading that failed, old ones stand until the next."""
        return self.state == self.State.READ

    @property
    def withheld(self) -> str:
        """Why its original is not sent to anybody; empty where it is."""
        if self.infected_with:
            return INFECTED.format(self.infected_with)
        # What was read before there was a scanner is sent. What failed may never have been looked at.
        return NOT_LOOKED_AT if settings.CLAMD and self.looked_at is None and not self.is_read else ""

    @property
    def removed_at(self) -> datetime | None:
        """The time until which a deleted document can be brought back; None while it is not deleted."""
        return self.deleted_at + timedelta(days=UNDO_DAYS) if self.deleted_at else None

    def _mine(self) -> models.QuerySet[Document]:
        return Document.everything.filter(pk=self.pk, claim_token=self.claim_token, state=self.State.READING)

    @classmethod
    def claim(cls, document_id: uuid.UUID | str) -> Document | None:
        """Claim the document for reading; None where another worker has it, or where it is finished or gone."""
        won = cls.objects.filter(pk=document_id, state=cls.State.QUEUED).update(
            state=cls.State.READING,
            claim_token=uuid.uuid4(),
            claimed_at=Now(),
            lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS),
            attempts=models.F("attempts") + 1,
            pages_done=0,
            reason="",
        )
        return cls.everything.get(pk=document_id) if won else None

    def renew(self, pages_done: int | None = None) -> None:
        """Note that the reader is alive, and how many pages it has done.

        Raises:
            InvalidState: The claim was lost.
        """
        values: dict[str, Any] = {"lease_until": Now() + timedelta(seconds=settings.LEASE_SECONDS)}
        if pages_done is not None:
            values["pages_done"] = pages_done
        if not self._mine().update(**values):
            raise InvalidState(str(self.pk))

    def note_clean(self) -> None:
        """Note that clamd found no malware in the original.

        Raises:
            InvalidState: The claim was lost.
        """
        if not self._mine().update(looked_at=Now()):
            raise InvalidState(str(self.pk))

    def record(self, pages: Iterable[tuple[PageReading, bytes]]) -> None:
        """Save the reading of each page with its preview (JPEG), once.

        Raises:
            InvalidState: The claim was lost; nothing is saved.
        """
        with transaction.atomic():
            won = self._mine().update(state=self.State.READ, finished_at=Now(), lease_until=None, claim_token=None)
            if not won:
                raise InvalidState(str(self.pk))
            for old in self.pages.all():
                old.make_way()
            done = [Page.record(self.pk, reading, preview) for reading, preview in pages]
            Document.everything.filter(pk=self.pk).update(page_count=len(done), pages_done=len(done))
        self.refresh_from_db()

    def quarantine(self, malware: str) -> None:
        """End the reading for good: malware was found. The original is kept, and never sent or read again.

        Raises:
            InvalidState: The claim was lost.
        """
        with transaction.atomic():
            self.fail(INFECTED.format(malware[:100]), can_try_again=False, infected_with=malware[:200])
            record(Action.QUARANTINED, self, branch=self.branch_id, malware=malware[:200])

    def fail(self, reason: str, *, can_try_again: bool = True, infected_with: str = "") -> None:
        """End the reading with a sentence that a person understands.

        Args:
            reason: The sentence.
            can_try_again: False where the file itself is the cause, so that reading it again would end in the same way.
            infected_with: The malware that was found in it.

        Raises:
            InvalidState: The claim was lost.
        """
        if not self._mine().update(
            state=self.State.FAILED,
            reason=reason[:300],
            can_try_again=can_try_again,
            infected_with=infected_with,
            finished_at=Now(),
            lease_until=None,
            claim_token=None,
        ):
            raise InvalidState(str(self.pk))
        self.refresh_from_db()

    def put_back(self) -> None:
        """Queue it again as if its reading had not begun, because what went wrong has nothing to do with it.

        It counts as just sent. So it is sent again after `RESEND_SECONDS`, and not at once.

        Raises:
            InvalidState: The claim was lost.
        """
        if not self._mine().update(
            state=self.State.QUEUED,
            attempts=models.F("attempts") - 1,
            sent_at=Now(),
            pages_done=0,
            lease_until=None,
            claim_token=None,
        ):
            raise InvalidState(str(self.pk))
        self.refresh_from_db()

    @classmethod
    def abandoned(cls) -> models.QuerySet[Document]:
        """Documents whose reader is gone: they are claimed, but the lease has run out."""
        return cls.everything.filter(state=cls.State.READING, lease_until__lt=Now())

    def give_back(self) -> bool:
        """Queue an abandoned document again, or fail it after too many attempts.

        Returns:
            False where its reader came back, or another process was first.
        """
        again = self.attempts < settings.MAX_ATTEMPTS
        values: dict[str, Any] = (
            {"state": self.State.QUEUED, "sent_at": None, "pages_done": 0}
            if again
            else {"state": self.State.FAILED, "reason": GIVEN_UP, "finished_at": Now()}
        )
        mine = Document.abandoned().filter(pk=self.pk, claim_token=self.claim_token)
        changed = mine.update(lease_until=None, claim_token=None, **values)
        if changed:
            self.refresh_from_db()
        return bool(changed)

    @classmethod
    def unheard_of(cls) -> models.QuerySet[Document]:
        """Waiting documents for which no message was sent lately; those for which none was ever sent come first."""
        old = Now() - timedelta(seconds=settings.RESEND_SECONDS)
        never_or_long_ago = models.Q(sent_at=None) | models.Q(sent_at__lt=old)
        return cls.objects.filter(never_or_long_ago, state=cls.State.QUEUED).order_by(
            models.F("sent_at").asc(nulls_first=True), "created_at"
        )

    def mark_sent(self) -> bool:
        """Note that a message was sent; False where another process noted one since this row was fetched."""
        changed = Document.everything.filter(pk=self.pk, sent_at=self.sent_at).update(sent_at=Now())
        self.refresh_from_db(fields=["sent_at"])
        return bool(changed)

    def try_again(self) -> None:
        """Queue a failed document again.

        Raises:
            InvalidState: It has not failed, or would fail again.
        """
        with transaction.atomic():
            self._queue_anew(Document.objects.filter(state=self.State.FAILED, can_try_again=True))

    def read_as(self, layout: str) -> None:
        """Queue a finished document again, to be read with another layout.

        Raises:
            InvalidState: It is not finished, its file cannot be read, or a person has decided on a reading, which would
                be lost.
        """
        finished = Document.objects.filter(state__in=[self.State.READ, self.State.FAILED], can_try_again=True)
        decided = models.Exists(Decision.objects.standing().filter(reading__page__document=models.OuterRef("pk")))
        with transaction.atomic():
            Document.everything.select_for_update().filter(pk=self.pk).first()  # whoever decides has the same lock
            self._queue_anew(finished.exclude(decided), layout=layout)

    def _queue_anew(self, ready: models.QuerySet[Document], **values: Any) -> None:
        changed = ready.filter(pk=self.pk).update(
            state=self.State.QUEUED,
            attempts=0,
            reason="",
            can_try_again=True,
            queued_at=Now(),
            finished_at=None,
            sent_at=None,
            pages_done=0,
            **values,
        )
        if not changed:
            raise InvalidState(str(self.pk))
        self.refresh_from_db()
        record(Action.READ_AGAIN, self, branch=self.branch_id, layout=self.layout)

    @property
    def is_decided_on(self) -> bool:
        """Whether a decision of a person stands on any of its readings."""
        return Decision.objects.standing().filter(reading__page__document=self).exists()

    def hide(self) -> None:
        """Hide it everywhere. For `UNDO_DAYS` days `restore` brings it back; then the sweep removes it."""
        with transaction.atomic():
            if Document.objects.filter(pk=self.pk).update(deleted_at=timezone.now()):
                record(Action.DELETED, self, branch=self.branch_id)

    def restore(self) -> None:
        """Bring a deleted document back."""
        with transaction.atomic():
            if Document.everything.filter(pk=self.pk, deleted_at__isnull=False).update(deleted_at=None):
                record(Action.RESTORED, self, branch=self.branch_id)

    def remove(self) -> None:
        """Delete it for good, with its original, its previews and all decisions on it."""
        about = name_of(self)
        with transaction.atomic():
            pages = Page.objects.filter(models.Q(document=self) | models.Q(former_of=self))
            decisions, _ = Decision.objects.filter(reading__page__in=pages).delete()
            for page in pages:
                page.delete()
            self.original.delete(save=False)
            self.delete()
            record(Action.REMOVED, about, branch=self.branch_id, sha256=self.sha256, decisions=decisions)

    @classmethod
    def upload(
        cls,
        *,
        branch_id: int,
        uploaded_by: Any,
        name: str,
        data: bytes,
        media_type: str,
        page_count: int,
        sha256: str,
        layout: str = AUTO,
        upload_key: str = "",
    ) -> Document:
        """Save a queued document and its original in one transaction."""
        with transaction.atomic():
            document = cls(
                branch_id=branch_id,
                uploaded_by=uploaded_by,
                name=name[-255:],
                media_type=media_type,
                size=len(data),
                sha256=sha256,
                page_count=page_count,
                layout=layout,
                upload_key=upload_key,
            )
            document.original.save(name, ContentFile(data), save=False)
            document.save(force_insert=True)
            record(Action.UPLOADED, document, by=uploaded_by, branch=branch_id, sha256=sha256, bytes=len(data))
        return document
