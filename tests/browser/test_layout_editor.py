"""A form is taught on a sample, in a real browser, and a second scan is read with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from recognition.models import Layout
from tests.fixtures_slips import ACCOUNT_MM, AMOUNT_MM, SIZE_MM

pytestmark = [pytest.mark.browser, pytest.mark.servers]
Slip = Callable[..., NDArray[np.uint8]]
READ = 20_000
KEPT = re.compile("^Kept")


@pytest.fixture
def scan(tmp_path: Path, slip: Slip, as_file: Callable[..., bytes]) -> Callable[..., Path]:
    def write(name: str, *values: str, **given: float) -> Path:
        (tmp_path / name).write_bytes(as_file(slip(*values, **given)))
        return tmp_path / name

    return write


@pytest.fixture
def editor(
    visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User, scan: Callable[..., Path]
) -> Callable[..., Page]:
    """The editor with a filled sample: `editor(width, height, color_scheme=...)`."""

    def begin(width: int = 1280, height: int = 900, **options: object) -> Page:
        page = visit(width, height, **options)
        sign_in(page, alice)
        page.get_by_role("link", name="Layouts").click()
        page.get_by_role("link", name="Teach a new form").first.click()
        page.get_by_label("What the form is called").fill("Deposit slip")
        page.get_by_label("A sample of the form").set_input_files(scan("sample.png", "1250.75", "40961"))
        page.get_by_role("button", name="Go on to the fields").click()
        page.get_by_alt_text("The sample's sheet").wait_for(timeout=READ)
        return page

    return begin


def draw(page: Page, box: tuple[float, ...]) -> None:
    """A box around a place on the slip, in millimetres."""
    area = page.locator("#sheet").bounding_box()
    assert area is not None
    across, down = area["width"] / SIZE_MM[0], area["height"] / SIZE_MM[1]
    page.mouse.move(area["x"] + (box[0] - 2) * across, area["y"] + (box[1] - 2) * down)
    page.mouse.down()
    page.mouse.move(area["x"] + (box[2] + 2) * across, area["y"] + (box[3] + 2) * down, steps=4)
    page.mouse.up()


def field(page: Page, number: int) -> Locator:
    return page.locator("#fields > li").nth(number)


def draw_both(page: Page) -> None:
    draw(page, AMOUNT_MM)
    field(page, 0).get_by_label("Name").fill("Amount paid in")
    field(page, 0).get_by_label("What it holds").select_option("amount")
    draw(page, ACCOUNT_MM)
    field(page, 1).get_by_label("Name").fill("account")
    field(page, 1).get_by_label("What it holds").select_option("digits")
    field(page, 1).get_by_label("Digits, at least").fill("5")
    field(page, 1).get_by_label("Digits, at most").fill("5")
    field(page, 1).get_by_label("Digits, at most").press("Tab")


def test_a_form_is_taught_and_a_second_scan_is_read_with_it(
    editor: Callable[..., Page], scan: Callable[..., Path]
) -> None:
    page = editor()
    draw_both(page)
    expect(field(page, 0).locator(".layout-value")).to_have_text("1250.75 USD", timeout=READ)
    expect(field(page, 1).locator(".layout-value")).to_have_text("40961", timeout=READ)
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.get_by_text("Version 1 is saved and reads from now on.")).to_be_visible()

    page.get_by_role("link", name="Upload", exact=True).click()
    page.get_by_label("What the pictures are").select_option(label="Deposit slip")
    second = scan("second.png", "806.20", "73528", seed=9, degrees=2.5, margin=60)
    page.locator("#upload input[type=file]").first.set_input_files(second)
    expect(page.locator("#uploads .row-values")).to_contain_text("806.20", timeout=READ)
    page.get_by_role("link", name="History").click()
    with page.expect_download() as export:
        page.get_by_role("link", name="JSON").click()
    (document,) = json.loads(export.value.path().read_text())
    fields = {one["name"]: one["value"] for one in document["pages"][0]["fields"]}
    assert fields == {"amount_paid_in": "806.20", "account": "73528"}
    assert document["pages"][0]["layout"]["version"] == 1


def test_keys_move_and_resize_a_box_and_no_reload_loses_it(editor: Callable[..., Page]) -> None:
    page = editor()
    draw_both(page)
    box = page.get_by_role("group", name="amount_paid_in")
    before = box.bounding_box()
    box.focus()
    for keys in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(keys)
    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] > before["x"]
    assert after["y"] > before["y"]
    assert after["width"] > before["width"]
    page.keyboard.press("Control+z")
    expect(box).to_be_focused()
    narrower = box.bounding_box()
    assert narrower is not None
    assert narrower["width"] == pytest.approx(before["width"], abs=1)
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=READ)

    page.reload()
    page.locator("#sample").wait_for()
    again = page.get_by_role("group", name="amount_paid_in").bounding_box()
    assert again is not None
    assert (again["x"], again["width"]) == pytest.approx((narrower["x"], narrower["width"]), abs=1.5)
    page.get_by_role("group", name="account").focus()
    page.keyboard.press("Delete")
    expect(field(page, 1)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(field(page, 1).get_by_label("Name")).to_have_value("account")


def test_what_is_not_finished_is_kept_and_says_what_is_missing(editor: Callable[..., Page]) -> None:
    page = editor()
    draw_both(page)
    field(page, 1).get_by_label("Name").fill("amount paid in")
    field(page, 1).get_by_label("Name").press("Tab")
    expect(page.get_by_role("alert")).to_have_text("Two fields have the same name.", timeout=READ)
    page.reload()
    expect(page.get_by_role("alert")).to_have_text("Two fields have the same name.")
    assert len(Layout.objects.get().draft["fields"]) == 2


def test_a_total_names_the_amounts_that_it_adds_up(editor: Callable[..., Page]) -> None:
    page = editor()
    draw(page, AMOUNT_MM)
    field(page, 0).get_by_label("Name").fill("cash")
    field(page, 0).get_by_label("What it holds").select_option("amount")
    for name in ("cheques", "total"):
        page.get_by_role("button", name="Add a field").click()
        field(page, 1 if name == "cheques" else 2).get_by_label("Name").fill(name)
    sums = field(page, 2).get_by_label("If it is a total")
    sums.fill("cash, coins")
    sums.press("Tab")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("total: there is no other amount 'coins'", timeout=READ)
    sums.fill("Cash, Cheques")
    sums.press("Tab")
    expect(problem).to_be_hidden(timeout=READ)
    expect(sums).to_have_value("cash, cheques")

    field(page, 0).get_by_label("Name").fill("notes")
    field(page, 0).get_by_label("Name").press("Tab")
    expect(sums).to_have_value("notes, cheques")
    field(page, 1).get_by_role("button", name="Remove").click()
    expect(page.locator("#fields > li")).to_have_count(2)
    expect(field(page, 1).get_by_label("If it is a total")).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(sums).to_have_value("notes, cheques")
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=READ)
    assert Layout.objects.get().draft["fields"][2]["sum_of"] == ["notes", "cheques"]


def test_words_follow_the_name_of_their_amount_and_go_with_it(editor: Callable[..., Page]) -> None:
    page = editor()
    module = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name).find((name) => name.includes('layout-fields'))"
    )
    rename = """async ([module, name]) => (await import(module)).withName(
        [{ name: "said", kind: "show", words_of: "amount", language: "en" }], "amount", name)"""
    (renamed,) = page.evaluate(rename, [module, "sum"])
    assert (renamed["words_of"], renamed["language"]) == ("sum", "en")
    (gone,) = page.evaluate(rename, [module, ""])
    assert gone.keys() == {"name", "kind"}
    other = """async (module) => (await import(module)).withSetting(
        { name: "said", kind: "show", words_of: "amount", language: "en" }, "kind", "digits")"""
    assert page.evaluate(other, module).keys() == {"name", "kind"}
    no_amount = """async (module) => (await import(module)).withoutWordsOf(
        [{ name: "said", kind: "show", words_of: "amount", language: "en" }], "amount")"""
    (gone,) = page.evaluate(no_amount, module)
    assert gone.keys() == {"name", "kind"}


def test_a_finger_draws_after_the_button_was_pressed(editor: Callable[..., Page]) -> None:
    page = editor(360, 780, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Draw a field").tap()
    area = page.locator("#sheet")
    area.scroll_into_view_if_needed()
    place = area.bounding_box()
    assert place is not None
    touch = page.context.new_cdp_session(page)
    start, end = (
        (place["x"] + place["width"] * across, place["y"] + place["height"] * down)
        for across, down in ((0.38, 0.35), (0.9, 0.52))
    )
    for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
    expect(page.locator("#fields > li")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=READ)
    (drawn,) = Layout.objects.get().draft["fields"]
    left, _top, right, _bottom = drawn["place"]
    assert (left, right) == pytest.approx((0.38, 0.9), abs=0.02)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 780)])
def test_the_editor_has_no_serious_violation_and_fits_the_screen(
    editor: Callable[..., Page], width: int, height: int, scheme: str
) -> None:
    page = editor(width, height, color_scheme=scheme)
    page.get_by_role("button", name="Add a field").click()
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=READ)
    found = Axe().run(page).response["violations"]
    assert not [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
