"""The pages of people and branches: who is invited, gets a role, loses it, and is kept out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Branch, Invitation, Membership, User
from accounts.roles import May, Role
from tests.fixtures_branches import Join
from tests.fixtures_people import PASSWORD

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture
def supervisor(join: Join) -> User:
    return join(Role.SUPERVISOR)


@pytest.fixture
def administrator(join: Join) -> User:
    return join(Role.ADMINISTRATOR)


@pytest.fixture
def by_supervisor(supervisor: User, signed_in: SignedIn) -> Client:
    return signed_in(supervisor)


@pytest.fixture
def by_administrator(administrator: User, signed_in: SignedIn) -> Client:
    return signed_in(administrator)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_supervisor_invites_a_clerk_who_then_works_in_the_branch(
    by_supervisor: Client, supervisor: User, branch: Branch, mailoutbox: list[Any], client: Client
) -> None:
    asked = {"email": "Ann@Bank.example", "role": "clerk", "branch": branch.pk}
    answer = by_supervisor.post(reverse("people-invite"), asked, follow=True)
    assert "ann@bank.example is invited." in text_of(answer)
    link = next(word for word in mailoutbox[0].body.split() if "/accounts/invitation/" in word)
    client.get(link[link.index("/accounts/") :], follow=True)
    client.post(reverse("account_signup"), {"password1": PASSWORD, "password2": PASSWORD})
    ann = User.objects.get(email="ann@bank.example")
    held = ann.memberships.exclude(role=Role.OWNER).get()
    assert (held.role, held.branch, held.given_by) == ("clerk", branch, supervisor)
    assert ann.rights.branches(May.UPLOAD) == [branch.pk], "what she uploads belongs to the branch"


def link_in(mail: Any) -> str:
    link = next(word for word in mail.body.split() if "/accounts/invitation/" in word)
    return str(link[link.index("/accounts/") :])


def test_who_has_an_account_is_asked_and_gets_the_role_by_the_same_link(
    by_supervisor: Client, branch: Branch, bob: User, mailoutbox: list[Any], client: Client
) -> None:
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    asked = {"email": bob.email, "role": "checker", "branch": branch.pk}
    answer = by_supervisor.post(reverse("people-invite"), asked, follow=True)
    assert "bob@example.com is invited." in text_of(answer), "whether there is an account is not told"
    assert not bob.memberships.filter(branch=branch).exists()
    assert by_supervisor.get(reverse("person", args=[bob.pk])).status_code == 404
    link = link_in(mailoutbox[0])
    assert client.get(link)["Location"].startswith(reverse("account_login"))
    client.force_login(bob)
    assert "you become <strong>Checker</strong> of <strong>New York (NY-01)</strong>" in text_of(client.get(link))
    assert not bob.memberships.filter(branch=branch).exists(), "to open the link changes nothing"
    client.post(link)
    assert bob.rights.on(branch.pk) == {May.SEE}
    assert "It was used." in text_of(client.get(link))


def test_nobody_uses_the_invitation_of_another_address(
    by_supervisor: Client, branch: Branch, bob: User, charlie: User, mailoutbox: list[Any], client: Client
) -> None:
    by_supervisor.post(reverse("people-invite"), {"email": bob.email, "role": "clerk", "branch": branch.pk})
    client.force_login(charlie)
    client.post(link_in(mailoutbox[0]))
    assert not Membership.objects.filter(branch=branch, person__in=[bob, charlie]).exists()


@pytest.mark.parametrize(
    "what", ["revoked", "expired", "its supervisor is none any more", "its supervisor is suspended"]
)
def test_an_invitation_that_no_longer_holds_gives_no_role(
    what: str, supervisor: User, branch: Branch, bob: User
) -> None:
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    invitation = Invitation.into(bob.email, Role.CLERK, branch, by=supervisor)
    if what == "revoked":
        invitation.revoke()
    elif what == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif what == "its supervisor is suspended":
        supervisor.suspend()
    else:
        supervisor.memberships.get(role="supervisor").end()
    Invitation.accept(bob)
    assert not bob.memberships.filter(branch=branch).exists()


def test_a_supervisor_reaches_no_invitation_that_is_not_theirs_to_make(
    by_supervisor: Client, administrator: User, branch: Branch
) -> None:
    higher = Invitation.into("z@bank.example", Role.SUPERVISOR, branch, by=administrator)
    higher.revoke()
    assert by_supervisor.post(reverse("invitation-again", args=[higher.pk])).status_code == 404
    everywhere = Invitation.into("w@bank.example", Role.AUDITOR, None, by=administrator)
    asked = {"email": "w@bank.example", "role": "clerk", "branch": branch.pk}
    answer = by_supervisor.post(reverse("people-invite"), asked)
    assert "Somebody else has invited this address." in text_of(answer)
    everywhere.refresh_from_db()
    assert (everywhere.role, everywhere.branch) == ("auditor", None)


def test_an_account_that_was_shut_is_not_invited_and_not_let_in(
    by_administrator: Client, join: Join, branch: Branch
) -> None:
    gone = join(Role.CLERK)
    gone.leave()
    asked = {"email": gone.email, "role": "clerk", "branch": branch.pk}
    assert "The account of this address was closed" in text_of(by_administrator.post(reverse("people-invite"), asked))
    assert "This account was closed on" in text_of(by_administrator.get(reverse("person", args=[gone.pk])))
    assert by_administrator.post(reverse("person-suspend", args=[gone.pk]), {"to": "in"}).status_code == 403
    assert not User.objects.get(pk=gone.pk).is_active


def test_a_supervisor_ends_no_sessions_of_who_works_elsewhere_too(
    by_supervisor: Client, join: Join, elsewhere: Branch
) -> None:
    clerk = join(Role.CLERK)
    Membership.give(clerk, Role.SUPERVISOR, elsewhere)
    assert "an administrator cares for their sessions" in text_of(by_supervisor.get(reverse("person", args=[clerk.pk])))
    assert by_supervisor.post(reverse("person-sign-out", args=[clerk.pk])).status_code == 403


@pytest.mark.parametrize("role", ["supervisor", "auditor", "administrator", "owner", "king"])
def test_a_supervisor_gives_no_higher_role(role: str, by_supervisor: Client, branch: Branch) -> None:
    answer = by_supervisor.post(reverse("people-invite"), {"email": "a@b.example", "role": role, "branch": branch.pk})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_supervisor_invites_into_no_other_branch(by_supervisor: Client, elsewhere: Branch) -> None:
    asked = {"email": "a@b.example", "role": "clerk", "branch": elsewhere.pk}
    assert by_supervisor.post(reverse("people-invite"), asked).status_code == 422
    assert not Invitation.objects.exists()


def test_nobody_gives_themselves_a_role(
    by_administrator: Client, administrator: User, by_supervisor: Client, supervisor: User, branch: Branch
) -> None:
    for client, person, role in ((by_administrator, administrator, "auditor"), (by_supervisor, supervisor, "clerk")):
        before = list(person.memberships.values_list("pk", flat=True))
        answer = client.post(reverse("person-role", args=[person.pk]), {"role": role, "branch": branch.pk})
        assert answer.status_code == 403
        asked = {"email": person.email, "role": role, "branch": branch.pk}
        assert "This is your own address" in text_of(client.post(reverse("people-invite"), asked))
        assert list(person.memberships.values_list("pk", flat=True)) == before


def test_the_database_refuses_a_role_that_somebody_gives_themselves(administrator: User, branch: Branch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.give(administrator, Role.SUPERVISOR, branch, by=administrator)
    held = Membership.give(administrator, Role.SUPERVISOR, branch)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=held.pk).update(given_by=administrator)


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_the_database_refuses_a_role_out_of_place(role: str, bob: User, branch: Branch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=bob, branch=branch, role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=bob, role="clerk")


def test_an_auditor_and_an_administrator_are_of_the_whole_organisation(
    by_administrator: Client, bob: User, branch: Branch
) -> None:
    address = reverse("person-role", args=[bob.pk])
    answer = by_administrator.post(address, {"role": "auditor", "branch": branch.pk}, follow=True)
    assert "is Auditor of the whole organisation from now on." in text_of(answer)
    answer = by_administrator.post(address, {"role": "clerk"})
    assert answer.status_code == 422
    assert "Choose the branch in which they are clerk." in text_of(answer)


def test_a_role_that_ends_is_kept_in_the_persons_history_and_holds_no_more(
    by_administrator: Client, administrator: User, join: Join, branch: Branch, signed_in: SignedIn
) -> None:
    clerk = join(Role.CLERK)
    browser = signed_in(clerk)
    held = clerk.memberships.get(role="clerk")
    answer = by_administrator.post(reverse("person-role-end", args=[clerk.pk, held.pk]), follow=True)
    assert "is no longer Clerk of New York (NY-01)." in text_of(answer)
    assert "ended by administrator@bank.example" in text_of(answer)
    held.refresh_from_db()
    assert held.until is not None
    assert held.ended_by == administrator
    assert "New York" not in text_of(browser.get(reverse("upload")))
    assert User.objects.get(pk=clerk.pk).rights.branches(May.UPLOAD) == [clerk.private_branch.pk]  # type: ignore[attr-defined]


def test_a_role_can_be_given_again_after_its_end(join: Join, branch: Branch) -> None:
    clerk = join(Role.CLERK)
    clerk.memberships.get(role="clerk").end()
    again = Membership.give(clerk, Role.CLERK, branch)
    assert Membership.give(clerk, Role.CLERK, branch) == again, "whoever has it keeps it as it is"
    assert clerk.memberships.filter(role="clerk").count() == 2


def test_who_is_suspended_is_signed_out_and_stays_out(by_administrator: Client, join: Join, client: Client) -> None:
    clerk = join(Role.CLERK)
    client.force_login(clerk)
    assert client.get(reverse("history")).status_code == 200
    answer = by_administrator.post(reverse("person-suspend", args=[clerk.pk]), follow=True)
    assert "cannot sign in until you let them in again." in text_of(answer)
    assert client.get(reverse("history")).status_code == 302
    by_administrator.post(reverse("person-suspend", args=[clerk.pk]), {"to": "out"})
    assert not User.objects.get(pk=clerk.pk).is_active, "pressed twice, it stays"
    by_administrator.post(reverse("person-suspend", args=[clerk.pk]), {"to": "in"})
    client.force_login(clerk)
    assert client.get(reverse("history")).status_code == 200


def test_a_supervisor_ends_the_sessions_of_a_clerk(by_supervisor: Client, join: Join, client: Client) -> None:
    clerk = join(Role.CLERK)
    EmailAddress.objects.create(user=clerk, email=clerk.email, verified=True, primary=True)
    client.post(reverse("account_login"), {"login": clerk.email, "password": PASSWORD})
    assert client.get(reverse("history")).status_code == 200
    answer = by_supervisor.post(reverse("person-sign-out", args=[clerk.pk]), follow=True)
    assert "is signed out everywhere." in text_of(answer)
    assert client.get(reverse("history")).status_code == 302


def test_many_are_invited_with_a_list(
    by_administrator: Client, branch: Branch, bob: User, mailoutbox: list[Any]
) -> None:
    lines = (
        f"email,role,branch\nann@bank.example,clerk,ny-01\n{bob.email},Supervisor,NY-01\neve@bank.example,auditor,\n"
    )
    file = SimpleUploadedFile("people.csv", lines.encode())
    answer = by_administrator.post(reverse("people-invite-many"), {"file": file}, follow=True)
    assert "3 people are invited." in text_of(answer)
    assert sorted(Invitation.objects.values_list("email", "role", "branch__code")) == [
        ("ann@bank.example", "clerk", "NY-01"),
        (bob.email, "supervisor", "NY-01"),
        ("eve@bank.example", "auditor", None),
    ]  # fmt: skip
    assert len(mailoutbox) == 3


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (
            "email,role,branch\nann@bank.example,clerk,NY-01\nnobody,clerk,NY-01",
            "Line 3: “nobody” is no e-mail address.",
        ),
        ("email,role,branch\nann@bank.example,king,NY-01", "Line 2: “king” is no role that you give."),
        ("email,role,branch\nann@bank.example,clerk,LA-99", "Line 2: “LA-99” is no code of a branch that you run."),
        (
            "email,role,branch\na@b.example,clerk,NY-01\nA@b.example,checker,NY-01",
            "Line 3: “A@b.example” stands",
        ),
        (f"email,role,branch\n{'a' * 250}@b.example,clerk,NY-01", "is no e-mail address."),
        ("ann@bank.example,clerk,NY-01", "The first line has to name the columns"),
        ("", "empty"),
        ("email,role,branch\n\xff\xfe", "This is no CSV file in UTF-8."),
    ],
)
def test_of_a_list_with_a_wrong_line_nobody_is_invited(
    lines: str, why: str, by_administrator: Client, branch: Branch
) -> None:
    file = SimpleUploadedFile("people.csv", lines.encode("latin-1" if "\xff" in lines else "utf-8"))
    answer = by_administrator.post(reverse("people-invite-many"), {"file": file})
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not Invitation.objects.exists()


def test_an_administrator_sets_a_branch_up_and_closes_it(
    by_administrator: Client, join: Join, signed_in: SignedIn
) -> None:
    facts = {"name": "Boston", "code": "bos-01", "time_zone": "America/New_York", "currency": "usd"}
    answer = by_administrator.post(reverse("branch-new"), facts, follow=True)
    assert "Boston (BOS-01) is set up." in text_of(answer)
    boston = Branch.objects.get(code="BOS-01")
    assert boston.currency == "USD"
    clerk = join(Role.CLERK, boston)
    assert clerk.rights.branches(May.SEE) == [boston.pk, clerk.private_branch.pk]  # type: ignore[attr-defined]
    by_administrator.post(reverse("branch-close", args=[boston.pk]))
    assert boston.pk not in User.objects.get(pk=clerk.pk).rights.branches(May.SEE)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"name": "", "code": "X-1"}, "Give the branch a name."),
        ({"name": "Other", "code": "NY-01"}, "Another branch has this code."),
        ({"name": "Other", "code": "x y"}, "A code has at most 12 capital letters, digits and hyphens."),
        ({"name": "Other", "code": "X-1", "time_zone": "Mars"}, "“Mars” is no time zone."),
        ({"name": "Other", "code": "X-1", "currency": "1"}, "A currency has three capital letters"),
    ],
)
def test_a_branch_that_cannot_be_is_refused_with_the_reason(
    facts: dict[str, str], why: str, by_administrator: Client, branch: Branch
) -> None:
    answer = by_administrator.post(reverse("branch-new"), facts)
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert Branch.objects.filter(private_of=None).count() == 1


def test_the_page_of_roles_says_what_the_table_says(by_supervisor: Client) -> None:
    text = text_of(by_supervisor.get(reverse("roles")))
    assert "You are <strong>Supervisor of New York (NY-01)</strong>." in text
    assert all(action.label in text for action in May)
    assert text.count(">yes<") == sum(len(actions) for actions in _table().values())


def _table() -> dict[Role, frozenset[May]]:
    from accounts.roles import TABLE

    return dict(TABLE)


def test_who_leaves_a_branch_stays_in_its_record(join: Join, branch: Branch) -> None:
    clerk, alone = join(Role.CLERK), join(Role.OWNER)
    home = alone.private_branch.pk  # type: ignore[attr-defined]
    for person in (clerk, alone):
        person.close_at = timezone.now()
        person.leave()
    assert not User.objects.get(pk=clerk.pk).is_active
    assert not clerk.memberships.now().exists()
    assert not User.objects.filter(email=alone.email).exists()
    assert not Branch.objects.filter(pk=home).exists()
