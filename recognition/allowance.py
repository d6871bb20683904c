"""How much a person may upload, and how much of that is used: documents that wait, uploads an hour, and bytes kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Aggregate, Count, Min, QuerySet, Sum
from django.template.defaultfilters import date, filesizeformat
from django.utils import timezone

from accounts.clock import Now
from accounts.models import User
from recognition.models import Document, Layout
from recognition.models.document import UNDO_DAYS

HOUR = timedelta(hours=1)

SAMPLE_WAITS = timedelta(minutes=3)
"""How long a sample that was sent to be prepared holds up the person's next one. Then its message may be lost."""

TOLD_FROM = 0.8
"""The share of a limit from which on a person is told what is left of it."""


class NoRoom(Exception):
    """A file for which a person has no room. Its text is a sentence: which limit, and when there is room again."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of each limit a person has used. A limit of 0 in the settings is none.

    Attributes:
        person: The person.
        waiting: Their documents that wait to be read. Deleted ones count, because they can be brought back.
        uploads: What they uploaded in the last hour.
        kept_bytes: The bytes of what they sent: originals, and samples of layouts. Deleted ones count until they are
            removed for good, because they can be brought back. What the portal makes of them does not count: previews
            of pages, and samples' sheets. To add up previews takes 7 ms a thousand pages, too long for each upload.
    """

    person: User
    waiting: int
    uploads: int
    kept_bytes: int

    @classmethod
    def of(cls, person: User) -> Allowance:
        """The person's allowance as it is now."""
        return cls(
            person,
            waiting=_waiting().filter(uploaded_by=person).count(),
            uploads=_of_this_hour().filter(uploaded_by=person).count(),
            kept_bytes=sum(
                rows.filter(**{by: person}).aggregate(total=Sum(size))["total"] or 0 for rows, size, by in _kept_files()
            ),
        )

    def check(self, size: int) -> None:
        """Check whether there is room for one more document of `size` bytes.

        Raises:
            NoRoom: There is none.
        """
        self.check_waiting()
        if _is_over(self.uploads + 1, settings.MAX_UPLOADS_AN_HOUR):
            raise NoRoom(
                f"You have sent {self.uploads:,} files in the last hour, which is the most. "
                f"Send this one again from {self._next_upload()} on."
            )
        self.check_kept(size)

    def check_waiting(self) -> None:
        """Check whether one more document may wait to be read.

        Raises:
            NoRoom: It may not.
        """
        if _is_over(self.waiting + 1, settings.MAX_WAITING_DOCUMENTS):
            raise NoRoom(
                f"{self.waiting:,} of your files wait to be read, which is the most{self._deleted_waiting()}. "
                "Try this one again when some of them have been read."
            )

    def check_kept(self, size: int) -> None:
        """Check whether `size` more bytes may be kept.

        Raises:
            NoRoom: They may not.
        """
        if _is_over(self.kept_bytes + size, settings.MAX_KEPT_BYTES):
            raise NoRoom(
                f"With this file you would have {_words(self.kept_bytes + size)} here; "
                f"at most {_words(settings.MAX_KEPT_BYTES)} are kept for one person. {self._next_removal()}"
            )

    def check_sample(self, size: int) -> None:
        """Check whether a sample of `size` bytes may be sent. A person's samples are prepared one after the other.

        They are prepared where drawings are read, and whoever writes on the pad waits for them.

        Raises:
            NoRoom: It may not.
        """
        lately = Now() - SAMPLE_WAITS
        waiting = Layout.everything.filter(made_by=self.person, sample_state=Layout.Sample.WAITING, asked_at__gt=lately)
        if waiting.exists():
            raise NoRoom("Your other sample is still being read. Send this one when it is done.")
        self.check_kept(size)

    @property
    def notes(self) -> list[str]:
        """A sentence for each limit of which most is used: how much of it is left."""
        sentences = []
        if _is_near(self.waiting, settings.MAX_WAITING_DOCUMENTS):
            left = _count(settings.MAX_WAITING_DOCUMENTS - self.waiting)
            sentences.append(
                f"{self.waiting:,} of your files wait to be read. You can send {left} more before some are read."
            )
        if _is_near(self.uploads, settings.MAX_UPLOADS_AN_HOUR):
            left = _count(settings.MAX_UPLOADS_AN_HOUR - self.uploads)
            sentences.append(f"You have sent {self.uploads:,} files in the last hour. You can send {left} more.")
        if _is_near(self.kept_bytes, settings.MAX_KEPT_BYTES):
            room = max(0, settings.MAX_KEPT_BYTES - self.kept_bytes)
            sentences.append(
                f"Your files have {_words(self.kept_bytes)}. There is room for {_words(room)} more. "
                f"What you delete makes room after {UNDO_DAYS} days."
            )
        return sentences

    def _deleted_waiting(self) -> str:
        deleted = _waiting().filter(uploaded_by=self.person, deleted_at__isnull=False).count()
        return f" ({deleted:,} of them deleted: what can be brought back counts)" if deleted else ""

    def _next_upload(self) -> str:
        """The time of day at which one more file is taken, after the last hour's were too many."""
        newest = Document.everything.filter(uploaded_by=self.person).order_by("-created_at")
        taken = newest.values_list("created_at", flat=True)[settings.MAX_UPLOADS_AN_HOUR - 1]
        return date(timezone.localtime(taken + HOUR + timedelta(minutes=1)), "H:i")

    def _next_removal(self) -> str:
        firsts = (
            rows.filter(**{by: self.person}).aggregate(first=Min("deleted_at"))["first"]
            for rows, _, by in _kept_files()
        )
        deleted = min(filter(None, firsts), default=None)
        if deleted is None:
            return f"Delete what you no longer need: it makes room after {UNDO_DAYS} days, when it is removed for good."
        day = date(timezone.localtime(deleted + timedelta(days=UNDO_DAYS)), "j F")
        return f"What you deleted makes room when it is removed for good, first on {day}."


