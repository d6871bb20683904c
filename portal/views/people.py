"""The people of a branch or of the organisation: who is what, invitations, and what is done about an account."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import (
    get_invitation_for,
    get_membership_for,
    get_person_for,
    invitations_for,
    memberships_for,
    people_for,
    require_set_up,
    roles_given_by,
    sets_up,
)
from accounts.access import invite as invite_address
from accounts.models import INVITATION_DAYS, Action, Invitation, Membership, User
from accounts.models.audit import record
from accounts.roles import TABLE, WORDS, May, Role
from accounts.step_up import with_fresh_second_factor
from portal.http import OwnRequest
from portal.people_forms import CSV_COLUMNS, SHOWN_ERRORS, InviteForm, InviteManyForm, RoleForm

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def listing(request: OwnRequest) -> HttpResponse:
    """Show the people for whom this person cares, and the invitations that are open."""
    asked = request.GET.get("q", "").strip()
    people = _with_roles(request.user, people_for(request.user).filter(email__icontains=asked))
    invited = invitations_for(request.user).filter(accepted_at=None, email__contains=asked.lower())
    context = {
        "page": Paginator(people, PAGE_SIZE).get_page(request.GET.get("page")),
        "asked": asked,
        "query": urlencode({"q": asked}) if asked else "",
        "invitations": invited.order_by("-sent_at")[:PAGE_SIZE],
        "sets_up": sets_up(request.user),
    }
    return render(request, "people/list.html", context)


def _with_roles(user: User, people: QuerySet[User]) -> QuerySet[User]:
    """The people, each with the roles that they have now."""
    held = Membership.objects.now().exclude(role=Role.OWNER).select_related("branch")
    if not sets_up(user):
        held = held.filter(branch__in=user.rights.branches(May.INVITE))
    return people.order_by("email").prefetch_related(Prefetch("memberships", held, "roles_now"))


@never_cache
@login_required
@require_safe
def show(request: OwnRequest, pk: int) -> HttpResponse:
    """Show one person: their roles now and before, and where they are signed in."""
    return _page(request, get_person_for(request.user, pk))


def _page(request: OwnRequest, person: User, form: RoleForm | None = None) -> HttpResponse:
    held, reaches = list(memberships_for(request.user, person)), _is_within_reach(request.user, person)
    context = {
        "person": person,
        "is_oneself": person == request.user,
        "roles_now": [one for one in held if one.until is None],
        "roles_before": [one for one in held if one.until is not None],
        "ends": roles_given_by(request.user),
        "form": form or RoleForm(by=request.user),
        "reaches": reaches,
        "sessions": UserSession.objects.purge_and_list(person) if reaches else [],
        "sets_up": sets_up(request.user),
    }
    return render(request, "people/person.html", context, status=422 if form else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_fresh_second_factor("POST")
def invite(request: OwnRequest) -> HttpResponse:
    """Invite an address, with its role."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        email, role, branch = (form.cleaned_data[name] for name in ("email", "role", "branch"))
        try:
            _tell(request, invite_address(request.user, email, role, branch))
        except ValidationError as refusal:
            form.add_error("email", refusal)
        except OSError as error:
            messages.error(request, f"The mail to {email} did not go out ({error}). Send it again from the list.")
        if not form.errors:
            return redirect("people")
    context = {"form": form, "many": InviteManyForm(by=request.user), "days": INVITATION_DAYS, "columns": CSV_COLUMNS}
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


def _tell(request: OwnRequest, invitation: Invitation) -> None:
    told = f"{invitation.email} is invited. The link in the mail holds for {INVITATION_DAYS} days."
    messages.success(request, told)


