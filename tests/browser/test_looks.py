"""axe-core finds no serious violation on any page, at desk and phone width, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounts.models import User
from recognition.models import Document
from worker.send import send_document

pytestmark = [pytest.mark.browser, pytest.mark.servers]
SIZES = [(1280, 900), (390, 844)]
SCHEMES = ["light", "dark"]


def serious(page: Page) -> list[str]:
    """Violations of weight, each with the first place where it stands."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def read_document(running_site: str, upload: Callable[..., Document], wait_for: Callable[..., None]) -> Document:
    """A document of Alice's that the site's worker has read."""
    document = upload()
    send_document(document)

    def finished() -> bool:
        document.refresh_from_db()
        return document.is_finished

    wait_for(finished, 60, "for the document to be read")
    assert document.state == Document.State.READ, document.reason
    return document


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_has_a_serious_violation(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    read_document: Document,
    width: int,
    height: int,
    scheme: str,
) -> None:
    page = visit(width, height, color_scheme=scheme)
    wrong = {}
    for address in ("/", "/pad/", "/accounts/signup/", "/accounts/login/", "/no-such-page"):
        page.goto(address)
        wrong[address] = serious(page)
    sign_in(page, alice)
    for address in ("/history/", "/upload/", f"/documents/{read_document.pk}/", "/account/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        wrong[address] = serious(page)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{address} scrolls sideways by {sideways} px at {width} px"
    assert not {address: found for address, found in wrong.items() if found}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_dashboard_has_no_serious_violation(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    dana: User,
    read_document: Document,
    width: int,
    height: int,
    scheme: str,
) -> None:
    page = visit(width, height, color_scheme=scheme)
    sign_in(page, dana)
    page.goto("/admin/")
    page.wait_for_load_state("networkidle")
    assert not serious(page)
