"""A cheque presented twice, stale or post-dated is flagged wherever its owner looks, and nowhere else."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recognition.models import Document, FieldReading
from tests.fixtures_fields import CHEQUE, LINE, field_of
from tests.fixtures_html import HTMX, on_one_line, plain

Cheque = Callable[..., dict[str, FieldReading]]
SAME = (*CHEQUE, field_of("account_number", "digits", "123456789", sure=True, row=9))
STALE = (field_of("date", "date", "2024-12-31", sure=True), field_of("micr_line", "micr", LINE, sure=True, row=1))
SENTENCE = "Stale: dated 398 days before it was presented, and 180 are allowed."


def key(fields: dict[str, FieldReading]) -> str:
    return str(next(iter(fields.values())).page.document_id)


def page_of(client: Client, fields: dict[str, FieldReading]) -> str:
    return on_one_line(client.get(reverse("document", args=[key(fields)])).content.decode())


def flags_on(html: str) -> str:
    """The block at the top of a document's page."""
    found = re.search(r'<div id="flags"[^>]*>\s*(<section.*?</section>)?\s*</div>', html, re.DOTALL)
    assert found
    return found[1] or ""


def exported(client: Client, form: str) -> str:
    answer: Any = client.get(f"/history/export.{form}")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_page_shows_the_first_time_with_its_picture_date_and_amount(owner: Client, read_cheque: Cheque) -> None:
    first, second = read_cheque(*SAME, name="monday.png"), read_cheque(*SAME)
    told = flags_on(page_of(owner, second))
    assert "◆ Presented before" in plain(told)
    assert "monday.png , uploaded 2 February 2026, 12:00 · amount 1,234.50 USD" in plain(told)
    assert f'href="{reverse("document", args=[key(first)])}?page=1"' in told
    assert reverse("page-thumbnail", args=[key(first), 1]) in told
    assert flags_on(page_of(owner, first)) == ""


def test_a_correction_takes_the_flag_away_at_once(
    owner: Client, read_cheque: Cheque, type_in: Callable[..., Any]
) -> None:
    read_cheque(*SAME)
    field = read_cheque(*SAME)["cheque_number"]
    for number, flagged in (("1026", False), ("1025", True)):
        answer = type_in(owner, field, number, all_the_same=number == "1026")  # the MICR line has 1025
        html = on_one_line(answer.content.decode())
        assert 'id="flags" hx-swap-oob="true"' in html
        assert bool(flags_on(html)) == flagged


def test_the_history_bears_a_badge_that_leads_to_the_first_time(owner: Client, read_cheque: Cheque) -> None:
    first = read_cheque(*SAME, name="monday.png")
    read_cheque(*SAME)
    text = on_one_line(owner.get("/history/").content.decode())
    badges = re.findall(r'<a class="badge flag-badge" href="([^"]*)".*?</a>', text, re.DOTALL)
    assert badges == [f"{reverse('document', args=[key(first)])}?page=1"]
    assert "◆ Presented before : see monday.png" in plain(text)


@pytest.mark.parametrize("count", [2, 12])
def test_the_history_of_cheques_asks_no_more_with_more_rows(
    count: int, owner: Client, alice: User, read_cheque: Cheque, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(count):
        read_cheque(*SAME)["amount"].correct("5.00", by=alice)
    with django_assert_max_num_queries(12):
        assert owner.get("/history/").content.decode().count("badge flag-badge") == count - 1


def test_exports_say_which_was_the_first(owner: Client, read_cheque: Cheque) -> None:
    first = read_cheque(*SAME, name="monday.png")
    read_cheque(*SAME, name="tuesday.png")
    lines = list(csv.DictReader(io.StringIO(exported(owner, "csv"))))
    told = {(line["file"], line["presented_before"], line["earlier_document"], line["earlier_page"]) for line in lines}
    assert told == {("tuesday.png", "same cheque", key(first), "1"), ("monday.png", "", "", "")}
    second, before = json.loads(exported(owner, "json"))
    assert before["presented_before"] == []
    (one,) = second["presented_before"]
    assert (one["how"], one["page"], one["document"], one["earlier_page"]) == ("same cheque", 1, key(first), 1)
    assert (one["file"], one["amount"], one["currency"]) == ("monday.png", "1234.50", "USD")


def test_nobody_sees_a_hint_of_what_somebody_else_presented(
    signed_in: Callable[[User], Client], bob: User, charlie: User, read_cheque: Cheque
) -> None:
    first = read_cheque(*SAME, name="monday.png", sha256="f" * 64)
    for other in (bob, charlie):
        client, theirs = signed_in(other), read_cheque(*SAME, uploaded_by=other, sha256="f" * 64)
        pages = [page_of(client, theirs), client.get("/history/").content.decode()]
        progress = client.get(reverse("document-progress", args=[key(theirs)])).content.decode()
        card = reverse("reading", args=[key(theirs), theirs["amount"].pk])
        files = [exported(client, "csv"), exported(client, "json")]
        for text in (*pages, progress, client.get(card).content.decode(), *files):
            assert "◆" not in text
            assert "monday.png" not in text
            assert key(first) not in text
            assert "same cheque" not in text


def test_an_identical_file_is_told_at_once_and_kept(
    owner: Client, digit_image: Callable[..., Any], as_file: Callable[..., bytes]
) -> None:
    data = as_file(digit_image("351"))
    for name, told in (("first.png", False), ("second.png", True)):
        answer = owner.post("/upload/", {"files": SimpleUploadedFile(name, data)}, headers=HTMX)
        assert answer.status_code == 200
        assert ("◆ Identical file : see first.png" in plain(answer.content.decode())) == told
    second = Document.objects.get(name="second.png")
    text = on_one_line(owner.get(reverse("document", args=[second.pk])).content.decode())
    assert "This very file was uploaded before." in plain(flags_on(text))


def test_a_stale_cheque_is_flagged_and_still_sure(owner: Client, read_cheque: Cheque) -> None:
    fields = read_cheque(*STALE)
    text = page_of(owner, fields)
    assert "◆ Stale · Dated 398 days before it was presented" in plain(flags_on(text))
    card = plain(text[text.index(f'id="number-{fields["date"].pk}"') :])
    assert card.index("✓ Sure ◆ Stale") < card.index(SENTENCE)
    history = plain(owner.get("/history/").content.decode())
    assert "✓ Read ◆ Stale" in history
    assert "needs a look" not in history


def test_a_stale_cheque_is_told_in_the_checks_of_exports(owner: Client, read_cheque: Cheque) -> None:
    read_cheque(*STALE)
    lines = {line["field"]: line for line in csv.DictReader(io.StringIO(exported(owner, "csv")))}
    assert (lines["date"]["checks"], lines["date"]["accepted"]) == (SENTENCE, "yes")
    assert lines["micr_line"]["checks"] == ""
    [found] = json.loads(exported(owner, "json"))
    assert [field["checks"] for field in found["pages"][0]["fields"]] == [[SENTENCE], []]


def test_a_corrected_date_is_judged_by_what_it_was_corrected_to(
    owner: Client, read_cheque: Cheque, type_in: Callable[..., Any]
) -> None:
    field = read_cheque(*STALE)["date"]
    assert "Stale" not in type_in(owner, field, "02 01 2026").content.decode()
    html = on_one_line(type_in(owner, field, "02 05 2026", all_the_same=True).content.decode())
    assert "◆ Kept all the same: Post-dated: dated 3 days after it was presented." in plain(html)
    assert "Date ✎ Corrected ◆ Post-dated" in plain(html)
