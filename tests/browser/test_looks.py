"""axe-core finds no serious violation on any page, at desk and phone width, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from playwright.sync_api import Page

from accounts.models import User
from recognition.models import Document, FieldReading
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
def read_document(
    running_site: str,
    upload: Callable[..., Document],
    wait_for: Callable[..., None],
    digit_image: Callable[..., NDArray[np.uint8]],
    as_file: Callable[..., bytes],
) -> Document:
    """A document of Alice's, taller than wide, that the site's worker has read."""
    sheet = np.full((900, 500, 3), 255, np.uint8)
    for top, value, slant in ((100, "351", 0.0), (500, "3517", 0.3)):
        number = digit_image(value, slant=slant)
        sheet[top : top + number.shape[0], 60 : 60 + number.shape[1]] = number
    document = upload(data=as_file(sheet))
    send_document(document)

    def finished() -> bool:
        document.refresh_from_db()
        return document.is_finished

    wait_for(finished, 60, "for the document to be read")
    assert document.state == Document.State.READ, document.reason
    return document


@pytest.fixture
def files(tmp_path: Path, honest_files: dict[str, bytes]) -> list[Path]:
    """A scan of several pages and a file that is none."""
    contents = {"pages.tif": honest_files[".tif"], "letter.png": b"Dear bank, this is a letter and no picture."}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in contents]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_has_a_serious_violation(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    read_document: Document,
    files: list[Path],
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
    own = f"/documents/{read_document.pk}/"
    first, *others = FieldReading.objects.filter(page__document=read_document)
    compared = f"{own}numbers/{first.pk}/compare/"
    for address in ("/history/", "/upload/", own, compared, f"{compared}?with={others[0].pk}", "/account/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        wrong[address] = serious(page)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{address} scrolls sideways by {sideways} px at {width} px"
    page.goto("/upload/")
    page.locator("input[type=file][multiple]").set_input_files(files)
    page.locator("#uploads .refused").wait_for()
    wrong["an upload under way"] = serious(page)
    page.goto(f"/documents/{read_document.pk}/")
    page.get_by_role("button", name="Delete").click()
    undo = page.get_by_role("button", name="Undo").bounding_box()
    assert undo is not None
    assert undo["width"] > undo["height"], "the label of Undo is broken over several lines"
    wrong["just deleted"] = serious(page)
    page.goto("/history/?state=deleted")
    page.wait_for_load_state("networkidle")
    wrong["what was deleted"] = serious(page)
    assert not {address: found for address, found in wrong.items() if found}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_tall_scan_stays_within_its_row(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    alice: User,
    read_document: Document,
    width: int,
    height: int,
) -> None:
    page = visit(width, height)
    sign_in(page, alice)
    page.goto("/history/")
    page.wait_for_load_state("networkidle")
    picture, row = (page.locator(place).bounding_box() for place in (".stamp img", "#list .row"))
    assert picture is not None
    assert row is not None
    assert row["y"] <= picture["y"]
    assert picture["y"] + picture["height"] <= row["y"] + row["height"]


@pytest.mark.parametrize("address", ["/admin/", "/error-rate/"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_administrators_see_has_no_serious_violation(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    dana: User,
    read_document: Document,
    width: int,
    height: int,
    scheme: str,
    address: str,
) -> None:
    page = visit(width, height, color_scheme=scheme)
    sign_in(page, dana)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert not serious(page)