def near_a_limit(most: int) -> list[Allowance]:
    """The allowances of people who have used most of a limit, of at most `most` people."""
    waiting, uploads = _by_person(_waiting(), Count("pk")), _by_person(_of_this_hour(), Count("pk"))
    kept: Counter[int] = Counter()
    for rows, size, by in _kept_files():
        kept.update(_by_person(rows, Sum(size), by))
    near = {
        *(pk for pk, used in waiting.items() if _is_near(used, settings.MAX_WAITING_DOCUMENTS)),
        *(pk for pk, used in uploads.items() if _is_near(used, settings.MAX_UPLOADS_AN_HOUR)),
        *(pk for pk, used in kept.items() if _is_near(used, settings.MAX_KEPT_BYTES)),
    }
    people = User.objects.filter(pk__in=near).order_by("email")[:most]
    return [Allowance(one, waiting.get(one.pk, 0), uploads.get(one.pk, 0), kept.get(one.pk, 0)) for one in people]


def _by_person(rows: QuerySet[Any], used: Aggregate, by: str = "uploaded_by") -> dict[int, int]:
    return dict(rows.values(by).annotate(used=used).values_list(by, "used"))


def _kept_files() -> tuple[tuple[QuerySet[Any], str, str], ...]:
    """The rows that have files, and which of their columns have the bytes and the person who sent them."""
    return (
        (Document.everything.order_by(), "size", "uploaded_by"),
        (Layout.everything.order_by(), "sample_bytes", "made_by"),
    )


def _waiting() -> QuerySet[Document]:
    return Document.everything.filter(state=Document.State.QUEUED).order_by()


def _of_this_hour() -> QuerySet[Document]:
    return Document.everything.filter(created_at__gt=timezone.now() - HOUR).order_by()


def _is_over(used: int, limit: int) -> bool:
    return bool(limit) and used > limit


def _is_near(used: int, limit: int) -> bool:
    return bool(limit) and used >= TOLD_FROM * limit


def _count(left: int) -> str:
    return f"{left:,}" if left > 0 else "no"


def _words(count: int) -> str:
    """A number of bytes as people read it."""
    return filesizeformat(count).replace("\xa0", " ")
