"""A cheque's fields in a real browser: found on the scan, decided on without leaving the page, and legible to all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from ml.reading.elements import LayoutUsed
from recognition.models import Decision, FieldReading
from tests.fixtures_fields import CONTRADICTED, field_of

pytestmark = [pytest.mark.browser, pytest.mark.servers]
FAULT = "This does not look like the layout that was chosen: US personal cheque. Choose another."


@pytest.fixture
def desk(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    read_cheque: Callable[..., dict[str, FieldReading]],
) -> Callable[..., Page]:
    """The page of a cheque that has been read: `desk(width, height, color_scheme="dark", faults=...)`."""

    def open_cheque(width: int = 1280, height: int = 900, scheme: str = "light", **given: object) -> Page:
        field = next(iter(read_cheque(**given).values()))
        page = visit(width, height, color_scheme=scheme)
        sign_in(page, alice)
        page.goto(f"/documents/{field.page.document_id}/")
        page.wait_for_load_state("networkidle")
        return page

    return open_cheque


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 780)])
def test_the_fields_have_no_serious_violation_and_fit_the_screen(
    desk: Callable[..., Page], width: int, height: int, scheme: str
) -> None:
    page = desk(width, height, scheme, faults=(FAULT,))
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert not [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_field_and_its_place_on_the_scan_mark_each_other(desk: Callable[..., Page]) -> None:
    page = desk()
    card(page, "Cheque number").get_by_role("heading").click()
    expect(page.locator(".scan a.current")).to_have_attribute("aria-label", "Cheque number: 1025")
    page.get_by_role("link", name="Date: Saturday, 31 January 2026").click()
    expect(card(page, "Date")).to_have_class(re.compile("current"))


def test_a_person_decides_without_leaving_the_page(desk: Callable[..., Page]) -> None:
    page = desk()
    expect(page.locator("#doubts")).to_have_text(re.compile("2 need a look"))
    routing, code = card(page, "Routing number"), card(page, "Postal code")
    routing.get_by_label("What it is").fill("12a")
    routing.get_by_role("button", name="Confirm or correct").click()
    expect(routing.get_by_text("A number is written in digits")).to_be_visible()
    routing.get_by_role("button", name="Unreadable").click()
    expect(routing.locator(".badge")).to_have_text(re.compile("Unreadable"))
    code.get_by_role("button", name="Absent").click()
    expect(page.locator("#doubts")).to_be_empty()
    assert sorted(Decision.objects.values_list("verdict", flat=True)) == ["absent", "unreadable"]
    code.get_by_role("button", name="Undo this").click()
    expect(page.locator("#doubts")).to_have_text(re.compile("1 needs a look"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_figures_and_words_that_contradict_each_other_are_settled_by_a_person(
    width: int,
    scheme: str,
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    read_cheque: Callable[..., dict[str, FieldReading]],
) -> None:
    words = field_of("amount_in_words", "show", row=2)
    field = read_cheque(CONTRADICTED, words, layout=LayoutUsed("cheque-india", 2, 0.9))["amount"]
    page = visit(width, color_scheme=scheme)
    sign_in(page, alice)
    page.goto(f"/documents/{field.page.document_id}/")
    amount = card(page, "Amount")
    expect(amount).to_contain_text("the figures seem to say 4,21,40,000.00, and the words 42,40,000.00.")
    expect(amount.locator("figcaption")).to_contain_text("“forty two lakh forty thousand”, 42,40,000.00 INR")
    expect(amount.get_by_label("What it is")).to_have_value("")
    figures, line = (
        amount.locator(f"{cut} .cut-number").first.bounding_box() for cut in (".field-cuts >", ".in-words")
    )
    assert figures
    assert line
    assert line["width"] >= figures["width"], "the words' line is at least as wide as the amount's crop"
    serious = [
        rule["id"] for rule in Axe().run(page).response["violations"] if rule["impact"] in ("serious", "critical")
    ]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    amount.get_by_role("button", name="42,40,000.00").click()
    expect(amount.get_by_label("What it is")).to_have_value("42,40,000.00")
    amount.get_by_role("button", name="Enter").or_(amount.get_by_role("button", name="Confirm or correct")).click()
    expect(amount.locator(".badge").first).to_contain_text("Corrected")
    assert Decision.objects.get().value == "4240000.00"


def test_what_the_pictures_are_can_be_chosen_by_keyboard(
    visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User
) -> None:
    page = visit()
    sign_in(page, alice)
    page.goto("/upload/")
    chosen = page.get_by_label("What the pictures are")
    chosen.focus()
    page.keyboard.type("US personal")
    expect(chosen).to_have_value("cheque-us")
    described = chosen.get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("MICR line")
