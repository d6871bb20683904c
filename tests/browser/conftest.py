"""A real Chromium; without one the browser tests are left out, but not in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from accounts.models import User

# A browser of tests calls nobody but the site.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright's loop runs in this thread, and Django would refuse its database beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or any other on the PATH."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing = "no Chromium on this machine: the browser tests are left out (Debian: apt install chromium)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    options = [*QUIET, "--no-sandbox"] if os.getuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, running_site: str) -> Iterator[Callable[..., Page]]:
    """Open the site as somebody new: `visit(width=390, height=844, color_scheme="dark")` gives an empty page."""
    contexts: list[BrowserContext] = []

    def begin(width: int = 1280, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(
            base_url=running_site, viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in() -> Callable[[Page, User], None]:
    """Sign one of the tests' people in, with a confirmed address, through the page as a person would."""

    def enter(page: Page, person: User) -> None:
        EmailAddress.objects.get_or_create(user=person, email=person.email, verified=True, primary=True)
        page.goto("/accounts/login/")
        page.get_by_label("Email", exact=True).fill(person.email)
        page.get_by_label("Password", exact=True).fill("correct horse battery staple")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/history/")

    return enter
