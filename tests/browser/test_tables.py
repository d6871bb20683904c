"""The grid of a table in a real browser: walked, edited and undone by keys, and legible to all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from recognition.models import Decision, Document, FieldReading
from tests.fixtures_grids import active, place_of, told
from tests.fixtures_marks import cells_of, page_with, table_read

pytestmark = [pytest.mark.browser, pytest.mark.servers]
Cells = dict[tuple[int, int], FieldReading]


@pytest.fixture
def open_marks(
    running_site: str, visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User, marks: Cells
) -> Callable[..., Page]:
    """The page of a mark sheet that has been read: `open_marks(390, 844, color_scheme="dark")`."""

    def begin(width: int = 1366, height: int = 768, **options: object) -> Page:
        page = visit(width, height, **options)
        sign_in(page, alice)
        page.goto(f"/documents/{marks[0, 0].page.document_id}/pages/1/tables/1/")
        page.wait_for_load_state("networkidle")
        return page

    return begin


def now(marks: Cells) -> Cells:
    return cells_of(marks[0, 0].page.document)


def test_the_active_cell_and_its_place_on_the_picture_are_shown_together(open_marks: Callable[..., Page]) -> None:
    page = open_marks()
    assert place_of(page) == (1, 2)
    for key, place in (
        ("ArrowLeft", (1, 1)), ("ArrowDown", (2, 1)), ("Tab", (2, 2)), ("Tab", (3, 0)), ("Shift+Tab", (2, 2)),
        ("Home", (2, 0)), ("End", (2, 2)), ("ArrowRight", (2, 2)), ("Control+End", (3, 2)), ("Control+Home", (0, 0)),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert place_of(page) == place, key
        expect(active(page)).to_be_focused()
        expect(page.locator(".scan a.current")).to_have_attribute(
            "aria-label", f"Row {place[0] + 1}, column {place[1] + 1}"
        )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_have_text("Row 2, column 2: 72, sure")
    expect(page.locator("#cell-card .number-value")).to_contain_text("72")


def test_the_picture_scrolls_to_the_cell(open_marks: Callable[..., Page]) -> None:
    page = open_marks()
    for _ in range(6):
        page.get_by_role("button", name="Larger").click()
    for keys in ("Control+Home", "Control+End"):
        page.locator("[aria-selected=true]").focus()
        page.keyboard.press(keys)
        inside = page.evaluate("""() => {
            const [seen, place] = [".scan-window", ".scan a.current rect"].map((name) =>
                document.querySelector(name).getBoundingClientRect());
            const [x, y] = [(place.left + place.right) / 2, (place.top + place.bottom) / 2];
            return x > seen.left && x < seen.right && y > seen.top && y < seen.bottom;
        }""")
        assert inside, keys


def test_n_goes_round_the_doubtful_cells_and_enter_confirms(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()
    for key, place in (("n", (3, 1)), ("n", (1, 2)), ("N", (3, 1)), ("N", (1, 2))):
        page.keyboard.press(key)
        assert place_of(page) == place
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert place_of(page) == (2, 2)
    expect(page.locator("#doubts")).to_have_text(re.compile("1 needs a look"))
    assert now(marks)[1, 2].decision is not None
    assert now(marks)[1, 2].decision.confirms  # type: ignore[union-attr]
    expect(told(page)).to_have_text(re.compile("^Row 2, column 3: 8, confirmed"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")  # looked at a sure one, changed nothing
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert Decision.objects.count() == 1


def test_the_readers_other_values_are_filled_in_by_a_key(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()
    page.keyboard.press("F2")
    expect(page.locator(".cell-editor")).to_have_value("8")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".cell-editor")).to_have_value("3")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='1'][data-column='2'] .cell")).to_have_attribute("data-words", "3, corrected")


def test_what_is_typed_in_a_cell_is_shown_as_it_will_be_kept(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()
    page.keyboard.type("20,5")
    expect(page.locator("#cell-echo")).to_have_text(re.compile(r"=\s+20\.5"))
    page.keyboard.press("Enter")
    expect(page.locator("#cell-echo")).to_be_empty()
    expect(page.locator("[data-row='1'][data-column='2'] .cell")).to_have_attribute("data-words", "20.5, corrected")


def test_n_leads_back_into_the_grid(open_marks: Callable[..., Page]) -> None:
    page = open_marks()
    page.keyboard.press("Escape")
    expect(active(page)).not_to_be_focused()
    page.keyboard.press("n")
    expect(active(page)).to_be_focused()
    assert place_of(page) == (3, 1)


def test_escape_gives_up_and_ctrl_z_undoes(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(active(page)).to_be_focused()
    page.keyboard.type("85")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(page.locator("[data-row='2'][data-column='2'] .cell")).to_have_attribute("data-words", "absent")
    assert {place: cell.current_value for place, cell in now(marks).items() if cell.decision} == {
        (1, 2): "85", (2, 2): "",
    }  # fmt: skip
    for place in ((2, 2), (1, 2)):
        page.keyboard.press("Control+z")
        assert place_of(page) == place
        page.wait_for_load_state("networkidle")
    expect(told(page)).to_have_text("Row 2, column 3: 8, needs a look")
    assert not Decision.objects.standing().exists()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Nothing that you did here is left to undo.")).to_be_visible()


def test_a_slip_is_told_in_the_grid_and_kept_only_on_purpose(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()
    page.keyboard.type("1.234")
    page.keyboard.press("Enter")
    editor = page.locator(".cell-editor")
    expect(editor).to_have_value("1.234")
    expect(editor).to_be_focused()
    expect(editor).to_have_attribute("aria-invalid", "true")
    expect(told(page)).to_have_text(re.compile("1.234 was not kept.*may end the thousands.*Ctrl \\+ Enter"))
    page.keyboard.press("Enter")
    expect(editor).to_be_focused()
    page.wait_for_load_state("networkidle")
    assert not Decision.objects.standing().exists()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#doubts")).to_have_text(re.compile("1 needs a look"))
    assert now(marks)[1, 2].current_value == "1.234"
    assert Decision.objects.get().overrode


def test_who_types_on_is_not_held_up_by_what_was_refused(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()

    def late(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/correct/", late, times=1)
    page.keyboard.type("1.234")
    page.keyboard.press("Enter")
    page.keyboard.type("45")
    expect(page.locator(".refused")).to_have_attribute("data-label", "Row 2, column 3")
    expect(page.locator(".cell-editor")).to_have_value("45")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='2'][data-column='2'] .cell")).to_have_attribute("data-words", "45, entered")
    page.keyboard.press("N")
    page.keyboard.press("N") if place_of(page) != (1, 2) else None
    assert place_of(page) == (1, 2)
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor")).to_have_value("1.234")


def test_a_card_that_comes_late_does_not_undo_what_was_decided_meanwhile(
    open_marks: Callable[..., Page], marks: Cells
) -> None:
    page = open_marks()
    held: list[Route] = []
    page.route(f"**/numbers/{marks[1, 1].pk}/", lambda route: held.append(route))
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    old = page.request.get(f"/documents/{marks[1, 1].page.document_id}/numbers/{marks[1, 1].pk}/").text()
    page.keyboard.type("75")
    page.keyboard.press("Enter")
    cell = page.locator("[data-row='1'][data-column='1'] .cell")
    expect(cell).to_have_attribute("data-words", "75, corrected")
    held[0].fulfill(status=200, content_type="text/html", body=old)
    page.wait_for_timeout(400)
    expect(cell).to_have_attribute("data-words", "75, corrected")


def test_what_the_site_did_not_take_stands_in_its_cell(open_marks: Callable[..., Page]) -> None:
    page = open_marks()
    page.route("**/correct/", lambda route: route.abort(), times=1)
    page.keyboard.type("85")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor")).to_have_value("85")
    expect(page.locator("#toasts")).to_contain_text("That did not work")
    assert not Decision.objects.standing().exists()
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='1'][data-column='2'] .cell")).to_have_attribute("data-words", "85, corrected")


def test_the_grid_and_the_card_are_one(open_marks: Callable[..., Page], marks: Cells) -> None:
    page = open_marks()
    card = page.locator("#cell-card")
    card.get_by_label("What it is").fill("85")
    card.get_by_label("What it is").press("Enter")
    expect(page.locator("[data-row='1'][data-column='2'] .cell")).to_have_attribute("data-words", "85, corrected")
    card.get_by_role("button", name="Undo this").click()
    expect(page.locator("[data-row='1'][data-column='2'] .cell")).to_have_attribute("data-words", "8, needs a look")
    page.locator("[data-row='3'][data-column='1']").click()
    expect(card.get_by_role("heading")).to_have_text("Row 4, column 2")
    card.get_by_role("button", name="Unreadable").click()
    expect(page.locator("[data-row='3'][data-column='1'] .cell")).to_have_attribute("data-words", "unreadable")
    assert now(marks)[3, 1].outcome == "unreadable"


def test_what_changed_in_another_window_is_told(open_marks: Callable[..., Page], marks: Cells, alice: User) -> None:
    page = open_marks()
    marks[1, 2].correct("80", by=alice)
    page.keyboard.type("85")
    page.keyboard.press("Enter")
    expect(told(page)).to_have_text(re.compile("85 was not kept.*Meanwhile you, in another window"))
    assert now(marks)[1, 2].current_value == "80"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_page_has_no_serious_violation_and_fits_the_screen(
    open_marks: Callable[..., Page], width: int, height: int, scheme: str
) -> None:
    page = open_marks(width, height, color_scheme=scheme)
    page.keyboard.press("Enter")
    found = Axe().run(page).response["violations"]
    assert not [
        (rule["id"], rule["nodes"][0]["html"][:120]) for rule in found if rule["impact"] in ("serious", "critical")
    ]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_wide_table_scrolls_within_itself_on_a_phone(
    read_pages: Callable[..., Document], visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User
) -> None:
    document = read_pages(page_with(table_read([["12"] * 7] * 9)))
    page = visit(390, 844)
    sign_in(page, alice)
    page.goto(f"/documents/{document.pk}/pages/1/tables/1/")
    page.keyboard.press("End")
    grid, cell = (page.locator(name).bounding_box() for name in (".grid-window", "[aria-selected=true]"))
    assert grid is not None
    assert cell is not None
    assert cell["x"] + cell["width"] <= grid["x"] + grid["width"] + 1
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    picture = page.locator(".scan-window").bounding_box()
    assert picture is not None
    assert picture["y"] + picture["height"] <= grid["y"]


def test_without_javascript_a_cell_is_chosen_by_its_link_and_corrected_on_its_card(
    open_marks: Callable[..., Page], marks: Cells
) -> None:
    page = open_marks(java_script_enabled=False)
    page.locator(f"#cell-{marks[2, 2].pk} a").click()
    page.get_by_label("What it is").fill("45")
    page.get_by_role("button", name="Enter").click()
    expect(page.locator(f"#cell-{marks[2, 2].pk}")).to_contain_text("45, entered")
    assert now(marks)[2, 2].current_value == "45"
