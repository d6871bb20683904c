"""A table's page: the grid and its card, who sees it, and decisions on its cells."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recognition.models import Document, FieldReading, Outcome
from tests.fixtures_html import HTMX, on_one_line, plain, told_in
from tests.fixtures_marks import DOUBT, NAMES, cells_of, named, page_with, sheet_with, table_read

Cells = dict[tuple[int, int], FieldReading]
Pages = Callable[..., Document]


def address_of(document: Document, number: int = 1) -> str:
    return reverse("table", args=[document.pk, 1, number])


@pytest.fixture
def document(marks: Cells) -> Document:
    return marks[0, 0].page.document


def grid_of(html: str) -> list[list[str]]:
    """What is read aloud in each cell of the grid."""
    rows = re.findall("<tr>(.*?)</tr>", html.split("<tbody>")[1].split("</tbody>")[0], re.S)
    return [re.findall('data-words="([^"]*)"', row) for row in rows]


def test_each_cell_shows_its_value_and_its_state(owner: Client, document: Document) -> None:
    html = owner.get(address_of(document)).content.decode()
    assert grid_of(html) == [
        ["no number", "no number", "no number"],
        ["no number", "72, sure", "8, needs a look"],
        ["no number", "064, sure", "empty"],
        ["no number", "not read, needs a look", "-20.50, sure"],
    ]


def test_words_are_shown_as_pictures_and_head_their_row_or_column(owner: Client, document: Document) -> None:
    html = on_one_line(owner.get(address_of(document)).content.decode())
    assert len(re.findall('role="columnheader"', html)) == 3
    assert len(re.findall('role="rowheader"', html)) == 3
    assert html.split("<tbody>")[1].count('class="cell-cut"') == 6 + 1  # six words, and the card's own cell
    assert html.count("data-frame=") == 12


def test_the_card_is_that_of_the_first_doubt_or_of_the_cell_asked_for(
    owner: Client, document: Document, marks: Cells
) -> None:
    page = address_of(document)
    assert owner.get(page).context["card"].reading == marks[1, 2]
    assert owner.get(page, {"cell": marks[2, 2].pk}).context["card"].reading == marks[2, 2]
    assert DOUBT in owner.get(page).content.decode()


@pytest.mark.parametrize("asked", ["0", "x", "-1", "9" * 30])
def test_a_cell_that_is_not_there_is_404(asked: str, owner: Client, document: Document) -> None:
    assert owner.get(address_of(document), {"cell": asked}).status_code == 404


def test_a_number_outside_the_table_is_no_cell_of_it(owner: Client, document: Document) -> None:
    outside = FieldReading.objects.get(value="351")
    assert owner.get(address_of(document), {"cell": outside.pk}).status_code == 404


def test_the_documents_page_tells_of_the_table_and_shows_other_numbers_only(owner: Client, document: Document) -> None:
    html = on_one_line(owner.get(reverse("document", args=[document.pk])).content.decode())
    text = plain(html)
    assert "1 table and 1 number" in text
    assert "Table 1 ▲ 2 need a look" in text
    assert "4 rows, 3 columns, 4 numbers" in text
    assert address_of(document) in html
    assert re.findall('<article class="number [^"]*" id="number-(\\d+)"', html) == [
        str(FieldReading.objects.get(value="351").pk)
    ]


def test_what_was_read_before_tables_were_kept_says_nothing_of_them(
    owner: Client, read: Callable[..., Document]
) -> None:
    document = read("351", "77")
    html = owner.get(reverse("document", args=[document.pk])).content.decode()
    assert "able 1" not in html
    assert "2 numbers" in html
    assert owner.get(address_of(document)).status_code == 404
    assert owner.get(reverse("tables-spreadsheet", args=[document.pk])).status_code == 404


def test_the_history_counts_numbers_and_not_words(owner: Client, document: Document) -> None:
    text = plain(owner.get(reverse("history")).content.decode())
    assert "2 need a look" in text
    assert "6 numbers" in text
    assert "Nothing read" not in text


def decide(client: Client, cell: FieldReading, **sent: object) -> Any:
    place = [cell.page.document_id, cell.pk]
    return client.post(reverse("reading-correct", args=place), {"made_on": cell.version} | sent, headers=HTMX)


def test_a_correction_changes_the_cell_of_the_grid_and_the_card_at_once(owner: Client, marks: Cells) -> None:
    cell = marks[1, 2]
    answer = decide(owner, cell, value="85")
    html = on_one_line(answer.content.decode())
    assert answer.status_code == 200
    assert f'id="number-{cell.pk}"' in html
    assert re.search(f'id="cell-{cell.pk}" data-words="85, corrected" .*hx-swap-oob="true"', html)
    assert "1 needs a look" in plain(html)
    assert 'id="flags"' not in html
    assert cells_of(cell.page.document)[1, 2].outcome == Outcome.CORRECTED


@pytest.mark.parametrize("place", [(2, 2), (3, 1), (0, 1)])
def test_what_the_reader_missed_can_be_typed(place: tuple[int, int], owner: Client, marks: Cells) -> None:
    assert decide(owner, marks[place], value="45").status_code == 200
    assert cells_of(marks[place].page.document)[place].current_value == "45"


def test_a_slip_is_told_before_it_is_kept(owner: Client, marks: Cells) -> None:
    cell = marks[2, 2]
    refused = decide(owner, cell, value="1.234")
    assert refused.status_code == 422
    assert cells_of(cell.page.document)[2, 2].decision is None
    kept = decide(owner, cell, value="1.234", **told_in(refused.content.decode()))
    assert kept.status_code == 200
    decision = cells_of(cell.page.document)[2, 2].decision
    assert decision is not None
    assert decision.overrode


def test_no_decision_is_made_on_what_changed_meanwhile(owner: Client, marks: Cells, alice: User) -> None:
    cell = marks[1, 2]
    cell.correct("80", by=alice)
    answer = owner.post(
        reverse("reading-correct", args=[cell.page.document_id, cell.pk]), {"value": "85"}, headers=HTMX
    )
    assert answer.status_code == 409
    assert 'data-words="80, corrected"' in answer.content.decode()


def test_a_cell_can_be_called_absent_and_that_undone(owner: Client, marks: Cells) -> None:
    cell = marks[3, 1]
    assert "absent" in decide(owner, cell, verdict="absent").content.decode()
    version = cells_of(cell.page.document)[3, 1].version
    place = [cell.page.document_id, cell.pk]
    answer = owner.post(reverse("reading-undo", args=place), {"made_on": version}, headers=HTMX)
    assert 'data-words="not read, needs a look"' in answer.content.decode()


def test_without_javascript_a_decision_comes_back_to_the_table(owner: Client, marks: Cells) -> None:
    cell = marks[1, 2]
    place = [cell.page.document_id, cell.pk]
    answer = owner.post(reverse("reading-correct", args=place), {"value": "85"})
    assert answer["Location"] == f"{address_of(cell.page.document)}?cell={cell.pk}#number-{cell.pk}"
    refused = owner.post(reverse("reading-correct", args=place), {"value": "8x5", "made_on": cell.version})
    assert refused.status_code in (409, 422)
    html = refused.content.decode()
    assert 'value="8x5"' in html
    assert "data-grid" in html


@pytest.mark.parametrize("name", ["table", "table-csv", "tables-spreadsheet"])
@pytest.mark.parametrize("person", ["bob", "charlie", "dana"])
def test_nobody_else_sees_a_table(
    name: str, person: str, document: Document, signed_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    address = reverse(name, args=[document.pk] if name == "tables-spreadsheet" else [document.pk, 1, 1])
    assert signed_in(request.getfixturevalue(person)).get(address).status_code == 404


@pytest.mark.parametrize("name", ["table", "table-csv", "tables-spreadsheet"])
def test_tables_are_sent_to_their_owner_alone_and_by_get(
    name: str, document: Document, owner: Client, client: Client
) -> None:
    address = reverse(name, args=[document.pk] if name == "tables-spreadsheet" else [document.pk, 1, 1])
    answer = owner.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert owner.post(address).status_code == 405
    assert client.get(address)["Location"].startswith(reverse("account_login"))
    document.hide()
    assert owner.get(address).status_code == 404


@pytest.mark.parametrize("place", [(2, 1), (1, 2), (1, 0)])
def test_a_table_that_is_not_there_is_404(place: tuple[int, int], owner: Client, document: Document) -> None:
    for name in ("table", "table-csv"):
        assert owner.get(reverse(name, args=[document.pk, *place])).status_code == 404


def test_no_query_in_a_loop(
    owner: Client, read_pages: Pages, django_assert_max_num_queries: Callable[..., object]
) -> None:
    document = read_pages(page_with(table_read([["12"] * 7] * 12)))
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        owner.get(address_of(document))
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        owner.get(reverse("document", args=[document.pk]))


def test_json_tells_tables_as_the_command_does_with_what_people_decided(
    owner: Client, marks: Cells, alice: User
) -> None:
    marks[1, 2].correct("85", by=alice)
    answer: Any = owner.get("/history/export.json")
    [document] = json.loads(b"".join(answer.streaming_content))
    page = document["pages"][0]
    assert [number["value"] for number in page["numbers"]] == ["351", "72", "85", "064", "-20.50", ""]
    [table] = page["tables"]
    assert table["box"] == [20, 60, 300, 160]
    assert [[cell["value"] for cell in row] for row in table["rows"]] == [
        ["", "", ""], ["", "72", "85"], ["", "064", ""], ["", "", "-20.50"],
    ]  # fmt: skip
    decided, empty = table["rows"][1][2], table["rows"][2][2]
    assert (decided["row"], decided["column"], decided["rows"], decided["columns"]) == (1, 2, 1, 1)
    assert (decided["read_as"], decided["outcome"], decided["accepted"]) == ("8", "corrected", True)
    assert (empty["accepted"], empty["confidence"], empty["checks"], empty["outcome"]) == (True, None, [], "nothing")
    assert (table["rows"][3][1]["accepted"], table["rows"][0][0]["accepted"]) == (False, False)


def test_lines_of_an_export_leave_empty_cells_and_words_out(owner: Client, marks: Cells) -> None:
    answer: Any = owner.get("/history/export.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(line["value"], line["outcome"], line["table"], line["row"], line["column"]) for line in lines] == [
        ("351", "read", "", "", ""),
        ("72", "read", "1", "2", "2"),
        ("8", "waiting", "1", "2", "3"),
        ('="064"', "read", "1", "3", "2"),
        ("'-20.50", "read", "1", "4", "3"),
        ("", "waiting", "1", "4", "2"),
    ]


def test_a_named_table_shows_its_columns_names(owner: Client, read_pages: Pages) -> None:
    document = read_pages(sheet_with(named(table_read())))
    html = on_one_line(owner.get(address_of(document)).content.decode())
    assert re.findall('<th scope="col" class="grid-edge"> <a [^>]*>([^<]*)<span', html) == list(NAMES)
    assert "Term marks" in plain(html)
    assert 'data-label="Row 2, Art"' in html
    assert len(re.findall('role="columnheader"', html)) == 3
    page = plain(owner.get(reverse("document", args=[document.pk])).content.decode())
    assert "1 table " in page
    assert "Term marks ▲ 2 need a look" in page
    assert "Nothing read" not in page
    assert "Nothing read" not in plain(owner.get(reverse("history")).content.decode())


def test_names_of_columns_are_shown_as_the_texts_they_are(owner: Client, read_pages: Pages) -> None:
    names = ("<b>Pupil", "=1+1", "Art & PE")
    document = read_pages(sheet_with(replace(named(table_read()), columns=names)))
    html = owner.get(address_of(document)).content.decode()
    assert "&lt;b&gt;Pupil" in html
    assert "<b>Pupil" not in html


def test_a_table_that_was_not_read_says_why_and_can_be_called_absent(owner: Client, read_pages: Pages) -> None:
    reason = "5 columns were found here, and the layout has 3."
    document = read_pages(sheet_with(None, reason))
    html = owner.get(reverse("document", args=[document.pk])).content.decode()
    assert "Term marks ▲ Needs a look" in plain(html)
    assert reason in html
    assert "read the page as “Any picture”" in on_one_line(html)
    assert 'name="value"' not in html.split('id="number-')[1].split("</article>")[0]
    field = FieldReading.objects.get()
    assert decide(owner, field, value="12").status_code == 422
    assert "Absent" in decide(owner, field, verdict="absent").content.decode()
    assert FieldReading.objects.get().outcome == Outcome.ABSENT


def test_exports_tell_the_columns_names(owner: Client, read_pages: Pages) -> None:
    read_pages(sheet_with(named(table_read())))
    answer: Any = owner.get("/history/export.json")
    [page] = json.loads(b"".join(answer.streaming_content))[0]["pages"]
    [table] = page["tables"]
    assert (table["field"], table["columns"], table["header_rows"]) == ("term_marks", list(NAMES), 1)
    [field] = page["fields"]
    assert (field["name"], field["kind"], field["value"], field["accepted"]) == ("term_marks", "table", "", True)
    answer = owner.get("/history/export.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(line["value"], line["row"], line["column_name"]) for line in lines] == [
        ("72", "2", "Maths"), ("8", "2", "Art"), ('="064"', "3", "Maths"), ("'-20.50", "4", "Art"), ("", "4", "Maths"),
    ]  # fmt: skip
