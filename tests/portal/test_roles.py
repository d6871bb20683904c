"""Every address, asked by somebody of each role, about what stands in their branch, in another one, and in none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from accounts.models import Invitation, User
from accounts.roles import TABLE, May, Role
from recognition.models import Document, FieldReading, Layout
from tests.fixtures_branches import Join, Staff
from tests.fixtures_layouts import Teach
from tests.fixtures_marks import page_with, table_read

GET, POST = "GET", "POST"

OF_A_DOCUMENT: dict[str, tuple[str, May]] = {
    "document": (GET, May.SEE),
    "document-progress": (GET, May.SEE),
    "document-original": (GET, May.SEE),
    "page-image": (GET, May.SEE),
    "page-thumbnail": (GET, May.SEE),
    "tables-spreadsheet": (GET, May.SEE),
    "table": (GET, May.SEE),
    "table-csv": (GET, May.SEE),
    "column": (GET, May.SEE),
    "column-empty": (POST, May.KEY),
    "column-undo": (POST, May.KEY),
    "document-again": (POST, May.UPLOAD),
    "document-layout": (POST, May.UPLOAD),
    "document-delete": (POST, May.DELETE),
    "reading": (GET, May.SEE),
    "reading-compare": (GET, May.SEE),
    "reading-overlay": (GET, May.SEE),
    "reading-correct": (POST, May.KEY),
    "reading-echo": (POST, May.KEY),
    "reading-undo": (POST, May.KEY),
}
OF_A_LAYOUT: dict[str, tuple[str, May]] = {
    "layout": (GET, May.TEACH),
    "layout-state": (GET, May.TEACH),
    "layout-sample-image": (GET, May.TEACH),
    "layout-draft": (POST, May.TEACH),
    "layout-sample": (POST, May.TEACH),
    "layout-save": (POST, May.TEACH),
    "layout-go-back": (POST, May.TEACH),
    "layout-offer": (POST, May.OFFER),
    "layout-remove": (POST, May.TEACH),
}
OF_WHAT_IS_DELETED = {"document-restore": May.DELETE, "layout-bring-back": May.TEACH}
BY_NAME = {"layout-export": May.SEE, "layout-blank": May.SEE, "layout-duplicate": May.TEACH}
OF_A_PLACE = {*OF_A_DOCUMENT, *OF_A_LAYOUT, *OF_WHAT_IS_DELETED, *BY_NAME}

ANYWHERE: dict[str, May] = {"upload": May.UPLOAD, "layout-new": May.TEACH, "error-rate": May.CHOOSE, "audit": May.AUDIT}
"""Addresses without a document or layout that ask for a right, wherever the person has it."""
FOR_PEOPLE = {
    "history", "export", "layouts", "account", "account-download", "account-close", "account-confirmed", "roles",
    "mfa_index", "mfa_list_webauthn", "mfa_activate_totp", "mfa_view_recovery_codes",
}  # fmt: skip
"""Addresses that everybody who has signed in may open."""
OF_A_PERSON = {
    "person": GET,
    "person-role": POST,
    "person-role-end": POST,
    "person-sign-out": POST,
    "person-suspend": POST,
}
OF_AN_INVITATION = {"invitation-again": POST, "invitation-revoke": POST}
OF_THE_ORGANISATION = {
    "people": May.INVITE, "people-invite": May.INVITE, "people-invite-many": May.INVITE,
    "branches": May.SET_UP, "branch-new": May.SET_UP, "branch": May.SET_UP, "branch-close": May.SET_UP,
}  # fmt: skip
"""Addresses of those who care for people; whoever sets up the organisation may all of it."""
ACTS_ON_ONESELF = {"account-reopen", "account-sign-out-everywhere"}
FOR_ALL_THE_WORLD = {
    "home", "sample", "pad", "drawing-create", "drawing-result", "account-confirm", "account-invitation",
    "health-live", "health-ready", "directory-begin", "directory-finish", "directory-sign-out", "operator",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What stands in a branch: a document that has been read, a layout with its sample, and both deleted."""

    name: str
    branch: int
    document: Document
    reading: FieldReading
    other: FieldReading
    layout: Layout
    deleted: dict[str, Any]

    def address(self, name: str) -> str:
        """The address of this name for what stands here."""
        if name in OF_WHAT_IS_DELETED:
            return reverse(name, args=[self.deleted[name].pk])
        if name in BY_NAME:
            return reverse(name, args=[self.layout.name])
        if name in OF_A_LAYOUT:
            return reverse(name, args=[self.layout.pk, *([1] if name == "layout-go-back" else [])])
        more: dict[str, list[int]] = {"page-image": [1], "page-thumbnail": [1], "table": [1, 1], "table-csv": [1, 1]}
        if name.startswith("column"):
            more[name] = [1, 1, 3]
        if name.startswith("reading"):
            more[name] = [self.reading.pk]
        address = reverse(name, args=[self.document.pk, *more.get(name, [])])
        return f"{address}?with={self.other.pk}" if name == "reading-overlay" else address


