"""The branches of the organisation, for its administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import branches_run_by, get_branch_for, require_set_up
from accounts.models import Action, Branch, Organisation
from accounts.models.audit import record
from accounts.step_up import with_fresh_second_factor
from portal.http import OwnRequest
from portal.people_forms import BranchForm


@never_cache
@login_required
@require_safe
def listing(request: OwnRequest) -> HttpResponse:
    """Show all branches, with how many people each has."""
    require_set_up(request.user)
    people = Count("memberships__person", filter=Q(memberships__until=None), distinct=True)
    context = {"branches": branches_run_by(request.user).annotate(people=people).order_by("closed_at", "name")}
    return render(request, "people/branches.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_fresh_second_factor("POST")
def new(request: OwnRequest) -> HttpResponse:
    """Set up a new branch."""
    require_set_up(request.user)
    return _edit(request, Branch(organisation=Organisation.ours()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_fresh_second_factor("POST")
def edit(request: OwnRequest, pk: int) -> HttpResponse:
    """Change what a branch is called, and its settings."""
    return _edit(request, get_branch_for(request.user, pk))


def _edit(request: OwnRequest, branch: Branch) -> HttpResponse:
    form = BranchForm(request.POST or None, instance=branch)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            branch = form.save()
            record(
                Action.BRANCH_CHANGED,
                branch,
                branch=branch.pk,
                after={key: form.cleaned_data[key] for key in form.changed_data},
            )
        messages.success(request, f"{branch} is set up.")
        return redirect("branches")
    return render(request, "people/branch.html", {"form": form, "branch": branch}, status=422 if form.errors else 200)


@login_required
@require_POST
@with_fresh_second_factor("POST")
def close(request: OwnRequest, pk: int) -> HttpResponse:
    """Close a branch; with `to` as "open", open it again. Of a closed one auditors alone see what belongs to it."""
    branch = get_branch_for(request.user, pk)
    branch.closed_at = None if request.POST.get("to") == "open" else branch.closed_at or timezone.now()
    with transaction.atomic():
        branch.save(update_fields=["closed_at"])
        record(Action.BRANCH_CHANGED, branch, branch=branch.pk, after="closed" if branch.closed_at else "open")
    messages.success(request, f"{branch} is {'closed' if branch.closed_at else 'open again'}.")
    return redirect("branches")
