"""Second factors in a real browser: a passkey of a virtual authenticator, an app's codes, and recovery codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accounts.factors import PASSWORD, code_of

pytestmark = [pytest.mark.browser, pytest.mark.servers]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(visit: Callable[..., Page], sign_in: Callable[[Page, User], None], alice: User) -> Iterator[Page]:
    """A browser with an authenticator built in, in which Alice has signed in. No script of its pages may fail."""
    page = visit()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda said: said.type == "error" and failed.append(said.text))
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, alice)
    yield page
    assert failed == []


def serious(page: Page, heading: str) -> list[str]:
    """On the page with this heading: what axe finds, and whether it scrolls sideways at a telephone's width."""
    page.get_by_role("heading", name=heading, exact=True, level=1).wait_for()
    found = Axe().run(page).response["violations"]
    wrong = [
        f"{page.url}: {rule['id']}: {rule['nodes'][0]['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{page.url} scrolls sideways")
    page.set_viewport_size(wide)
    return wrong


def confirm_by_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("link", name="Sign in").first.wait_for()


def give_password(page: Page, person: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email", exact=True).fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second factor").wait_for()


def test_a_passkey_is_added_and_signs_in_alone_and_as_a_second_factor(page: Page, alice: User) -> None:
    page.goto("/account/")
    page.get_by_role("link", name="Set one up").click()
    wrong = serious(page, "Second factor")
    page.get_by_role("link", name="Add a passkey").click()
    wrong += serious(page, "Confirm that it is you")
    confirm_by_password(page)
    page.get_by_label("Name").fill("This computer")
    wrong += serious(page, "Add a passkey")
    page.get_by_label("Name").press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    wrong += serious(page, "Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".keys")).to_contain_text("This computer")
    expect(page.locator(".keys")).to_contain_text("signs in alone")
    wrong += serious(page, "Second factor")

    sign_out(page)
    page.goto("/accounts/login/?next=/upload/")
    wrong += serious(page, "Sign in")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url("**/upload/")

    sign_out(page)
    give_password(page, alice)
    wrong += serious(page, "Second factor")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/history/")

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Remove This computer").click()
    page.get_by_role("button", name="Use a passkey").click()
    wrong += serious(page, "Remove “This computer”")
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("link", name="Add a passkey")).to_be_visible()
    assert wrong == []


def test_codes_of_an_app_and_recovery_codes_sign_in(page: Page, alice: User) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up an app").click()
    confirm_by_password(page)
    wrong = serious(page, "Set up an authenticator app")
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0"), "the policy let the picture through"
    secret = page.locator(".secret").inner_text().replace(" ", "")
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Turn the app on").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download them").click()
    kept = downloading.value.path().read_text()
    assert [line for line in kept.splitlines() if line[:1].isdigit()] == codes

    sign_out(page)
    give_password(page, alice)
    wrong += serious(page, "Second factor")
    page.get_by_label("Code from your authenticator app").fill(code_of(secret, 1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/history/")

    sign_out(page)
    give_password(page, alice)
    page.get_by_label("Code from your authenticator app").fill(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/history/")
    page.goto("/accounts/2fa/")
    expect(page.locator("main")).to_contain_text("9 of them are left")
    wrong += serious(page, "Second factor")
    assert wrong == []