@pytest.fixture
def place_of(read_pages: Callable[..., Document], teach: Teach) -> Callable[..., Place]:
    def make(name: str, branch: int, person: User) -> Place:
        facts = {"name": f"{name}.png", "branch_id": branch, "uploaded_by": person}
        document = read_pages(page_with(table_read()), **facts)
        gone = read_pages(page_with(table_read()), **facts | {"name": f"{name}-gone.png"})
        gone.hide()
        layouts = [teach(owner=person, title=f"Slip {name} {number}", sample=not number) for number in (0, 1)]
        Layout.objects.filter(pk__in=[layout.pk for layout in layouts]).update(branch=branch)
        layouts[1].hide()
        numbers = FieldReading.objects.filter(page__document=document).exclude(value="").order_by("pk")
        deleted = {"document-restore": gone, "layout-bring-back": layouts[1]}
        return Place(name, branch, document, numbers[0], numbers[1], Layout.objects.get(pk=layouts[0].pk), deleted)

    return make


@pytest.fixture
def places(staff_of_all: Staff, alice: User, place_of: Callable[..., Place]) -> dict[str, Place]:
    """What stands in the branch, in the other one, and in the private branches of the owner and of Alice."""
    supervisor, owner = staff_of_all.people[Role.SUPERVISOR], staff_of_all.people[Role.OWNER]
    owned: int = owner.private_branch.pk  # type: ignore[attr-defined]
    return {
        "here": place_of("here", staff_of_all.here.pk, supervisor),
        "elsewhere": place_of("elsewhere", staff_of_all.elsewhere.pk, supervisor),
        "owned": place_of("owned", owned, owner),
        "none": place_of("none", alice.private_branch.pk, alice),  # type: ignore[attr-defined]
    }


def allowed(role: Role | None, place: str) -> frozenset[May]:
    """What a role may do in a place, as the table of roles says it."""
    if role is None or place == "none":
        return frozenset()
    if role == Role.OWNER:
        return TABLE[role] if place == "owned" else frozenset()
    if role in (Role.AUDITOR, Role.ADMINISTRATOR):
        return TABLE[role] & {May.SEE} if place != "owned" else frozenset()
    return TABLE[role] if place == "here" else frozenset()


def ask(client: Client, method: str, address: str) -> HttpResponseBase:
    """Ask, and take back what the answer has changed."""
    with transaction.atomic():
        answer: HttpResponseBase = client.generic(method, address)
        transaction.set_rollback(True)
    return answer


def body_of(answer: Any) -> str:
    pieces = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(pieces).decode("utf-8", "replace")


@pytest.fixture
def clients(staff_of_all: Staff) -> dict[Role | None, Client]:
    found: dict[Role | None, Client] = {None: Client()}
    for role, person in staff_of_all.people.items():
        found[role] = Client()
        found[role].force_login(person)
    return found


def test_each_address_has_its_place_in_this_test() -> None:
    """Who adds an address says here who may use it."""
    known = OF_A_PLACE | set(ANYWHERE) | FOR_PEOPLE | ACTS_ON_ONESELF | FOR_ALL_THE_WORLD
    known |= set(OF_A_PERSON) | set(OF_AN_INVITATION) | set(OF_THE_ORGANISATION)
    ours = {pattern.name for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)}
    assert ours == known


