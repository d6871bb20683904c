"""A whole column of a table called absent in a real browser: by its heading, by a key, and brought back by one undo."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from recognition.models import Decision, Document
from tests.fixtures_grids import active, place_of, told
from tests.fixtures_marks import cells_of, page_with, table_read

pytestmark = [pytest.mark.browser, pytest.mark.servers]
TEXTS = (("words", "words"), ("72", "4?"), ("64", "1?"), ("38", "unread"), ("29", "7"), ("11", ""))


@pytest.fixture
def document(read_pages: Callable[..., Document]) -> Document:
    return read_pages(page_with(table_read(TEXTS)))


@pytest.fixture
def open_grades(
    visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User, document: Document
) -> Callable[..., Page]:
    """The page of a table whose second column has grades in letters."""

    def begin(width: int = 1366, height: int = 768, **options: object) -> Page:
        page = visit(width, height, **options)
        sign_in(page, alice)
        page.goto(f"/documents/{document.pk}/pages/1/tables/1/")
        page.wait_for_load_state("networkidle")
        return page

    return begin


def outcomes(document: Document) -> list[str]:
    return [cell.outcome.value for (_, at), cell in sorted(cells_of(document).items()) if at == 1]


WAITING = ["nothing", "waiting", "waiting", "waiting", "read", "nothing"]
EMPTIED = ["nothing", "absent", "absent", "absent", "read", "nothing"]


def test_a_key_tells_how_many_cells_it_is_about_and_one_undo_brings_all_back(
    open_grades: Callable[..., Page], document: Document
) -> None:
    page = open_grades()
    assert place_of(page) == (1, 1)
    page.keyboard.press("Shift+Delete")
    mark = page.get_by_role("button", name="Mark 3 cells absent")
    expect(mark).to_be_focused()
    expect(mark).to_have_accessible_description(re.compile("3 cells that need a look will be marked absent"))
    assert outcomes(document) == WAITING
    page.keyboard.press("Enter")
    expect(told(page)).to_have_text("Column 2: 3 cells are marked absent. No cell needs a look.")
    expect(active(page)).to_be_focused()
    expect(page.locator("#doubts")).to_be_empty()
    for row in (1, 2, 3):
        expect(page.locator(f"[data-row='{row}'][data-column='1'] .cell")).to_have_attribute("data-words", "absent")
    assert page.locator(".scan .frame.doubt").count() == 0
    assert outcomes(document) == EMPTIED
    page.keyboard.press("Control+z")
    expect(told(page)).to_have_text("Column 2: 3 cells are back as before.")
    assert outcomes(document) == WAITING
    assert not Decision.objects.standing().exists()
    page.keyboard.press("Control+z")
    expect(told(page)).to_have_text("Nothing that you did here is left to undo.")


def test_decisions_before_and_after_are_undone_in_their_turn(
    open_grades: Callable[..., Page], document: Document
) -> None:
    page = open_grades()
    page.keyboard.press("Delete")
    page.keyboard.press("Shift+Delete")
    page.get_by_role("button", name="Mark 2 cells absent").press("Enter")
    expect(told(page)).to_have_text(re.compile("2 cells are marked absent"))
    page.keyboard.press("ArrowDown")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    cell = page.locator("[data-row='2'][data-column='1'] .cell")
    expect(cell).to_have_attribute("data-words", "1, confirmed")
    page.keyboard.press("Control+z")
    expect(cell).to_have_attribute("data-words", "absent")
    page.keyboard.press("Control+z")
    expect(told(page)).to_have_text("Column 2: 2 cells are back as before.")
    page.keyboard.press("Control+z")
    expect(page.locator("#doubts")).to_have_text(re.compile("3 need a look"))
    assert outcomes(document) == WAITING


def test_escape_leaves_the_column_as_it_is(open_grades: Callable[..., Page], document: Document) -> None:
    page = open_grades()
    page.keyboard.press("Shift+Delete")
    expect(page.get_by_role("button", name="Mark 3 cells absent")).to_be_focused()
    page.keyboard.press("Escape")
    expect(active(page)).to_be_focused()
    expect(page.locator("#cell-card .number-value")).to_contain_text("4")
    assert outcomes(document) == WAITING


def test_the_heading_opens_the_column_and_its_card_brings_it_back(
    open_grades: Callable[..., Page], document: Document
) -> None:
    page = open_grades(390, 844)
    page.get_by_role("columnheader", name="2 (whole column)").get_by_role("link").click()
    card = page.locator("#cell-card")
    card.get_by_role("button", name="Mark 3 cells absent").click()
    expect(told(page)).to_have_text(re.compile("3 cells are marked absent"))
    card.get_by_role("button", name="Bring 3 cells back").click()
    expect(told(page)).to_have_text(re.compile("3 cells are back as before"))
    assert outcomes(document) == WAITING
    page.locator("[aria-selected=true]").press("Control+z")
    expect(told(page)).to_have_text("Nothing that you did here is left to undo.")


def test_a_column_without_doubts_says_so(open_grades: Callable[..., Page]) -> None:
    page = open_grades()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Delete")
    expect(page.locator("#cell-card")).to_contain_text("No cell of this column needs a look.")
    expect(told(page)).to_have_text("Column 1: No cell of this column needs a look.")
    expect(active(page)).to_be_focused()


def test_a_number_that_was_not_kept_is_settled_first(open_grades: Callable[..., Page], document: Document) -> None:
    page = open_grades()
    page.keyboard.type("1.234")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("columnheader", name="2 (whole column)").get_by_role("link").click()
    what_to_do = re.compile("1.234 was not kept.*before you decide on the whole column")
    expect(told(page)).to_have_text(what_to_do)
    page.wait_for_timeout(1000)  # in which another answer would come
    expect(told(page)).to_have_text(what_to_do)
    expect(page.locator(".cell-editor")).to_be_focused()
    assert outcomes(document) == WAITING


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_columns_card_has_no_serious_violation_and_fits_the_screen(
    open_grades: Callable[..., Page], width: int, height: int, scheme: str
) -> None:
    page = open_grades(width, height, color_scheme=scheme)
    page.keyboard.press("Delete")
    page.keyboard.press("Shift+Delete")
    expect(page.get_by_role("button", name="Mark 2 cells absent")).to_be_focused()
    found = Axe().run(page).response["violations"]
    assert not [
        (rule["id"], rule["nodes"][0]["html"][:120]) for rule in found if rule["impact"] in ("serious", "critical")
    ]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_without_javascript_the_heading_leads_to_the_column(
    open_grades: Callable[..., Page], document: Document
) -> None:
    page = open_grades(java_script_enabled=False)
    page.get_by_role("link", name="2 (whole column)").click()
    page.get_by_role("button", name="Mark 3 cells absent").click()
    expect(page.get_by_role("button", name="Bring 3 cells back")).to_be_visible()
    assert outcomes(document) == EMPTIED
