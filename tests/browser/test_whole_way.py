"""The main job in a real browser: from registration to the export, and that nobody else sees any of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from recognition.models import Document

pytestmark = [pytest.mark.browser, pytest.mark.servers]
PASSWORD = "seven wet umbrellas 42"


@pytest.fixture(scope="module")
def site_environment() -> dict[str, str]:
    """Mails on the console, as `make run` has them."""
    return {"EMAIL_URL": "", "PYTHONUNBUFFERED": "1"}


def code_in_the_mail(place: Path, email: str) -> str:
    """The code of the last mail that went to this address."""
    mails = (place / "processes.log").read_text(errors="replace").split("MIME-Version")
    mine = [mail for mail in mails if f"To: {email}" in mail]
    assert mine, f"no mail to {email} on the console"
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", mine[-1], re.M)
    assert found, f"no code in the mail:\n{mine[-1]}"
    return found.group(1)


def register(page: Page, email: str, place: Path) -> None:
    page.goto("/")
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Confirm your address").wait_for()
    page.get_by_label("Code").fill(code_in_the_mail(place, email))
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.wait_for_url("**/history/")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("link", name="Sign in").first.wait_for()


def sign_in_as(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/history/")


@pytest.fixture
def three_files(
    tmp_path: Path, digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]
) -> list[Path]:
    """Two numbers and a file that only says it is a picture."""
    contents = {
        "351.png": as_file(digit_image("351")),
        "60972.png": as_file(digit_image("60972", seed=5)),
        "broken.png": b"Dear bank, this is a letter and no picture.",
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in contents]


def test_from_registration_to_export_and_unseen_by_others(
    visit: Callable[..., Page], place: Path, three_files: list[Path]
) -> None:
    page = visit()
    register(page, "eve@example.com", place)
    sign_out(page)
    sign_in_as(page, "eve@example.com")

    page.goto("/upload/")
    page.locator("input[type=file][multiple]").set_input_files(three_files)
    rows = page.locator("#uploads > li")
    expect(rows).to_have_count(3)
    expect(page.locator("#uploads .row-values .value")).to_have_count(2, timeout=60_000)
    expect(page.locator("#uploads .row-values").filter(has_text="351")).to_have_count(1)
    expect(page.locator("#uploads .row-values").filter(has_text="60972")).to_have_count(1)
    refused = page.locator("#uploads .refused")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("broken.png")
    assert len(refused.locator(".row-reason").inner_text()) > 20, "the refusal gives a reason"

    page.get_by_role("link", name="351.png").first.click()
    page.get_by_label("What it is").fill("357")
    page.get_by_role("button", name=re.compile("orrect")).first.click()
    expect(page.locator(".number-value output")).to_have_text("357")
    expect(page.locator(".was")).to_contain_text("351")
    document_address = page.url

    page.goto("/history/?q=357")
    expect(page.locator("#list .row")).to_have_count(1)
    expect(page.locator("#list .row")).to_contain_text("357")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV").click()
    table = Path(downloading.value.path()).read_text()
    assert "351" in table
    assert "357" in table
    assert "60972" not in table, "the export follows the search"
    sign_out(page)

    other = visit()
    register(other, "mallory@example.com", place)
    document = Document.objects.get(name="351.png")
    reading = document.pages.get().readings.get()
    addresses = [
        document_address,
        f"/documents/{document.pk}/original/",
        f"/documents/{document.pk}/progress/",
        f"/documents/{document.pk}/pages/1.jpg",
        f"/documents/{document.pk}/pages/1/thumbnail.jpg",
        f"/documents/{document.pk}/numbers/{reading.pk}/",
    ]
    for address in addresses:
        answer = other.goto(address)
        assert answer is not None
        assert answer.status == 404, f"{address} answers {answer.status} to a stranger"
    assert json.loads(other.request.get("/history/export.json").text()) in ([], {"documents": []})


def test_a_number_written_on_the_pad_is_read(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/pad/")
    canvas = page.locator("canvas")
    box = canvas.bounding_box()
    assert box is not None
    x, y, h = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.2, box["height"] * 0.6
    for left in (x, x + h):
        page.mouse.move(left, y)
        page.mouse.down()
        page.mouse.move(left + h * 0.5, y, steps=8)
        page.mouse.move(left + h * 0.2, y + h, steps=12)
        page.mouse.up()
    expect(page.locator("#pad-result output")).to_have_text("77", timeout=10_000)


def test_the_sample_is_read_without_an_account(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("button", name="Read it now").first.click()
    for number in ("351", "1,284", "60972"):
        expect(page.locator("main")).to_contain_text(number, timeout=10_000)


def test_progress_goes_on_after_the_site_was_away(
    visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User, three_files: list[Path]
) -> None:
    page = visit()
    sign_in(page, alice)
    page.goto("/upload/")
    away: list[str] = []

    def bad_gateway(route: Route) -> None:
        away.append(route.request.url)
        route.fulfill(status=502, body="Bad gateway")

    page.route("**/progress/", bad_gateway, times=2)
    page.locator("input[type=file][multiple]").set_input_files(three_files[:1])
    expect(page.locator("#toasts")).to_contain_text("goes on as soon as it does")
    expect(page.locator("#uploads .row-values")).to_contain_text("351", timeout=60_000)
    assert len(away) == 2


def test_keyboard_alone_reaches_the_upload(
    visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User
) -> None:
    page = visit()
    sign_in(page, alice)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent.trim()")
    assert "Skip" in focused, f"the first stop is a way past the menu, not {focused!r}"
