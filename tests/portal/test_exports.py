"""A history as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from portal.views.exports import CHUNK, as_json
from recognition.models import Decision, Document, FieldReading
from recognition.value_checks import CHECK_DIGIT, IN_LINE
from tests.fixtures_fields import CHECK, CONTRADICTED, LINE, field_of
from tests.fixtures_people import home_of
from tests.portal.test_export_cells import as_documented

Read = Callable[..., Document]


def body(client: Client, form: str, **query: str) -> str:
    answer: Any = client.get(f"/history/export.{form}", query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def rows(client: Client, **query: str) -> list[dict[str, str]]:
    """The lines as a program has them."""
    lines = csv.DictReader(io.StringIO(body(client, "csv", **query)))
    return [{name: as_documented(cell) for name, cell in line.items()} for line in lines]


def sheet(client: Client) -> list[dict[str, Any]]:
    """The lines as a spreadsheet has them."""
    answer: Any = client.get("/history/export.xlsx")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    heading, *lines = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows()
    return [{name.value: cell for name, cell in zip(heading, line, strict=True)} for line in lines]


def test_csv_has_a_line_for_each_number(owner: Client, alice: User, read: Read) -> None:
    document = read("351", "0077", name="a.png")
    document.pages.get().readings.first().correct("352", by=alice)  # type: ignore[union-attr]
    assert [(r["file"], r["value"], r["read_as"], r["corrected"]) for r in rows(owner)] == [
        ("a.png", "352", "351", "yes"),
        ("a.png", "0077", "0077", "no"),
    ]


def test_json_has_documents_pages_numbers_and_digits(owner: Client, alice: User, read: Read) -> None:
    document = read("351", pages=2)
    document.pages.first().readings.get().correct("352", by=alice)  # type: ignore[union-attr]
    [found] = json.loads(body(owner, "json"))
    assert found["document"] == str(document.pk)
    assert [page["page"] for page in found["pages"]] == [1, 2]
    number = found["pages"][0]["numbers"][0]
    assert (number["value"], number["read_as"], number["corrected"]) == ("352", "351", "352")
    assert number["box"] == [10, 20, 120, 50]
    assert [digit["digit"] for digit in number["digits"]] == [3, 5, 1]


def test_export_has_what_the_filters_let_through(owner: Client, read: Read) -> None:
    read("351", name="a.png")
    read("77", name="b.png", sure=False)
    assert [r["file"] for r in rows(owner, look="on")] == ["b.png"]
    assert [d["file"] for d in json.loads(body(owner, "json", q="a.png"))] == ["a.png"]


def test_export_holds_nothing_of_others(signed_in: Callable[[User], Client], bob: User, read: Read) -> None:
    read("351")
    assert rows(signed_in(bob)) == []
    assert json.loads(body(signed_in(bob), "json")) == []


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/history/export.csv").status_code == 302


def test_unknown_form_is_404_and_post_405(owner: Client) -> None:
    assert owner.get("/history/export.xml").status_code == 404
    assert owner.post("/history/export.csv").status_code == 405


def test_csv_has_a_line_for_each_field_with_its_layout(
    owner: Client, alice: User, read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    fields = read_cheque()
    fields["amount"].correct("1500.00", by=alice)
    fields["signature"].set_aside(Decision.Verdict.ABSENT, by=alice)
    lines = {line["field"]: line for line in rows(owner)}
    amount = lines["amount"]
    assert (amount["layout"], amount["layout_version"], amount["kind"], amount["currency"]) == (
        "cheque-us", "1", "amount", "USD",
    )  # fmt: skip
    assert (amount["value"], amount["read_as"], amount["accepted"]) == ("1500.00", "1234.50", "yes")
    assert (amount["corrected"], amount["decision"]) == ("yes", "value")
    assert (lines["signature"]["value"], lines["signature"]["decision"]) == ("", "absent")
    assert (lines["routing_number"]["checks"], lines["routing_number"]["decision"]) == (CHECK, "")


def test_json_has_fields_beside_numbers(
    owner: Client, alice: User, read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    fields = read_cheque(faults=("The picture is blurred.",), numbers=(field_of("number", "digits", "351", row=9),))
    fields["amount"].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    [found] = json.loads(body(owner, "json"))
    [page] = found["pages"]
    assert page["layout"] == {"name": "cheque-us", "version": 1, "fit": 0.94}
    assert page["faults"] == ["The picture is blurred."]
    assert [number["value"] for number in page["numbers"]] == ["351"]
    amount, date = page["fields"][:2]
    assert (amount["name"], amount["kind"], amount["value"], amount["currency"]) == (
        "amount", "amount", "", "USD",
    )  # fmt: skip
    assert (amount["read_as"], amount["decision"], amount["corrected"]) == ("1234.50", "unreadable", None)
    assert (date["value"], date["currency"], date["decision"], date["checks"]) == ("2026-01-31", None, None, [])


def test_what_has_no_layout_has_none_in_the_export(owner: Client, read: Read) -> None:
    read("351")
    assert (rows(owner)[0]["layout"], rows(owner)[0]["field"], rows(owner)[0]["kind"]) == ("", "number", "digits")
    assert json.loads(body(owner, "json"))[0]["pages"][0]["layout"] is None


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx"])
def test_a_formula_in_a_name_becomes_text(name: str, owner: Client, read: Read) -> None:
    read("351", name=name)
    assert f"'{name}" in body(owner, "csv")
    assert rows(owner)[0]["file"] == name
    cell = sheet(owner)[0]["file"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_every_outcome_is_exported_with_who_and_when(
    owner: Client, alice: User, read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    fields = read_cheque()
    fields["amount"].correct("1500.00", by=alice)
    confirmed = fields["routing_number"].correct("122105155", by=alice)
    fields["micr_line"].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    fields["signature"].set_aside(Decision.Verdict.ABSENT, by=alice)
    lines = {line["field"]: line for line in rows(owner)}
    told = {
        name: (line["outcome"], line["value"], line["accepted"], line["accepted_by_reader"])
        for name, line in lines.items()
    }
    assert told == {
        "amount": ("corrected", "1500.00", "yes", "yes"),
        "date": ("read", "2026-01-31", "yes", "yes"),
        "amount_in_words": ("nothing", "", "no", "no"),
        "cheque_number": ("read", "1025", "yes", "yes"),
        "routing_number": ("confirmed", "122105155", "yes", "no"),
        "account": ("nothing", "", "no", "no"),
        "postal_code": ("waiting", "", "no", "no"),
        "micr_line": ("unreadable", "", "no", "yes"),
        "signature": ("absent", "", "no", "no"),
    }
    routing = lines["routing_number"]
    assert (routing["decided_by"], routing["checks"]) == (alice.email, "")
    assert datetime.fromisoformat(routing["decided_at"]) == confirmed.decided_at
    assert (lines["date"]["decided_by"], lines["date"]["decided_at"]) == ("", "")
    [found] = json.loads(body(owner, "json"))
    tree = {field["name"]: field for field in found["pages"][0]["fields"]}
    for name, (outcome, value, accepted, by_reader) in told.items():
        field = tree[name]
        assert (field["outcome"], field["value"]) == (outcome, value)
        assert (field["accepted"], field["accepted_by_reader"]) == (accepted == "yes", by_reader == "yes")
    assert (tree["routing_number"]["decided_by"], tree["date"]["decided_by"]) == (alice.email, None)
    assert tree["routing_number"]["decided_at"] == confirmed.decided_at.isoformat()


def test_checks_that_were_set_aside_are_exported(
    owner: Client, alice: User, read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    checks = [CHECK_DIGIT, IN_LINE.format(value="122105155")]
    read_cheque()["routing_number"].correct("122105154", by=alice, overrode=checks)
    line = next(line for line in rows(owner) if line["field"] == "routing_number")
    assert (line["overrode"], line["checks"]) == (" ".join(checks), "")
    [found] = json.loads(body(owner, "json"))
    assert next(f for f in found["pages"][0]["fields"] if f["name"] == "routing_number")["overrode"] == checks


def test_a_decision_outlives_the_account_of_who_made_it(owner: Client, bob: User, read: Read) -> None:
    read("351").pages.get().readings.get().correct("352", by=bob)
    bob.leave()
    assert not User.objects.get(pk=bob.pk).is_active
    [line] = rows(owner)
    assert (line["outcome"], line["decided_by"]) == ("corrected", "bob@example.com"), "the record keeps their name"


def test_a_spreadsheet_has_numbers_days_and_texts_as_they_are(
    owner: Client, alice: User, read_cheque: Callable[..., dict[str, FieldReading]]
) -> None:
    fields = read_cheque(numbers=(field_of("number", "digits", "0012345678901234567", row=9),))
    fields["amount"].correct("4240000.00", by=alice)
    lines = {line["field"].value: line for line in sheet(owner)}
    amount, day, long = lines["amount"]["value"], lines["date"]["value"], lines["number"]["value"]
    assert (amount.value, amount.data_type, amount.number_format) == (4240000, "n", "#,##0.00")
    assert day.is_date
    assert day.value.date().isoformat() == "2026-01-31"
    assert (long.value, long.data_type) == ("0012345678901234567", "s")
    assert (lines["cheque_number"]["value"].value, lines["micr_line"]["value"].value) == ("1025", LINE)
    assert (lines["amount"]["outcome"].value, lines["amount"]["decided_by"].value) == ("corrected", alice.email)
    assert lines["amount"]["decided_at"].is_date
    assert lines["amount"]["as_written"].value == "¤1,234.50"


def test_an_empty_history_is_an_empty_spreadsheet(owner: Client) -> None:
    assert sheet(owner) == []


def test_queries_do_not_grow_with_documents(
    owner: Client, read: Read, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(12):
        read(str(n))
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        assert len(rows(owner)) == 12


@pytest.mark.django_db(transaction=True)
def test_an_export_outlives_its_connection(alice: User) -> None:
    count = CHUNK + 5
    Document.objects.bulk_create(
        Document(
            branch_id=home_of(alice), uploaded_by=alice, name=f"{n}.png", media_type="image/png", size=1, page_count=1
        )
        for n in range(count)
    )
    lines = as_json(alice, Document.objects.filter(uploaded_by=alice))
    first = next(lines)
    connection.close()  # as after another request that the same thread answered
    assert len(json.loads(first + "".join(lines))) == count


def test_an_amount_tells_what_its_words_say(owner: Client, read_cheque: Callable[..., dict[str, FieldReading]]) -> None:
    read_cheque(CONTRADICTED, field_of("date", "date", "2026-01-31", sure=True, row=1))
    amount, date = rows(owner)
    told = ("words", "words_value", "words_confidence", "agreement")
    assert [amount[name] for name in told] == ["forty two lakh forty thousand", "4240000.00", "0.97", "contradicts"]
    assert [date[name] for name in told] == ["", "", "", ""]
    assert sheet(owner)[0]["words_value"].value == 4_240_000
    [found] = json.loads(body(owner, "json"))
    fields = {field["name"]: field["words"] for field in found["pages"][0]["fields"]}
    assert fields["date"] is None
    assert (fields["amount"]["value"], fields["amount"]["agreement"]) == ("4240000.00", "contradicts")
