"""The record of what happened, for auditors: everything, with filters to find it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Action, AuditEvent, Branch, User
from accounts.models.audit import record
from accounts.roles import May
from portal.http import OwnRequest

PAGE_SIZE = 50


class AuditFilter(forms.Form):
    """Which events an auditor looks for. A field that is filled in wrongly finds nothing."""

    person = forms.CharField(label="Person", required=False, max_length=254, help_text="By their e-mail address.")
    action = forms.ChoiceField(label="What", required=False, choices=[("", "Everything"), *Action.choices])
    branch = forms.ModelChoiceField(
        Branch.objects.filter(private_of=None), label="Branch", required=False, empty_label="All branches"
    )
    about = forms.CharField(label="About", required=False, max_length=80, help_text="A document’s key, for example.")
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def events(self) -> QuerySet[AuditEvent]:
        """The events that match, the latest first."""
        found = AuditEvent.objects.order_by("-number")
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        if asked["person"]:
            found = found.filter(actor__in=User.objects.filter(email__iexact=asked["person"]).values("pk"))
        if asked["action"]:
            found = found.filter(action=asked["action"])
        if asked["branch"]:
            found = found.filter(branch=asked["branch"].pk)
        if asked["about"]:
            found = found.filter(about__endswith=asked["about"].strip())
        if asked["since"]:
            found = found.filter(at__date__gte=asked["since"])
        if asked["until"]:
            found = found.filter(at__date__lte=asked["until"])
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """An event as the page tells it: with the names of people and branches."""

    event: AuditEvent
    actor: str
    branch: str
    about: str

    @property
    def facts(self) -> str:
        """What was before and after, and the other facts, in a line."""
        return " · ".join(f"{name}: {fact}" for name, fact in sorted(self.event.facts.items()))


def told(events: Iterable[AuditEvent]) -> list[Told]:
    """The events with their names, which take two queries."""
    events = list(events)
    named = {int(event.about.removeprefix("user ")) for event in events if event.about.startswith("user ")}
    people = dict(User.objects.filter(pk__in=named | {event.actor for event in events}).values_list("pk", "email"))
    by_name = {f"user {pk}": email for pk, email in people.items()}
    branches = Branch.objects.in_bulk({event.branch for event in events if event.branch is not None})
    return [
        Told(
            event,
            people.get(event.actor, f"account {event.actor}, which is gone") if event.actor else "the site, or a guest",
            str(branches.get(event.branch, "")) if event.branch else "",
            by_name.get(event.about, event.about),
        )
        for event in events
    ]


@never_cache
@login_required
@require_safe
def listing(request: OwnRequest) -> HttpResponse:
    """Show a page of the record. That somebody looked at it is recorded too."""
    if not request.user.rights.anywhere(May.AUDIT):
        raise PermissionDenied
    form = AuditFilter(request.GET)
    page = Paginator(form.events(), PAGE_SIZE).get_page(request.GET.get("page"))
    events = told(page.object_list)
    record(Action.AUDITED, page=page.number, filtered=any(form.cleaned_data.values()))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "events": events, "query": query.urlencode()}
    return render(request, "people/audit.html", context)
