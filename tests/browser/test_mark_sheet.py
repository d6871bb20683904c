"""A mark sheet in a real browser: uploaded, read, corrected by keyboard alone, and taken away as a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.models import User
from recognition.models import Document, FieldReading
from tests.fixtures_grids import active, place_of, told
from tests.fixtures_tables import Look, table_of

pytestmark = [pytest.mark.browser, pytest.mark.servers]
LOOK = Look(wide=150, high=66)
WORDS = ("Name", "Amina", "Boris", "Carla")
HEADS = ("Name", "Maths", "Physics", "Art")
SHEET = [["72", "8", "45"], ["64", "", "51"], ["38", "77", "29"]]


@pytest.fixture
def mark_sheet(tmp_path: Path, as_file: Callable[..., bytes]) -> Path:
    """A sheet with marks by hand, headings and names in letters, and a scrawl in the one cell without a mark."""
    page: NDArray[np.uint8] = table_of([[""] * 4, *(["", *row] for row in SHEET)], LOOK)

    def letters(text: str, row: int, column: int) -> None:
        place = LOOK.room + column * LOOK.wide + 12, LOOK.room + row * LOOK.high + 44
        cv2.putText(page, text, place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 0.9, (40, 40, 60), 2, cv2.LINE_AA)

    for row, word in enumerate(WORDS):
        letters(word, row, 0)
    for column, word in enumerate(HEADS[1:], start=1):
        letters(word, 0, column)
    letters("abs.", 2, 2)
    file = tmp_path / "marks of 7b.png"
    file.write_bytes(as_file(page))
    return file


def press_until(page: Page, key: str, reached: Callable[[], bool]) -> None:
    for _ in range(60):
        if reached():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never led there")


def test_a_mark_sheet_is_read_corrected_by_keyboard_alone_and_taken_away_as_a_spreadsheet(
    visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User, mark_sheet: Path, tmp_path: Path
) -> None:
    page = visit(1366, 768)
    sign_in(page, alice)
    page.goto("/upload/")
    page.locator("input[type=file][multiple]").set_input_files([mark_sheet])
    expect(page.locator("#uploads .row-values")).to_be_visible(timeout=60_000)
    page.goto(f"/documents/{Document.objects.get().pk}/")

    opener = page.get_by_role("link", name="Open the table")
    press_until(page, "Tab", lambda: opener.evaluate("link => link === document.activeElement"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/tables/1/")
    expect(active(page)).to_be_focused()
    waiting = {(cell.row, cell.column) for cell in FieldReading.in_doubt()}
    assert (2, 2) in waiting, "the scrawl among the marks is asked about"
    truth = {(row + 1, column + 1): text for row, line in enumerate(SHEET) for column, text in enumerate(line)}
    for left in range(len(waiting), 0, -1):
        page.keyboard.press("n") if place_of(page) not in waiting else None
        place = place_of(page)
        assert place in waiting
        waiting.remove(place)
        if truth.get(place):
            page.keyboard.type(truth[place])
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Delete")
        kept = f"^Row {place[0] + 1}, column {place[1] + 1}: .*(absent|corrected|confirmed)"
        expect(told(page)).to_have_text(re.compile(kept))
        expect(page.locator("#doubts")).to_have_text(re.compile(f"{left - 1} need") if left > 1 else "")
    page.keyboard.press("n")
    expect(page.get_by_text("No cell needs a look.")).to_be_visible()

    page.keyboard.press("Control+Home")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("F2")
    page.keyboard.press("Backspace")
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    expect(page.locator("[data-row='2'][data-column='3'] .cell")).to_have_attribute("data-words", "59, corrected")

    page.keyboard.press("Escape")
    spreadsheet = page.get_by_role("link", name="Spreadsheet")
    press_until(page, "Shift+Tab", lambda: spreadsheet.evaluate("link => link === document.activeElement"))
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    downloading.value.save_as(tmp_path / "marks.xlsx")
    book = load_workbook(tmp_path / "marks.xlsx")
    found = [[cell.value for cell in row[1:]] for row in book["Table 1"].iter_rows(min_row=2)]
    assert found == [[72, 8, 45], [64, None, 59], [38, 77, 29]]
    assert book["Legend"]["A7"].value == "No cell waits for a person."
