"""The dashboard counts right, for administrators alone, in a bounded number of queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from portal.dashboard import Range
from recognition.models import Decision, Document, Drawing, FieldReading, Page, WorkerProcess

NOW = timezone.now()


@pytest.fixture
def read(upload: Callable[..., Document]) -> Callable[..., list[FieldReading]]:
    """Save a document that was read: its numbers, and how long it took."""

    def save(
        *values: str, seconds: float = 1, accepted: bool = True, ago: timedelta = timedelta()
    ) -> list[FieldReading]:
        document, finished = upload(), timezone.now() - ago
        begun = finished - timedelta(seconds=seconds)
        Document.everything.filter(pk=document.pk).update(
            state="read", created_at=begun, queued_at=begun, finished_at=finished
        )
        page = Page.objects.create(
            document=document, number=1, width=9, height=9, sha256="b" * 64, preview="previews/1"
        )
        return [
            FieldReading.objects.create(
                page=page, position=place, field="", text=value, value=value, confidence=0.9, accepted=accepted,
                left=0, top=0, width=5, height=5, digits=[], model_sha256="a" * 64, settings="",
            )
            for place, value in enumerate(values, start=1)
        ]  # fmt: skip

    return save


@pytest.fixture
def dashboard(client: Client, dana: User) -> Callable[..., Any]:
    """The context of the page as Dana sees it; the page has been rendered."""
    client.force_login(dana)

    def show(days: object = 7) -> Any:
        response = client.get("/admin/", {"days": str(days)})
        assert response.status_code == 200
        return response.context

    return show


def test_anonymous_is_sent_to_the_sign_in_of_everybody(client: Client, db: None) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert b"Waiting now" not in response.content


def test_the_admin_has_no_sign_in_of_its_own(client: Client, dana: User) -> None:
    answer = client.post("/admin/login/", {"username": dana.email, "password": "correct horse battery staple"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_people_who_are_no_administrators_are_turned_away(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert b"Waiting now" not in response.content


def test_looser_policy_stands_on_the_admin_pages_and_nowhere_else(client: Client, dana: User) -> None:
    client.force_login(dana)
    inside = client.get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in inside
    assert "style-src 'self' 'unsafe-inline'" in inside
    assert "default-src 'none'" in inside
    for address in ("/", "/pad/", "/history/", "/accounts/login/", "/admin-of-none/", "/health/live"):
        outside = client.get(address, follow=True)["Content-Security-Policy"]
        assert "unsafe" not in outside, address


def test_password_is_changed_on_the_account_pages(client: Client, dana: User) -> None:
    client.force_login(dana)
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_empty_site_shows_an_empty_state_for_each_chart(dashboard: Callable[..., Any]) -> None:
    context = dashboard()
    assert all(chart.is_empty for chart in context["charts"])
    assert context["figures"]["sure"] is None
    assert (context["times"]["p50"], context["times"]["p95"]) == (None, None)
    assert context["corrections"]["rows"] == []


@pytest.mark.parametrize(("days", "marks"), [(1, 24), (7, 7), (30, 30), (90, 90), ("-5", 7), ("2", 7), ("x", 7)])
def test_range_covers_its_days_and_an_unknown_one_is_a_week(
    dashboard: Callable[..., Any], days: object, marks: int
) -> None:
    assert {len(chart.labels) for chart in dashboard(days)["charts"]} == {marks}


def test_documents_numbers_and_digits_are_counted(
    dashboard: Callable[..., Any], read: Callable[..., Any], upload: Callable[..., Document]
) -> None:
    read("12345", "678")
    read("1?3", accepted=False)
    read("99", ago=timedelta(days=8))
    failed = upload()
    Document.everything.filter(pk=failed.pk).update(state="failed", finished_at=timezone.now())
    context = dashboard(7)
    assert context["figures"] == {
        "documents": 3, "digits": 10, "numbers": 3, "sure": 66.7, "failed": 1, "finished": 3
    }  # fmt: skip
    assert dashboard(30)["figures"]["digits"] == 12
    assert sum(context["charts"][0].series["Uploaded"]) == 3
    assert sum(context["charts"][1].series["Digits"]) == 10


def test_today_is_told_by_the_hour_of_the_sites_clock(
    dashboard: Callable[..., Any], read: Callable[..., Any], settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"  # half an hour off every other clock
    read("7")
    chart = dashboard(1)["charts"][1]
    hour = f"{timezone.localtime().hour:02}:00"
    assert dict(zip(chart.labels, chart.series["Digits"], strict=True))[hour] == 1


def test_queue_shows_what_waits_and_since_when(dashboard: Callable[..., Any], upload: Callable[..., Document]) -> None:
    old, _new, gone = upload(), upload(), upload()
    Document.everything.filter(pk=old.pk).update(queued_at=NOW - timedelta(hours=3))
    gone.hide()
    Drawing.objects.create(visitor="somebody", image=b"")
    WorkerProcess.seen("first", "documents", "a" * 64)
    queue = dashboard()["queue"]
    assert (queue["waiting"], queue["reading"], queue["drawings"]) == (2, 0, 1)
    assert queue["oldest"] == NOW - timedelta(hours=3)
    assert dict(queue["workers"]) == {"documents": 1, "pad": 0}


def test_a_document_tried_again_waits_from_then_on(
    dashboard: Callable[..., Any], upload: Callable[..., Document]
) -> None:
    document, long_ago = upload(), NOW - timedelta(days=3)
    failed = {"state": "failed", "created_at": long_ago, "queued_at": long_ago, "finished_at": long_ago}
    Document.everything.filter(pk=document.pk).update(**failed)
    document.try_again()
    assert dashboard()["queue"]["oldest"] > NOW
    Document.everything.filter(pk=document.pk).update(state="read", finished_at=timezone.now())
    assert dashboard()["times"]["p50"] < 60


def test_times_are_percentiles_by_nearest_rank(dashboard: Callable[..., Any], read: Callable[..., Any]) -> None:
    for seconds in range(1, 21):
        read(seconds=seconds)
    times = dashboard()["times"]
    assert (times["p50"], times["p95"]) == (10, 19)
    spread = dict(zip(times["chart"].labels, times["chart"].series["Documents"], strict=True))
    assert spread == {
        "under 1 s": 0, "1–2 s": 1, "2–5 s": 3, "5–15 s": 10, "15–60 s": 6, "1–5 min": 0, "over 5 min": 0
    }  # fmt: skip


def test_corrections_compare_what_was_read_with_the_last_word(
    dashboard: Callable[..., Any], read: Callable[..., Any], alice: User
) -> None:
    corrected_again, length, confirmed, blot, undone = read("1234", "55", "66", "8?", "40")
    corrected_again.correct("1934", by=alice)
    corrected_again.correct("7234", by=alice)
    length.correct("555", by=alice)
    confirmed.correct("66", by=alice)
    blot.correct("80", by=alice)
    undone.correct("90", by=alice)
    undone.undo_correction(by=alice)
    found = dashboard()["corrections"]
    assert (found["changed"], found["confirmed"], found["other_length"]) == (3, 1, 1)
    counted = {
        (read, str(was)): cell["count"]
        for read, cells in found["rows"]
        for was, cell in enumerate(cells)
        if cell["count"]
    }
    assert counted == {("1", "7"): 1, ("no digit", "0"): 1}


def test_people_are_counted(dashboard: Callable[..., Any], read: Callable[..., Any], alice: User, bob: User) -> None:
    read("1")
    User.objects.filter(pk=bob.pk).update(date_joined=NOW - timedelta(days=40))
    assert dashboard(30)["people"] == {"total": 3, "joined": 2, "active": 1}


def test_every_chart_has_its_table_and_a_sentence(
    dashboard: Callable[..., Any], read: Callable[..., Any], client: Client
) -> None:
    read("123")
    context = dashboard()
    drawn = [chart for chart in [*context["charts"], context["times"]["chart"]] if not chart.is_empty]
    page = client.get("/admin/").content.decode()
    assert page.count("<canvas") == page.count("As a table") == page.count('role="img"') == len(drawn) == 4
    assert "Digits read a day: Digits, highest 3 (" in page
    assert json.loads(drawn[1].data)["datasets"][0]["data"][-1] == 3


def test_number_of_queries_does_not_grow(
    dashboard: Callable[..., Any], read: Callable[..., Any], alice: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        for reading in read("12", "34"):
            reading.correct("99", by=alice)
    dashboard()
    with django_assert_max_num_queries(19):
        dashboard(90)


def test_range_begins_at_midnight_of_the_sites_clock(settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    start = timezone.localtime(Range(7).start)
    assert (start.hour, start.minute) == (0, 0)
    assert start.date() == timezone.localdate() - timedelta(days=6)
    assert isinstance(Range(1).marks[0], datetime)


def test_fields_count_as_numbers_once_and_by_their_digits_alone(
    dashboard: Callable[..., Any], read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    read_cheque()
    figures = dashboard()["figures"]
    assert figures["numbers"] == 6, "what is only shown is no number, and the MICR line is there by its parts"
    assert figures["digits"] == len("123450" + "20260131" + "1025" + "122105155")


def test_a_field_without_a_value_is_no_correction_by_digit(
    dashboard: Callable[..., Any], alice: User, read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    fields = read_cheque()
    fields["amount"].set_aside(Decision.Verdict.ABSENT, by=alice)
    fields["cheque_number"].correct("1026", by=alice)
    corrections = dashboard()["corrections"]
    assert (corrections["changed"], corrections["confirmed"], corrections["other_length"]) == (1, 0, 0)