@login_required
@require_POST
@with_fresh_second_factor("POST")
def invite_many(request: OwnRequest) -> HttpResponse:
    """Invite all people of a CSV file."""
    form = InviteManyForm(request.POST, request.FILES, by=request.user)
    if not form.is_valid():
        context = {"form": InviteForm(by=request.user), "many": form, "days": INVITATION_DAYS, "columns": CSV_COLUMNS}
        return render(request, "people/invite.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    unsent, refused = [], []
    for one in form.people:
        try:
            invite_address(request.user, one.email, one.role, one.branch)
        except OSError:
            unsent.append(one.email)
        except ValidationError as refusal:
            refused.append(f"{one.email}: {refusal.messages[0]}")
    messages.success(request, f"{len(form.people) - len(refused)} people are invited.")
    for why in refused[:SHOWN_ERRORS]:
        messages.warning(request, why)
    if unsent:
        messages.error(request, f"{len(unsent)} mails did not go out. Send them again from the list.")
    return redirect("people")


@login_required
@require_POST
@with_fresh_second_factor("POST")
def send_again(request: OwnRequest, pk: int) -> HttpResponse:
    """Mail an invitation once more, valid from now on."""
    invitation = get_invitation_for(request.user, pk)
    try:
        invitation.send()
    except OSError as error:
        messages.error(request, f"The mail to {invitation.email} did not go out ({error}).")
    else:
        _tell(request, invitation)
    return redirect("people")


@login_required
@require_POST
def revoke(request: OwnRequest, pk: int) -> HttpResponse:
    """Make an invitation's link invalid."""
    invitation = get_invitation_for(request.user, pk)
    if invitation.revoke():
        messages.success(request, f"The invitation of {invitation.email} is revoked.")
    else:
        messages.info(request, f"{invitation.email} has used the invitation already.")
    return redirect("people")


@login_required
@require_POST
@with_fresh_second_factor("POST")
def give(request: OwnRequest, pk: int) -> HttpResponse:
    """Give a person a role."""
    person = _other(request, pk)
    form = RoleForm(request.POST, by=request.user)
    if not form.is_valid():
        return _page(request, person, form)
    made = Membership.give(person, form.cleaned_data["role"], form.cleaned_data["branch"], by=request.user)
    messages.success(request, f"{person} is {made} from now on.")
    return redirect("person", pk)


@login_required
@require_POST
@with_fresh_second_factor("POST")
def end(request: OwnRequest, pk: int, membership: int) -> HttpResponse:
    """End a role of a person."""
    person = get_person_for(request.user, pk)
    held = get_membership_for(request.user, person, membership)
    held.end(by=request.user)
    messages.success(request, f"{person} is no longer {held}.")
    return redirect("person", pk) if people_for(request.user).filter(pk=pk).exists() else redirect("people")


@login_required
@require_POST
def end_sessions(request: OwnRequest, pk: int) -> HttpResponse:
    """Sign a person out everywhere."""
    person = _other(request, pk)
    if not _is_within_reach(request.user, person):
        raise PermissionDenied
    with transaction.atomic():
        get_sessions_adapter().end_sessions(UserSession.objects.filter(user=person))
        record(Action.SESSIONS_ENDED, person)
    messages.success(request, f"{person} is signed out everywhere.")
    return redirect("person", pk)


@login_required
@require_POST
@with_fresh_second_factor("POST")
def suspend(request: OwnRequest, pk: int) -> HttpResponse:
    """Keep a person out until they are let in again; with `to` as "in", let them in again."""
    person = _other(request, pk)
    require_set_up(request.user)
    if person.left_at is not None:
        raise PermissionDenied
    if request.POST.get("to") != "in":
        person.suspend()
        get_sessions_adapter().end_sessions(UserSession.objects.filter(user=person))
        messages.success(request, f"{person} cannot sign in until you let them in again.")
    else:
        person.let_in()
        messages.success(request, f"{person} can sign in again.")
    return redirect("person", pk)


def _is_within_reach(user: User, person: User) -> bool:
    """Whether this person cares for all that the other one is, so that the other's sessions are theirs to end."""
    held = person.memberships.now().exclude(role=Role.OWNER)
    return sets_up(user) or not held.exclude(pk__in=memberships_for(user, person).values("pk")).exists()


def _other(request: OwnRequest, pk: int) -> User:
    """A person for whom this one cares, and who is another one; raises PermissionDenied where they are the same."""
    person = get_person_for(request.user, pk)
    if person == request.user:
        raise PermissionDenied
    return person


@login_required
@require_safe
def roles(request: OwnRequest) -> HttpResponse:
    """Show the table of roles."""
    context = {
        "roles": [(role, WORDS[role]) for role in Role],
        "rows": [(action.label, [action in TABLE[role] for role in Role]) for action in May],
        "own": Membership.objects.now().filter(person=request.user).exclude(role=Role.OWNER).select_related("branch"),
    }
    return render(request, "people/roles.html", context)