@pytest.mark.django_db
def test_each_role_gets_what_the_table_of_roles_says_in_each_place(
    clients: dict[Role | None, Client], places: dict[str, Place], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, cells = [], 0
    for role, client in clients.items():
        for place in places.values():
            may = allowed(role, place.name)
            for name, (method, action) in (OF_A_DOCUMENT | OF_A_LAYOUT).items():
                answer = ask(client, method, place.address(name))
                cells += 1
                expected = "found" if action in may else "forbidden" if May.SEE in may else "hidden"
                if verdict_on(answer, role) != expected or leaks(answer, place, may):
                    wrong.append((role, place.name, name, answer.status_code, expected))
            for name, action in OF_WHAT_IS_DELETED.items():
                answer = ask(client, POST, place.address(name))
                cells += 1
                # Who sees the layout but may not teach it is told so; a deleted document is hidden from all others.
                denied = "forbidden" if May.SEE in may and name == "layout-bring-back" else "hidden"
                expected = "found" if action in may else denied
                if verdict_on(answer, role) != expected or leaks(answer, place, may):
                    wrong.append((role, place.name, name, answer.status_code, expected))
    assert not wrong
    with capsys.disabled():
        print(
            f"\n{cells:,} cells: {len(clients)} roles × {len(places)} places × {cells // len(clients) // len(places)}"
        )


def verdict_on(answer: HttpResponseBase, role: Role | None) -> str:
    """What an answer comes to: "found", "forbidden" or "hidden"; a guest is sent to sign in, or finds nothing."""
    status = answer.status_code
    if role is None and status == 302 and answer["Location"].startswith(reverse("account_login")):
        return "hidden"
    return {403: "forbidden", 404: "hidden"}.get(status, "found" if status < 500 else "broken")


def leaks(answer: HttpResponseBase, place: Place, may: frozenset[May]) -> bool:
    """Whether an answer names what the person may not see."""
    return May.SEE not in may and any(word in body_of(answer) for word in (f"{place.name}.png", f"Slip {place.name}"))


@pytest.mark.django_db
def test_people_are_cared_for_by_their_supervisor_and_by_administrators(
    clients: dict[Role | None, Client], staff_of_all: Staff, join: Join, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a clerk here, a clerk elsewhere, and somebody who works alone."""
    cells = 0
    for place, at in (("here", staff_of_all.here), ("elsewhere", staff_of_all.elsewhere), ("none", None)):
        person = join(Role.CLERK if at else Role.OWNER, at, email=f"new-{place}@bank.example")
        held = person.memberships.exclude(role=Role.OWNER).first()
        invitation = Invitation.objects.create(email=f"x-{place}@bank.example", branch=at, role="clerk" if at else "")
        for role, client in clients.items():
            cares = role == Role.ADMINISTRATOR or (role == Role.SUPERVISOR and place == "here")
            for name, method in (OF_A_PERSON | OF_AN_INVITATION).items():
                row = person if name in OF_A_PERSON else invitation
                more = [held.pk if held else 0] if name == "person-role-end" else []
                answer = ask(client, method, reverse(name, args=[row.pk, *more]))
                cells += 1
                denied = "hidden" if role in (None, Role.SUPERVISOR) else "forbidden"
                if cares and name == "person-suspend" and role == Role.SUPERVISOR:
                    expected = "forbidden"
                elif cares and name == "person-role-end" and at is None:
                    expected = "hidden"  # there is nothing to end
                else:
                    expected = "found" if cares else denied
                assert verdict_on(answer, role) == expected, (role, place, name)
                assert cares or f"{place}@bank.example" not in body_of(answer)
    for role, client in clients.items():
        for name, action in OF_THE_ORGANISATION.items():
            method = POST if name in ("people-invite-many", "branch-close") else GET
            more = [staff_of_all.here.pk] if name in ("branch", "branch-close") else []
            answer = ask(client, method, reverse(name, args=more))
            cells += 1
            may = role == Role.ADMINISTRATOR or (role == Role.SUPERVISOR and action == May.INVITE)
            expected = "found" if may else "hidden" if role is None else "forbidden"
            assert verdict_on(answer, role) == expected, (role, name)
    with capsys.disabled():
        print(f"\n{cells} cells of people and branches")


@pytest.mark.django_db
def test_layouts_are_found_by_name_where_the_branch_reads_with_them(
    clients: dict[Role | None, Client], places: dict[str, Place]
) -> None:
    for role, client in clients.items():
        for place in places.values():
            seen = allowed(role, place.name)
            export = ask(client, GET, place.address("layout-export"))
            assert (export.status_code == 200) == bool(seen), (role, place.name)
            assert seen or not leaks(export, place, frozenset())
            copy = ask(client, POST, place.address("layout-duplicate"))
            copies = bool(seen) and May.TEACH in allowed(role, place.name)
            begun = copy.status_code == 302 and copy["Location"].startswith(reverse("layouts"))
            assert begun == copies, (role, place.name)
            assert ask(client, GET, place.address("layout-blank")).status_code in (302, 404), (
                "it has no printable sheet"
            )


@pytest.mark.django_db
def test_addresses_without_a_place_ask_for_their_right(
    clients: dict[Role | None, Client], places: dict[str, Place]
) -> None:
    alone = {Role.OWNER: TABLE[Role.OWNER], Role.ADMINISTRATOR: TABLE[Role.OWNER] | TABLE[Role.ADMINISTRATOR]}
    for role, client in clients.items():
        for name, action in ANYWHERE.items():
            answer = ask(client, GET, reverse(name))
            if role is None:
                assert answer["Location"].startswith(reverse("account_login")), name
            else:
                expected = 200 if action in alone.get(role, TABLE[role]) else 403
                assert answer.status_code == expected, (role, name)


@pytest.mark.django_db
def test_lists_and_exports_hold_what_the_person_may_see_and_nothing_else(
    clients: dict[Role | None, Client], places: dict[str, Place]
) -> None:
    lists = [
        reverse("history"),
        reverse("history") + "?q=.png",
        *(reverse("export", args=[form]) for form in ("csv", "json")),
    ]
    for role, client in clients.items():
        for address in [*lists, reverse("layouts"), reverse("history") + "?state=deleted"]:
            text = body_of(ask(client, GET, address))
            for place in places.values():
                may = allowed(role, place.name)
                word = f"Slip {place.name} 0" if "layouts" in address else f"{place.name}.png"
                if "deleted" in address:
                    word, may = f"{place.name}-gone.png", may & {May.DELETE}
                assert (word in text) == bool(may & {May.SEE, May.DELETE}), (role, address, place.name)


@pytest.mark.django_db
def test_nobody_takes_along_what_belongs_to_a_branch(
    clients: dict[Role | None, Client], places: dict[str, Place]
) -> None:
    for role, client in clients.items():
        if role is not None:
            text = body_of(ask(client, GET, reverse("account-download")))
            held = [place.name for place in places.values() if str(place.document.pk) in text]
            assert held == (["owned"] if role == Role.OWNER else []), role


def names_in(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, int]]:
    """The name of each address, and how many things it asks for."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name, len(pattern.pattern.regex.groupindex)


@pytest.mark.django_db
def test_no_other_address_breaks(clients: dict[Role | None, Client], places: dict[str, Place]) -> None:
    """allauth's pages, and those of everybody."""
    included = [pattern for pattern in get_resolver().url_patterns if isinstance(pattern, URLResolver)]
    allauth = [
        names for pattern in included if not str(pattern.pattern).startswith("admin") for names in names_in([pattern])
    ]
    addresses = set()
    for name, count in [*allauth, *((name, None) for name in FOR_ALL_THE_WORLD | FOR_PEOPLE)]:
        try:
            addresses.add(reverse(name, args=["csv"] if name == "export" else ["x"] * (count or 0)))
        except NoReverseMatch:
            continue  # it takes a number or a key, and "x" is neither
    assert len(addresses) > 30
    for client in clients.values():
        for address in addresses - {reverse("account_logout"), reverse("health-ready")}:  # no worker is alive here
            assert ask(client, GET, address).status_code < 500, address


@pytest.mark.django_db
def test_the_operators_site_is_closed_to_every_role(clients: dict[Role | None, Client]) -> None:
    asked = 0
    for name, count in names_in(admin.site.get_urls()):
        if count or name in ("login", "logout", "jsi18n"):
            continue
        for role, client in clients.items():
            answer = ask(client, GET, reverse(f"admin:{name}"))
            asked += 1
            assert answer.status_code in (302, 403, 404), (role, name)
            assert answer.status_code != 302 or "/login/" in answer["Location"] or "/password/" in answer["Location"]
    assert asked > 20
