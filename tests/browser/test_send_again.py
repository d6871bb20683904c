"""A broken upload is sent again: what had arrived already is shown, and not kept twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from recognition.models import Document

pytestmark = [pytest.mark.servers, pytest.mark.browser]


@pytest.fixture
def page(visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User) -> Page:
    page = visit()
    sign_in(page, alice)
    page.goto("/upload/")
    return page


def picture(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def test_a_file_that_had_arrived_when_the_connection_broke_is_not_kept_twice(
    page: Page, honest_files: dict[str, bytes]
) -> None:
    def arrive_and_break(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/upload/", arrive_and_break, times=1)
    page.locator("#upload input[type=file]").first.set_input_files([picture("a.png", honest_files[".png"])])
    refused = page.locator("#uploads .refused")
    expect(refused).to_contain_text("what had arrived already is not kept twice")
    document = Document.objects.get()
    refused.get_by_role("button", name="Send again").click()
    expect(page.locator(f"#document-{document.pk}")).to_contain_text("a.png")
    expect(page.locator("#uploads > li")).to_have_count(1)
    assert Document.objects.count() == 1


def test_a_file_that_had_not_arrived_is_sent_again(page: Page, honest_files: dict[str, bytes]) -> None:
    page.route("**/upload/", lambda route: route.abort("connectionreset"), times=1)
    page.locator("#upload input[type=file]").first.set_input_files([picture("a.png", honest_files[".png"])])
    page.get_by_role("button", name="Send again: a.png").click()
    expect(page.locator("#uploads .row-name a")).to_have_text("a.png")
    assert Document.objects.count() == 1


def test_a_file_that_the_front_does_not_take_is_told_in_its_words_and_sent_again(
    page: Page, honest_files: dict[str, bytes]
) -> None:
    words = "Too much is being uploaded at once. Wait until something is through, and try again."
    refusal = {"status": 429, "content_type": "text/plain; charset=utf-8", "body": words}
    page.route("**/upload/", lambda route: route.fulfill(**refusal), times=1)
    page.locator("#upload input[type=file]").first.set_input_files([picture("a.png", honest_files[".png"])])
    expect(page.locator("#uploads .refused")).to_contain_text(words)
    page.get_by_role("button", name="Send again: a.png").click()
    expect(page.locator("#uploads .row-name a")).to_have_text("a.png")


def test_the_same_file_chosen_twice_is_meant_twice(page: Page, honest_files: dict[str, bytes]) -> None:
    for _ in range(2):
        page.locator("#upload input[type=file]").first.set_input_files([picture("a.png", honest_files[".png"])])
    expect(page.locator("#uploads .row-name a")).to_have_count(2)
    assert Document.objects.count() == 2
