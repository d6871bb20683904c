"""Slips of the hand in a real browser, in the locales of three countries: told before a wrong value is kept."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from ml.reading.elements import Hypothesis, LayoutUsed
from recognition.models import Decision, FieldReading
from tests.fixtures_fields import field_of

pytestmark = [pytest.mark.browser, pytest.mark.servers]
Open = Callable[..., Page]
INDIAN = LayoutUsed("cheque-india", 1, 0.9)
CHECK_DIGIT = "The check digit is wrong: this is no routing number, or one of its digits is mistyped."
MICR = "⑈000123⑈ 110002145⑆ 123456⑈ 29"
CHEQUE = (
    field_of(
        "amount", "amount", "42140000.00", currency="INR", checks=("Read in two ways: 42140000.00 and 4240000.00.",),
        hypotheses=(Hypothesis("42140000.00", 0.5), Hypothesis("4240000.00", 0.4)),
    ),
    field_of("date", "date", row=1, text="x", checks=("Nothing was found here.",)),
    field_of("cheque_number", "digits", "000123", row=3, checks=("Not clear.",)),
    field_of("micr_line", "micr", MICR, sure=True, row=4),
)  # fmt: skip


@pytest.fixture
def open_cheque(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    read_cheque: Callable[..., dict[str, FieldReading]],
) -> Open:
    """The page of an Indian cheque in a browser of that locale: `open_cheque("de-DE")`; other fields may be given."""

    def open_in(locale: str = "en-US", *fields: object, layout: LayoutUsed = INDIAN, **browser: object) -> Page:
        read = read_cheque(*(fields or CHEQUE), layout=layout)
        page = visit(locale=locale, **browser)
        sign_in(page, alice)
        page.goto(f"/documents/{next(iter(read.values())).page.document_id}/")
        page.wait_for_load_state("networkidle")
        return page

    return open_in


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


def value_of(name: str) -> str:
    return FieldReading.objects.get(field=name).current_value


@pytest.mark.parametrize("locale", ["en-US", "de-DE", "en-IN"])
def test_a_date_is_the_day_that_stands_on_the_cheque_in_every_browser(locale: str, open_cheque: Open) -> None:
    page = open_cheque(locale)
    date = card(page, "Date")
    field = date.get_by_label("What it is")
    assert field.get_attribute("type") == "text"
    expect(date.get_by_text("DD MM YYYY")).to_be_visible()
    field.press_sequentially("19012026")
    expect(date.locator(".echo")).to_have_text(re.compile("Monday, 19 January 2026"))
    field.press("Enter")
    expect(date.locator(".badge").first).to_have_text(re.compile("Entered"))
    assert value_of("date") == "2026-01-19"


@pytest.mark.parametrize("locale", ["en-US", "de-DE", "en-IN"])
def test_amounts_are_grouped_in_lakhs_in_every_browser(locale: str, open_cheque: Open) -> None:
    page = open_cheque(locale)
    amount = card(page, "Amount")
    field = amount.get_by_label("What it is")
    expect(field).to_have_value("")
    field.press_sequentially("4240000")
    expect(amount.locator(".echo")).to_have_text(re.compile("42,40,000.00 INR"))
    field.press("Enter")
    expect(amount.locator("output")).to_have_text(re.compile("42,40,000.00"))
    assert value_of("amount") == "4240000.00"


def test_a_date_that_is_kept_faster_than_it_is_shown_is_shown_first(open_cheque: Open) -> None:
    page = open_cheque()
    date = card(page, "Date")
    page.route("**/echo/", lambda route: None)  # the line is slow: no echo ever comes
    field = date.get_by_label("What it is")
    field.press_sequentially("20012026")
    field.press("Enter")
    expect(date.get_by_text("This is Tuesday, 20 January 2026. Press Enter once more to keep it.")).to_be_visible()
    assert not Decision.objects.exists()
    expect(date.get_by_label("What it is")).to_be_focused()
    page.keyboard.press("Enter")
    expect(date.locator(".badge").first).to_have_text(re.compile("Entered"))
    assert value_of("date") == "2026-01-20"


def test_a_runner_up_is_filled_in_with_one_click_or_one_key_and_kept_with_another(open_cheque: Open) -> None:
    page = open_cheque()
    amount = card(page, "Amount")
    amount.get_by_role("button", name="42,40,000.00").click()
    expect(amount.get_by_label("What it is")).to_have_value("42,40,000.00")
    expect(amount.get_by_label("What it is")).to_be_focused()
    assert not Decision.objects.exists()
    shortcuts = amount.get_by_label("What it is").get_attribute("aria-keyshortcuts")
    assert shortcuts == "Alt+ArrowDown Alt+ArrowUp"
    page.keyboard.press("Alt+ArrowUp")
    expect(amount.get_by_label("What it is")).to_have_value("4,21,40,000.00")
    page.keyboard.press("Alt+ArrowDown")
    expect(amount.get_by_label("What it is")).to_have_value("42,40,000.00")
    expect(amount.get_by_role("button", name="42,40,000.00")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(amount.locator(".badge").first).to_have_text(re.compile("Corrected"))
    assert value_of("amount") == "4240000.00"


def test_the_arrows_with_which_screen_readers_read_a_field_again_leave_what_was_typed(open_cheque: Open) -> None:
    page = open_cheque()
    field = card(page, "Amount").get_by_label("What it is")
    field.fill("4240000")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    for keys in ("ArrowDown", "ArrowUp", "Shift+ArrowDown", "Control+ArrowUp"):
        field.press(keys)
        page.wait_for_timeout(200)
    assert not [address for address in sent if address.endswith("/correct/")]
    expect(field).to_have_value("4240000")


def test_a_wrong_check_digit_is_told_and_kept_only_on_purpose(open_cheque: Open) -> None:
    page = open_cheque("en-US", field_of("routing_number", "digits", "122105155", checks=("Not clear.",)),
                       layout=LayoutUsed("cheque-us", 2, 0.9))  # fmt: skip
    routing = card(page, "Routing number")
    field = routing.get_by_label("What it is")
    field.fill("122105154")
    field.press("Enter")
    expect(routing.get_by_text(CHECK_DIGIT)).to_be_visible()
    expect(field).to_be_focused()
    field.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(routing.get_by_text(CHECK_DIGIT)).to_be_visible()
    assert not Decision.objects.exists(), "Enter alone keeps nothing"
    routing.get_by_role("button", name="Keep all the same").click()
    expect(routing.get_by_text(f"Kept all the same: {CHECK_DIGIT}")).to_be_visible()
    expect(routing.get_by_text("Not clear.")).to_have_count(0)
    assert Decision.objects.get().overrode == [CHECK_DIGIT]


def test_whoever_went_on_to_the_next_field_types_there_when_the_answer_comes(open_cheque: Open) -> None:
    page = open_cheque()
    answers: list[Route] = []
    page.route("**/correct/", lambda route: answers.append(route))  # held until the person has gone on
    date = card(page, "Date").get_by_label("What it is")
    date.fill("01012016")
    with page.expect_request("**/correct/"):
        date.press("Enter")
    number = card(page, "Cheque number").get_by_label("What it is")
    number.press("End")
    answers[0].continue_()
    expect(card(page, "Date").get_by_role("button", name="Keep all the same")).to_be_visible()
    page.wait_for_timeout(200)  # htmx settles what it has swapped
    page.keyboard.type("7")
    expect(number).to_have_value("0001237")
    expect(card(page, "Date").get_by_label("What it is")).to_have_value("01012016")


def test_the_second_of_two_tabs_is_told_and_loses_nothing(open_cheque: Open) -> None:
    first = open_cheque()
    second = first.context.new_page()
    second.goto(first.url)
    second.wait_for_load_state("networkidle")
    for page, typed in ((first, "4240000"), (second, "42140000")):
        field = card(page, "Amount").get_by_label("What it is")
        field.fill(typed)
        field.press("Enter")
    amount = card(second, "Amount")
    expect(amount.get_by_role("alert")).to_contain_text("Meanwhile you, in another window, decided on this")
    expect(amount.get_by_role("alert")).to_contain_text("“42,40,000.00” stands here")
    expect(amount.get_by_label("What it is")).to_have_value("42140000")
    assert value_of("amount") == "4240000.00"
    card(first, "Amount").get_by_role("button", name="Undo this").click()
    expect(card(first, "Amount").locator(".badge").first).to_have_text(re.compile("Needs a look"))
    amount.get_by_role("button", name="Keep what I typed").click()
    expect(amount.get_by_role("alert")).to_contain_text("Meanwhile the decision on this was undone")
    amount.get_by_role("button", name="Keep what I typed").click()
    expect(amount.locator(".badge").first).to_have_text(re.compile("Confirmed"))
    assert value_of("amount") == "42140000.00"


def test_whoever_was_signed_out_keeps_what_they_typed(open_cheque: Open) -> None:
    page = open_cheque()
    page.context.clear_cookies(name="sessionid")
    field = card(page, "Amount").get_by_label("What it is")
    field.fill("4240000")
    field.press("Enter")
    expect(page.get_by_text("You are signed out. Nothing was kept.").first).to_be_visible()
    expect(field).to_have_value("4240000")
    assert not Decision.objects.exists()


def test_whoever_signed_in_again_in_another_tab_is_told_that_this_page_keeps_nothing(
    open_cheque: Open, sign_in: Callable[[Page, User], None], alice: User
) -> None:
    page = open_cheque()
    page.context.clear_cookies(name="sessionid")
    sign_in(page.context.new_page(), alice)
    field = card(page, "Amount").get_by_label("What it is")
    field.fill("4240000")
    field.press("Enter")
    told = page.locator("#toasts").get_by_text("This page is from before you signed in again. Nothing was kept.")
    expect(told).to_contain_text("What you typed stands here. Load the page again.")
    expect(field).to_have_value("4240000")
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "The site could not make sense of this. Nothing was kept. Load the page again."),
        (408, "This came too slowly. Nothing was kept. Try again with a better connection."),
        (413, "This is more than the site takes at once. Nothing was kept."),
        (429, "Too much is being uploaded at once. Wait. Nothing was kept."),
    ],
)
def test_an_entry_that_the_site_does_not_take_is_told_and_stays(status: int, told: str, open_cheque: Open) -> None:
    page = open_cheque()
    front = {"content_type": "text/plain; charset=utf-8", "body": "Too much is being uploaded at once. Wait."}
    page.route("**/correct/", lambda route: route.fulfill(status=status, **front))
    field = card(page, "Amount").get_by_label("What it is")
    field.fill("4240000")
    field.press("Enter")
    expect(page.locator("#toasts").get_by_text(told)).to_be_visible()
    expect(field).to_have_value("4240000")


def test_the_exports_read_back_are_what_the_person_decided(open_cheque: Open, alice: User, tmp_path: Path) -> None:
    page = open_cheque()
    number = card(page, "Cheque number")
    number.get_by_role("button", name="Confirm or correct").click()
    expect(number.locator(".badge").first).to_have_text(re.compile("Confirmed"))
    page.goto("/history/")

    def export(name: str) -> Path:
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        path = tmp_path / name
        download.value.save_as(path)
        return path

    heading, *lines = load_workbook(export("Spreadsheet").rename(tmp_path / "s.xlsx")).active.iter_rows(
        values_only=True
    )
    found = [dict(zip(heading, line, strict=True)) for line in lines]
    kept = next(line for line in found if line["field"] == "cheque_number")
    told = [kept[name] for name in ("value", "outcome", "accepted", "accepted_by_reader", "decided_by")]
    assert told == ["000123", "confirmed", "yes", "no", alice.email]
    with export("CSV").open(encoding="utf-8-sig", newline="") as file:
        line = next(line for line in csv.DictReader(file) if line["field"] == "cheque_number")
    assert (line["value"], line["outcome"], line["decided_by"]) == ('="000123"', "confirmed", alice.email)
    [document] = json.loads(export("JSON").read_text())
    field = next(field for field in document["pages"][0]["fields"] if field["name"] == "cheque_number")
    assert (field["value"], field["accepted"], field["decided_by"]) == ("000123", True, alice.email)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 780)])
def test_cards_that_tell_something_have_no_serious_violation_and_fit_the_screen(
    open_cheque: Open, width: int, height: int, scheme: str
) -> None:
    page = open_cheque(width=width, height=height, color_scheme=scheme)
    for name, typed in (("Date", "01012016"), ("Cheque number", "1"), ("Amount", "1.234")):
        field = card(page, name).get_by_label("What it is")
        field.fill(typed)
        field.press("Enter")
        expect(card(page, name).get_by_role("button", name="Keep all the same")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
