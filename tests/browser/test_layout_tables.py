"""A table is taught on a sample, in a real browser, and a second sheet is read with its columns' names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from recognition.models import Layout
from tests.fixtures_tables import HEADINGS, form_of, table_field, turned

pytestmark = [pytest.mark.browser, pytest.mark.servers]
READ = 20_000
SAMPLE = [["2026", "10", "20", "30"], ["4071", "72", "85", "305"], ["4072", "64", "", "418"]]
SECOND = [["2026", "10", "20", "30"], ["4073", "58", "75", "296"], ["4074", "36", "91", "164"]]
Editor = Callable[..., Page]


@pytest.fixture
def editor(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    tmp_path: Path,
    as_file: Callable[..., bytes],
) -> Editor:
    """The editor with a filled mark sheet: `editor(width, height, color_scheme=...)`."""

    def begin(width: int = 1280, height: int = 900, **options: object) -> Page:
        (tmp_path / "sample.png").write_bytes(as_file(form_of(SAMPLE)))
        page = visit(width, height, **options)
        sign_in(page, alice)
        page.goto("/layouts/new/")
        page.get_by_label("What the form is called").fill("Mark sheet")
        page.get_by_label("A sample of the form").set_input_files(tmp_path / "sample.png")
        page.get_by_role("button", name="Go on to the fields").click()
        page.get_by_alt_text("The sample's sheet").wait_for(timeout=READ)
        return page

    return begin


def draw_table(page: Page) -> Locator:
    """Draw a box around the table, and say that it is one."""
    sheet = page.locator("#sheet")
    sheet.scroll_into_view_if_needed()
    area = sheet.bounding_box()
    assert area is not None
    left, top, right, bottom = table_field(len(SAMPLE))["place"]  # type: ignore[misc]
    page.mouse.move(area["x"] + left * area["width"], area["y"] + top * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + right * area["width"], area["y"] + bottom * area["height"], steps=4)
    page.mouse.up()
    field = page.locator("#fields > li").first
    field.get_by_label("Name", exact=True).fill("marks")
    field.get_by_label("What it holds", exact=True).select_option("table")
    return field


def name_columns(field: Locator) -> None:
    for number, name in enumerate(HEADINGS, start=1):
        if number > 1:
            field.get_by_role("button", name="Add a column").click()
            expect(field.get_by_label(f"Name of column {number}")).to_be_focused()
        field.get_by_label(f"Name of column {number}").fill(name)
    field.get_by_label("What column 1 holds").select_option("unread")


def columns_of(field: Locator) -> list[str]:
    return [one.input_value() for one in field.get_by_label(re.compile("^Name of column")).all()]


def test_a_table_is_taught_and_a_second_sheet_is_read_with_its_columns_names(
    editor: Editor, tmp_path: Path, as_file: Callable[..., bytes]
) -> None:
    page = editor()
    field = draw_table(page)
    expect(field.locator(".layout-doubts")).to_contain_text("4 columns were found here", timeout=READ)
    name_columns(field)
    expect(field.locator(".layout-value")).to_have_text("3 rows, 4 columns", timeout=READ)
    expect(field.locator(".layout-table th")).to_have_text(list(HEADINGS))
    expect(field.locator(".layout-table tbody td")).to_have_text(
        ["…", "…", "…", "…", "…", "72", "85", "305", "…", "64", "", "418"]
    )
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.get_by_text("Version 1 is saved and reads from now on.")).to_be_visible()

    (tmp_path / "second.png").write_bytes(as_file(turned(form_of(SECOND, seed=5), 1.5)))
    page.get_by_role("link", name="Upload", exact=True).click()
    page.locator("#upload input[type=file]").first.set_input_files(tmp_path / "second.png")
    page.locator("#uploads").get_by_role("link", name="second.png").click(timeout=READ)
    page.get_by_role("link", name="Open the table").click(timeout=READ)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marks")
    expect(page.locator(".grid thead th[scope=col]")).to_contain_text(list(HEADINGS))
    words = page.locator(".grid .cell").evaluate_all("cells => cells.map((cell) => cell.dataset.words)")
    assert [words[place] for place in (5, 6, 7, 9, 10, 11)] == [
        f"{value}, sure" for row in SECOND[1:] for value in row[1:]
    ]
    assert {words[place] for place in (0, 1, 2, 3, 4, 8)} == {"no number"}


def test_columns_are_moved_and_removed_by_keys_and_all_of_it_is_undone(editor: Editor) -> None:
    page = editor()
    field = draw_table(page)
    name_columns(field)
    assert columns_of(field) == list(HEADINGS)
    field.get_by_label("Name of column 4").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(field.get_by_label("Name of column 3")).to_be_focused()
    assert columns_of(field) == ["Pupil", "Maths", "PE", "Art"]
    page.keyboard.type(", of 20")
    page.keyboard.press("Alt+ArrowDown")
    assert columns_of(field) == ["Pupil", "Maths", "Art", "PE, of 20"]
    field.get_by_role("button", name="Move column 1 to the right").press("Enter")
    assert columns_of(field) == ["Maths", "Pupil", "Art", "PE, of 20"]
    expect(field.get_by_label("What column 2 holds")).to_have_value("unread")
    expect(field.get_by_role("button", name="Move column 2 to the right")).to_be_focused()
    field.get_by_role("button", name="Remove column 4").press("Enter")
    expect(field.get_by_label("Name of column 3")).to_be_focused()
    assert columns_of(field) == ["Maths", "Pupil", "Art"]
    page.get_by_role("button", name="Undo").click()
    assert columns_of(field) == ["Maths", "Pupil", "Art", "PE, of 20"]
    expect(page.get_by_role("status").filter(has_text=re.compile("^Kept"))).to_be_visible(timeout=READ)
    columns = Layout.objects.get().draft["fields"][0]["columns"]
    assert [column["name"] for column in columns] == ["Maths", "Pupil", "Art", "PE, of 20"]


def test_a_name_that_is_missing_is_told_and_the_last_column_stays(editor: Editor) -> None:
    page = editor()
    field = draw_table(page)
    expect(field.get_by_role("button", name="Remove column 1")).to_be_disabled()
    field.get_by_label("Name of column 1").fill("")
    field.get_by_label("Name of column 1").press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("A column of a table has a name", timeout=READ)
    field.get_by_label("What it holds", exact=True).select_option("digits")
    expect(page.get_by_role("alert")).to_be_hidden(timeout=READ)
    expect(field.locator(".layout-columns")).to_be_hidden()


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"width": 390, "height": 844}], ids=str)
def test_the_form_of_a_table_can_be_used_by_all(options: dict[str, object], editor: Editor) -> None:
    page = editor(**options)
    field = draw_table(page)
    name_columns(field)
    expect(field.locator(".layout-table th")).to_have_count(4, timeout=READ)
    found = Axe().run(page).response["violations"]
    assert not [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "the page is wider than its window"
    )
