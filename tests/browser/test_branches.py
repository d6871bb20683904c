"""A day in a branch: a supervisor invites a clerk, who uploads; a checker looks; an auditor reads what happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import Branch, Invitation, User
from accounts.roles import Role
from tests.fixtures_branches import Join
from tests.fixtures_people import PASSWORD

pytestmark = [pytest.mark.servers, pytest.mark.browser]

NEW = "new.clerk@bank.example"


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_day_in_a_branch(
    width: int,
    scheme: str,
    visit: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    branch: Branch,
    join: Join,
    honest_files: dict[str, bytes],
) -> None:
    people = {role: join(role) for role in (Role.SUPERVISOR, Role.CHECKER, Role.AUDITOR)}

    def page_of(role: Role) -> Page:
        page = visit(width, color_scheme=scheme)
        sign_in(page, people[role])
        return page

    supervisor = page_of(Role.SUPERVISOR)
    supervisor.get_by_role("link", name="People").click()
    supervisor.get_by_role("link", name="Invite people").click()
    assert serious(supervisor) == []
    supervisor.get_by_label("E-mail address").fill(NEW)
    supervisor.get_by_role("button", name="Invite", exact=True).click()
    expect(supervisor.get_by_text(f"{NEW} is invited.")).to_be_visible()
    expect(supervisor.locator(".row", has_text=NEW)).to_contain_text("Clerk of New York (NY-01)")
    assert serious(supervisor) == []

    clerk = visit(width, color_scheme=scheme)
    link = Invitation.objects.get(email=NEW).link
    clerk.goto(link[link.index("/accounts/") :])
    for field in clerk.locator("input[type=password]").all():
        field.fill(PASSWORD)
    clerk.get_by_role("button", name="Register").click()
    clerk.wait_for_url("**/history/")
    clerk.goto("/upload/")
    scan = {"name": "cheque.png", "mimeType": "image/png", "buffer": honest_files[".png"]}
    clerk.locator("#upload input[type=file]").first.set_input_files([scan])
    expect(clerk.locator("#uploads .row-name")).to_have_text("cheque.png")

    supervisor.get_by_role("link", name="History").click()
    expect(supervisor.locator(".row", has_text="cheque.png")).to_contain_text(f"by {NEW}")

    checker = page_of(Role.CHECKER)
    expect(checker.get_by_role("link", name="Upload")).to_have_count(0)
    checker.get_by_role("link", name="cheque.png").click()
    expect(checker.get_by_role("link", name="Download original")).to_be_visible()
    expect(checker.get_by_role("button", name="Delete")).to_have_count(0)

    supervisor.get_by_role("link", name="People").click()
    supervisor.get_by_role("link", name=NEW).click()
    assert serious(supervisor) == []
    supervisor.get_by_role("button", name="End").click()
    expect(supervisor.get_by_text(f"{NEW} is no longer Clerk of New York (NY-01).")).to_be_visible()
    clerk.goto("/history/")
    expect(clerk.get_by_text("cheque.png")).to_have_count(0)

    auditor = page_of(Role.AUDITOR)
    auditor.get_by_role("link", name="Record").click()
    assert serious(auditor) == []
    auditor.get_by_label("What").select_option("uploaded")
    auditor.get_by_role("button", name="Find").click()
    expect(auditor.locator(".row")).to_have_count(1)
    expect(auditor.locator(".row")).to_contain_text(f"{NEW} · New York (NY-01)")
    auditor.goto("/roles/")
    assert serious(auditor) == []
