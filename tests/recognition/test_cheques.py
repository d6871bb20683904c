"""Stale and post-dated cheques are told by the bank's rule, by the day of their upload and the date that holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from ml.reading.elements import PageReading
from recognition.cheques import NOT_SURE, Objection, judged, objection_to, presentment
from recognition.models import Decision, Document, FieldReading
from recognition.presented import flags_of
from tests.fixtures_fields import CHEQUE, LINE, field_of

Cheque = Callable[..., dict[str, FieldReading]]
STALE = "Stale: dated 398 days before it was presented, and 180 are allowed."
POST_DATED = "Post-dated: dated 1 day after it was presented."


def dated(day: str) -> tuple[Any, ...]:
    return (field_of("date", "date", day, sure=True), field_of("micr_line", "micr", LINE, sure=True, row=1))


def told(user: User, fields: dict[str, FieldReading]) -> list[str]:
    """What the date's field says, which is what the document says."""
    field = FieldReading.objects.get(pk=fields["date"].pk)
    objection = objection_to(field)
    document = field.page.document
    assert flags_of(user, [document])[document.pk].objections == ((objection,) if objection else ())
    return [objection.sentence] if objection else []


def test_a_cheque_is_judged_on_the_day_of_its_upload(alice: User, read_cheque: Cheque) -> None:
    assert told(alice, read_cheque(*dated("2026-02-02"))) == []
    assert told(alice, read_cheque(*dated("2024-12-31"))) == [STALE]
    assert told(alice, read_cheque(*dated("2026-02-03"))) == [POST_DATED]
    assert [Objection(1, STALE).word, Objection(1, POST_DATED).word] == ["Stale", "Post-dated"]


def test_the_day_is_that_of_the_sites_clock(alice: User, read_cheque: Cheque, settings: Any) -> None:
    fields = read_cheque(*dated("2026-02-03"))
    Document.objects.update(created_at=datetime(2026, 2, 2, 20, tzinfo=UTC))
    assert told(alice, fields) == [POST_DATED]
    with timezone.override("Asia/Kolkata"):
        assert told(alice, fields) == []


def test_what_a_person_said_of_the_date_counts(alice: User, read_cheque: Cheque) -> None:
    fields = read_cheque(*dated("2024-12-31"))
    fields["date"].correct("2026-01-31", by=alice)
    assert told(alice, fields) == []
    fields["date"].correct("2024-12-31", by=alice)
    assert told(alice, fields) == [STALE]
    fields["date"].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    assert told(alice, fields) == []


def test_an_objection_asks_nobody_about_the_reading(alice: User, read_cheque: Cheque) -> None:
    field = read_cheque(*dated("2024-12-31"))["date"]
    assert (field.accepted, field.needs_person, field.checks) == (True, False, [])


def test_a_date_in_doubt_is_called_so_until_a_person_has_decided(alice: User, read_cheque: Cheque) -> None:
    fields = read_cheque(field_of("date", "date", "2024-12-31"), dated("")[1])
    assert told(alice, fields) == [f"{STALE} {NOT_SURE}"]
    fields["date"].correct("2024-12-31", by=alice)
    assert told(alice, fields) == [STALE]


def test_only_what_has_a_micr_line_is_a_cheque(alice: User, read_cheque: Cheque) -> None:
    assert told(alice, read_cheque(field_of("date", "date", "2024-12-31", sure=True))) == []


def test_the_bank_sets_the_rule(alice: User, read_cheque: Cheque, settings: Any) -> None:
    stale, ahead = read_cheque(*dated("2024-12-31")), read_cheque(*dated("2026-02-12"))
    settings.STALE_AFTER_DAYS, settings.POST_DATED_AFTER_DAYS = 400, 10
    assert told(alice, stale) + told(alice, ahead) == []
    settings.STALE_AFTER_DAYS, settings.POST_DATED_AFTER_DAYS = 397, 9
    assert len(told(alice, stale) + told(alice, ahead)) == 2
    settings.STALE_AFTER_DAYS = settings.POST_DATED_AFTER_DAYS = None
    assert told(alice, stale) + told(alice, ahead) == []


def test_a_page_that_is_stored_nowhere_is_judged_the_same(cheque_page: Callable[..., PageReading]) -> None:
    page = judged(cheque_page(*CHEQUE), presentment(date(2027, 1, 1)))
    checks = {field.field: (field.accepted, field.checks) for field in page.fields}
    assert checks["date"] == (True, ("Stale: dated 335 days before it was presented, and 180 are allowed.",))
    assert checks["amount"] == (True, ())
    assert judged(cheque_page(*CHEQUE), presentment(date(2026, 2, 1))).fields == CHEQUE
