"""A history as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from portal.views.exports import CHUNK, as_json, safe_cells
from recognition.models import Decision, Document, FieldReading
from tests.fixtures_fields import CHECK, field_of

Read = Callable[..., Document]


def body(client: Client, form: str, **query: str) -> str:
    answer: Any = client.get(f"/history/export.{form}", query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def rows(client: Client, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client, "csv", **query))))


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
    assert (number["value"], number["corrected"], number["box"]) == ("351", "352", [10, 20, 120, 50])
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
        "amount", "amount", "1234.50", "USD",
    )  # fmt: skip
    assert (amount["decision"], amount["corrected"]) == ("unreadable", None)
    assert (date["value"], date["currency"], date["decision"], date["checks"]) == ("2026-01-31", None, None, [])


def test_what_has_no_layout_has_none_in_the_export(owner: Client, read: Read) -> None:
    read("351")
    assert (rows(owner)[0]["layout"], rows(owner)[0]["field"], rows(owner)[0]["kind"]) == ("", "number", "digits")
    assert json.loads(body(owner, "json"))[0]["pages"][0]["layout"] is None


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx"])
def test_a_formula_in_a_name_becomes_text(name: str, owner: Client, read: Read) -> None:
    read("351", name=name)
    assert rows(owner)[0]["file"] == f"'{name}"


def test_numbers_and_plain_text_are_left_alone() -> None:
    assert safe_cells([-1, "351", "a=b", ""]) == [-1, "351", "a=b", ""]


def test_queries_do_not_grow_with_documents(
    owner: Client, read: Read, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(12):
        read(str(n))
    with django_assert_max_num_queries(11):  # type: ignore[attr-defined]
        assert len(rows(owner)) == 12


@pytest.mark.django_db(transaction=True)
def test_an_export_outlives_its_connection(alice: User) -> None:
    count = CHUNK + 5
    Document.objects.bulk_create(
        Document(owner=alice, name=f"{n}.png", media_type="image/png", size=1, page_count=1) for n in range(count)
    )
    lines = as_json(alice, Document.objects.filter(owner=alice))
    first = next(lines)
    connection.close()  # as after another request that the same thread answered
    assert len(json.loads(first + "".join(lines))) == count
