"""What a person may upload, on the page: told while there is some left, and refused with the way out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from recognition.models import Document

pytestmark = [pytest.mark.servers, pytest.mark.browser]

HOLD_THE_FIRST_ANSWER = """() => {
  const listen = XMLHttpRequest.prototype.addEventListener;
  XMLHttpRequest.prototype.addEventListener = function (kind, hear) {
    if (kind !== "loadend") return listen.call(this, kind, hear);
    XMLHttpRequest.prototype.addEventListener = listen;
    return listen.call(this, kind, () => { window.answer = hear; });
  };
}"""
"""The page hears of the first file's answer when `answer()` is called."""


@pytest.fixture(scope="module")
def site_environment() -> dict[str, str]:
    return {"MAX_UPLOADS_AN_HOUR": "5"}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_what_is_left_is_told_and_what_is_too_much_can_be_sent_later(
    width: int,
    scheme: str,
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    honest_files: dict[str, bytes],
) -> None:
    def choose(*names: str) -> None:
        files = [{"name": name, "mimeType": "image/png", "buffer": honest_files[".png"]} for name in names]
        page.locator("#upload input[type=file]").first.set_input_files(files)

    page = visit(width, color_scheme=scheme)
    sign_in(page, alice)
    page.goto("/upload/")
    choose("a.png", "b.png", "c.png", "d.png")
    told = page.locator("#allowance")
    expect(told).to_contain_text("You have sent 4 files in the last hour. You can send 1 more.")
    choose("e.png", "f.png")
    expect(told).to_contain_text("You can send no more.")
    refused = page.locator("#uploads .refused")
    expect(refused).to_contain_text(
        "You have sent 5 files in the last hour, which is the most. Send this one again from"
    )
    expect(page.locator("#uploads .row-name a")).to_have_count(5)
    serious = [
        rule["id"] for rule in Axe().run(page).response["violations"] if rule["impact"] in ("serious", "critical")
    ]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    Document.objects.filter(uploaded_by=alice).update(created_at="2026-01-01T00:00Z")
    refused.get_by_role("button", name="Send again").click()
    expect(page.locator("#uploads .row-name a")).to_have_count(6)
    expect(page.locator("#uploads .refused")).to_have_count(0)


def test_an_answer_that_comes_late_does_not_tell_what_was_left_before(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    honest_files: dict[str, bytes],
) -> None:
    page = visit(1280)
    sign_in(page, alice)
    page.goto("/upload/")
    page.evaluate(HOLD_THE_FIRST_ANSWER)
    picker = page.locator("#upload input[type=file]").first
    a, *others = [{"name": f"{name}.png", "mimeType": "image/png", "buffer": honest_files[".png"]} for name in "abcd"]
    picker.set_input_files([a])
    page.wait_for_function("() => window.answer")
    picker.set_input_files(others)
    expect(page.locator("#uploads .row-name a")).to_have_count(3)
    page.evaluate("window.answer()")
    expect(page.locator("#uploads .row-name a")).to_have_count(4)
    expect(page.locator("#allowance")).to_contain_text("You have sent 4 files in the last hour. You can send 1 more.")
