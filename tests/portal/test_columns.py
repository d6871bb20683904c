"""A whole column of a table: how many cells need a look, all called absent at once, and that undone at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recognition.models import Decision, Document, FieldReading, Outcome
from tests.fixtures_html import HTMX, on_one_line, plain
from tests.fixtures_marks import NAMES, cells_of, named, page_with, sheet_with, table_read

Pages = Callable[..., Document]
TEXTS = (("words", "words"), ("72", "4?"), ("64", "1?"), ("38", "unread"), ("29", "7"), ("11?", ""))
"""Numbers and, right of them, grades in letters, some of which were taken for numbers, and one for a sure one."""


@pytest.fixture
def document(read_pages: Pages) -> Document:
    return read_pages(page_with(table_read(TEXTS)))


def address_of(document: Document, name: str = "column", column: int = 2) -> str:
    return reverse(name, args=[document.pk, 1, 1, column])


def outcomes(document: Document, column: int = 1) -> list[str]:
    return [cell.outcome.value for (_, at), cell in sorted(cells_of(document).items()) if at == column]


def seen(document: Document, *rows: int) -> dict[str, str]:
    """What the card sends of the cells in these rows of the second column."""
    return {"seen": " ".join(str(cells_of(document)[row, 1].pk) for row in rows)}


def ask(client: Client, document: Document, name: str, sent: dict[str, str], **headers: Any) -> Any:
    return client.post(address_of(document, name), sent, headers=HTMX | headers)


WAITING = ["nothing", "waiting", "waiting", "waiting", "read", "nothing"]
EMPTIED = ["nothing", "absent", "absent", "absent", "read", "nothing"]


def test_each_heading_leads_to_its_column_and_how_many_cells_it_is_about_is_told_first(
    owner: Client, document: Document
) -> None:
    html = owner.get(reverse("table", args=[document.pk, 1, 1])).content.decode()
    assert address_of(document) in html
    html = owner.get(address_of(document)).content.decode()
    assert "data-grid" in html
    text = plain(html)
    assert "Column 2 No numbers in this column? 3 cells that need a look will be marked absent." in text
    assert "Mark 3 cells absent" in text
    assert "Bring" not in text
    assert outcomes(document) == WAITING, "looking decides nothing"
    card = owner.get(address_of(document, column=1), headers=HTMX).content.decode()
    assert "data-grid" not in card
    assert "Mark 1 cell absent" in plain(card)


def test_a_column_of_a_layout_has_its_name(owner: Client, read_pages: Pages) -> None:
    document = read_pages(sheet_with(named(table_read())))
    text = plain(owner.get(address_of(document, column=3), headers=HTMX).content.decode())
    assert text.startswith(NAMES[2])


def test_all_doubtful_cells_of_the_column_become_absent_each_by_its_own_decision(
    owner: Client, document: Document, alice: User
) -> None:
    answer = ask(owner, document, "column-empty", seen(document, 1, 2, 3))
    assert answer.status_code == 200
    assert outcomes(document) == EMPTIED
    assert outcomes(document, column=0)[-1] == Outcome.WAITING, "other columns stay as they are"
    made = [(one.reading.row, one.verdict, one.was, one.decided_by) for one in Decision.objects.all()]
    assert made == [(1, "absent", "4", alice), (2, "absent", "1", alice), (3, "absent", "", alice)]
    html = on_one_line(answer.content.decode())
    for row in (1, 2, 3):
        assert f'id="cell-{cells_of(document)[row, 1].pk}" data-words="absent"' in html
    assert html.count('hx-swap-oob="true"') == 3 + 1
    assert "1 needs a look" in plain(html)
    assert 'data-told="Column 2: 3 cells are marked absent."' in html
    assert "Bring 3 cells back" in plain(html)


def test_one_undo_brings_all_of_them_back(owner: Client, document: Document) -> None:
    ask(owner, document, "column-empty", seen(document, 1, 2, 3))
    answer = ask(owner, document, "column-undo", seen(document, 1, 2, 3))
    assert answer.status_code == 200
    assert outcomes(document) == WAITING
    assert not Decision.objects.standing().exists()
    assert "4 need a look" in plain(answer.content.decode())
    assert ask(owner, document, "column-undo", seen(document, 1, 2, 3)).status_code == 409, "nothing is left to undo"


def test_only_what_was_decided_at_once_comes_back(owner: Client, document: Document, alice: User) -> None:
    cells_of(document)[1, 1].set_aside(Decision.Verdict.ABSENT, by=alice)
    assert ask(owner, document, "column-empty", seen(document, 2, 3)).status_code == 200
    assert "Bring 2 cells back" in plain(owner.get(address_of(document)).content.decode())
    assert ask(owner, document, "column-undo", seen(document, 2, 3)).status_code == 200
    assert outcomes(document) == ["nothing", "absent", "waiting", "waiting", "read", "nothing"]


@pytest.mark.parametrize("rows", [(), (1,), (1, 2), (1, 2, 3, 4), (1, 2, 4)])
def test_nothing_is_kept_unless_the_person_saw_just_these_cells(
    rows: tuple[int, ...], owner: Client, document: Document
) -> None:
    answer = ask(owner, document, "column-empty", seen(document, *rows))
    assert answer.status_code == 409
    assert outcomes(document) == WAITING
    assert "Nothing was kept" in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": "1,2"}, {"seen": "9" * 5000}, {"seen": "1 " * 3}])
def test_what_no_card_sends_is_refused(sent: dict[str, str], owner: Client, document: Document) -> None:
    assert ask(owner, document, "column-empty", sent).status_code == 409
    assert ask(owner, document, "column-undo", sent).status_code == 409
    assert not Decision.objects.exists()


def test_a_decision_made_meanwhile_is_told_and_stays(owner: Client, document: Document, alice: User) -> None:
    before = seen(document, 1, 2, 3)
    cells_of(document)[2, 1].correct("1", by=alice)
    answer = ask(owner, document, "column-empty", before)
    assert answer.status_code == 409
    html = on_one_line(answer.content.decode())
    assert "Mark 2 cells absent" in plain(html)
    assert 'data-words="1, confirmed"' in html
    assert Decision.objects.count() == 1


def test_a_cell_that_was_decided_on_since_is_not_lost_by_the_undo(
    owner: Client, document: Document, alice: User
) -> None:
    ask(owner, document, "column-empty", seen(document, 1, 2, 3))
    cells_of(document)[2, 1].correct("1", by=alice)
    assert ask(owner, document, "column-undo", seen(document, 1, 2, 3)).status_code == 409
    assert cells_of(document)[2, 1].current_value == "1"
    assert "Bring 2 cells back" in plain(owner.get(address_of(document)).content.decode())


def test_who_presses_twice_is_told_the_same_again(owner: Client, document: Document) -> None:
    before = seen(document, 1, 2, 3)
    answers = [ask(owner, document, "column-empty", before).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert Decision.objects.count() == 3


def test_nothing_is_decided_while_the_document_is_read_again(owner: Client, document: Document) -> None:
    before = seen(document, 1, 2, 3)
    Document.objects.filter(pk=document.pk).update(state=Document.State.QUEUED)
    answer = ask(owner, document, "column-empty", before)
    assert answer.status_code == 409
    assert "being read again" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_cell_over_several_columns_is_no_cell_of_one(owner: Client, read_pages: Pages) -> None:
    document = read_pages(page_with(table_read([["7?", "8?"], ["1", "2?"]], wide=2)))
    cell = FieldReading.objects.get(row=0, column=1)
    assert cell.column_span == 2
    assert "Mark 1 cell absent" in plain(owner.get(address_of(document)).content.decode())


def test_without_javascript_the_page_of_the_column_tells_what_was_done(owner: Client, document: Document) -> None:
    answer = owner.post(address_of(document, "column-empty"), seen(document, 1, 2, 3), follow=True)
    assert answer.redirect_chain == [(address_of(document), 302)]
    text = plain(answer.content.decode())
    assert "Column 2: 3 cells are marked absent." in text
    assert "Bring 3 cells back" in text
    answer = owner.post(address_of(document, "column-undo"), seen(document, 1, 2, 3), follow=True)
    assert "Column 2: 3 cells are back as before." in plain(answer.content.decode())
    refused = owner.post(address_of(document, "column-undo"), seen(document, 1))
    assert refused.status_code == 409
    assert "data-grid" in refused.content.decode()


@pytest.mark.parametrize("column", [0, 3, 10**30])
def test_a_column_that_is_not_there_is_404(column: int, owner: Client, document: Document) -> None:
    assert owner.get(address_of(document, column=column)).status_code == 404
    for name in ("column-empty", "column-undo"):
        assert owner.post(address_of(document, name, column)).status_code == 404


@pytest.mark.parametrize("person", ["bob", "charlie", "dana"])
def test_nobody_else_sees_or_decides_on_a_column(
    person: str, document: Document, signed_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client, before = signed_in(request.getfixturevalue(person)), seen(document, 1, 2, 3)
    assert client.get(address_of(document)).status_code == 404
    for name in ("column-empty", "column-undo"):
        assert client.post(address_of(document, name), before).status_code == 404
    assert outcomes(document) == WAITING


def test_who_is_not_signed_in_or_comes_by_another_method_is_turned_away(
    document: Document, owner: Client, client: Client
) -> None:
    for name in ("column", "column-empty", "column-undo"):
        answer = client.get(address_of(document, name)) if name == "column" else client.post(address_of(document, name))
        assert answer["Location"].startswith(reverse("account_login"))
    assert owner.post(address_of(document)).status_code == 405
    assert owner.get(address_of(document, "column-empty")).status_code == 405
    assert owner.get(address_of(document, "column-undo")).status_code == 405
    assert "no-store" in owner.get(address_of(document))["Cache-Control"]


def test_a_long_column_takes_as_few_queries_as_a_short_one(
    owner: Client, read_pages: Pages, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    document = read_pages(page_with(table_read([["12", "4?"]] * 14)))
    before = seen(document, *range(14))
    with django_assert_max_num_queries(24):
        assert ask(owner, document, "column-empty", before).status_code == 200
    with django_assert_max_num_queries(24):
        assert ask(owner, document, "column-undo", before).status_code == 200
