"""The list of layouts, and the editor in which a person teaches the portal a form, with a sample of it."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Action, User
from accounts.models.audit import record
from accounts.roles import May
from ml.reading.errors import BadLayout
from ml.reading.forms.layout_json import layout_as_json, shipped_layouts, storable_json
from ml.reading.forms.layouts import Layout as Taught
from portal.http import OwnRequest
from portal.layout_forms import NewLayoutForm, SampleForm
from portal.uploads import take_in_sample
from portal.views.files import private_jpeg
from recognition.access import get_layout_for, layouts_of
from recognition.allowance import NoRoom
from recognition.layouts import forms, layout_for
from recognition.models import Layout
from recognition.models.layout import TITLE_LENGTH, Outdated
from worker.send import send_sample

DRAFT_BYTES = 200_000
"""The most bytes of a draft. A draft of sixty fields has 20,000."""


@never_cache
@login_required
@require_safe
def listing(request: OwnRequest) -> HttpResponse:
    """Show all layouts that this person may read with, and those that were removed in their branches."""
    kept = layouts_of(request.user).prefetch_related("versions")
    taken = {layout.name for layout in kept} | {layout.name for layout in shipped_layouts()}
    context = {
        "alone": request.user.rights.works_alone,
        "own": kept,
        "removed": layouts_of(request.user, deleted=True).filter(request.user.rights.where(May.TEACH)),
        "offered": {
            name: title for name, title in forms(request.user.rights.branches(May.SEE)).items() if name not in taken
        },
        "shipped": shipped_layouts(),
    }
    return render(request, "layouts/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OwnRequest) -> HttpResponse:
    """Create a layout from a sample, from a layout's JSON, or from a title alone."""
    form = NewLayoutForm(request.POST or None, request.FILES or None, branches=_where_to_teach(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("layout", _begin(request.user, form).pk)
        except NoRoom as full:
            form.add_error("sample", str(full))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "layouts/new.html", {"form": form}, status=status)


@transaction.atomic
def _begin(person: User, form: NewLayoutForm) -> Layout:
    """The layout that the form asks for.

    Raises:
        NoRoom: For its sample; then nothing was begun.
    """
    taught: Taught | None = form.cleaned_data["definition"]
    title = form.cleaned_data["title"] or (taught.title if taught else "") or "New form"
    layout = Layout.begin(form.cleaned_data["branch_id"], person, title, _draft_of(taught) if taught else None)
    if form.cleaned_data["sample"] is not None:
        take_in_sample(layout, form.cleaned_data["sample"])
    record(Action.LAYOUT_BEGUN, layout, branch=layout.branch_id)
    return layout


@login_required
@require_POST
def duplicate(request: OwnRequest, name: str) -> HttpResponse:
    """Create a copy of a layout. The sample is copied only where this person may teach the layout itself."""
    taught, branch = _usable(request, name), _where_to_teach(request.user)[0]
    source = layouts_of(request.user).filter(name=name).exclude(original="").first()
    if source is not None and May.TEACH in request.user.rights.on(source.branch_id):
        branch = source.branch_id
    else:
        source = None
    with transaction.atomic():
        layout = Layout.begin(branch, request.user, f"{taught.title or taught.name}, copy", _draft_of(taught))
        record(Action.LAYOUT_BEGUN, layout, branch=branch, copy_of=name)
    if source is not None:
        with source.original.open("rb") as original:
            data = original.read()
        try:
            take_in_sample(layout, data)
        except NoRoom as full:
            messages.error(request, f"The sample was not copied. {full}")
    return redirect("layout", layout.pk)


@never_cache
@login_required
@require_safe
def edit(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the editor."""
    layout = get_layout_for(request.user, pk)
    context = {
        "layout": layout,
        "versions": layout.versions.all(),
        "form": SampleForm(),
        "state": {**_state(layout), "title": layout.title, "fields": layout.draft.get("fields", [])},
    }
    return render(request, "layouts/edit.html", context)


@login_required
@require_POST
def draft(request: OwnRequest, pk: uuid.UUID) -> JsonResponse:
    """Save the draft, finished or not. The sample is then read with it if the draft can read."""
    layout = get_layout_for(request.user, pk)
    try:
        base, title, fields = _change_in(request.body)
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"problem": "This could not be kept: it is no layout."}, status=HTTPStatus.BAD_REQUEST)
    try:
        layout.keep_draft(base, title or layout.title, fields)
    except Outdated as outdated:
        return JsonResponse({"problem": str(outdated)}, status=HTTPStatus.CONFLICT)
    if layout.sample_state == Layout.Sample.READY and not layout.problem:
        send_sample(layout)
    return JsonResponse(_state(layout))


def _change_in(body: bytes) -> tuple[int, str, list[dict[str, Any]]]:
    """The revision that was changed, the title and the fields.

    Raises:
        ValueError, TypeError, KeyError: The body holds anything else.
    """
    change: Any = storable_json(body) if len(body) <= DRAFT_BYTES else None
    base, title, fields = change["base"], change["title"], change["fields"]
    if not (isinstance(base, int) and isinstance(title, str) and isinstance(fields, list)):
        raise TypeError
    if not all(isinstance(field, dict) for field in fields):
        raise TypeError
    return base, title.strip()[:TITLE_LENGTH], fields


@never_cache
@login_required
@require_safe
def state(request: OwnRequest, pk: uuid.UUID) -> JsonResponse:
    """Answer how far the sample is and how it reads. A message that may be lost is sent again."""
    layout = get_layout_for(request.user, pk)
    answer = _state(layout)
    if answer["busy"] and layout.should_ask_again():
        send_sample(layout)
    return JsonResponse(answer)


def _state(layout: Layout) -> dict[str, Any]:
    """The facts that the editor needs after each change."""
    problem = layout.problem
    ready = layout.sample_state == Layout.Sample.READY
    unread = ready and not problem and layout.read_revision < layout.revision
    newest = layout.newest
    return {
        "revision": layout.revision,
        "problem": problem,
        "sample": layout.sample_state,
        "reason": layout.reason,
        "busy": unread or layout.sample_state == Layout.Sample.WAITING,
        "readings": layout.readings if ready and layout.read_revision == layout.revision else None,
        "saved": newest is not None and newest.revision == layout.revision,
    }


@require_safe
@login_required
def sample_image(request: OwnRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Send the sample's sheet to those who may teach the layout."""
    layout = get_layout_for(request.user, pk)
    if layout.sample_state != Layout.Sample.READY:
        raise Http404
    return private_jpeg(request, layout.sample, str(layout.sample.name).rsplit("/", 1)[-1])


@login_required
@require_POST
def sample(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Replace the sample. The fields stay at their places on the sheet."""
    layout = get_layout_for(request.user, pk)
    form = SampleForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(form.errors["sample"][0]))
        return redirect("layout", pk)
    try:
        take_in_sample(layout, form.cleaned_data["sample"])
    except NoRoom as full:
        messages.error(request, str(full))
    return redirect("layout", pk)


@login_required
@require_POST
def save(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Save the draft as the version that reads documents from now on."""
    layout = get_layout_for(request.user, pk)
    try:
        version = layout.save_version()
    except BadLayout as error:
        messages.error(request, str(error))
        return redirect("layout", pk)
    known = version.taught.landmarks is not None or version.taught.micr is not None
    tail = (
        "" if known else " It prints too little to be recognised: choose it when you upload, and cut pictures as here."
    )
    messages.success(request, f"Version {version.number} is saved and reads from now on.{tail}")
    return redirect("layout", pk)


@login_required
@require_POST
def go_back(request: OwnRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Make an earlier version the draft again."""
    layout = get_layout_for(request.user, pk)
    version = layout.versions.filter(number=number).first()
    if version is None:
        raise Http404
    layout.go_back_to(version)
    layout.refresh_from_db()
    if layout.sample_state == Layout.Sample.READY:
        send_sample(layout)
    messages.success(request, f"The fields are those of version {number}. Undo brings back what you had.")
    return redirect("layout", pk)


@login_required
@require_POST
def offer(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Offer a layout to everybody; with `to` as "branch", stop offering it."""
    layout = get_layout_for(request.user, pk, May.OFFER)
    to_all = request.POST.get("to") != "branch"
    layout.offer(to_all=to_all)
    messages.success(request, "Everybody can use it now." if to_all else "Only its branch can use it again.")
    return redirect("layout", pk)


@login_required
@require_POST
def remove(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Hide a layout. It can be brought back from the list."""
    layout = get_layout_for(request.user, pk)
    layout.hide()
    messages.success(request, f"{layout.title} is removed. For seven days it can be brought back below.")
    return redirect("layouts")


@login_required
@require_POST
def bring_back(request: OwnRequest, pk: uuid.UUID) -> HttpResponse:
    """Bring a removed layout back."""
    layout = get_layout_for(request.user, pk, deleted=True)
    layout.restore()
    messages.success(request, f"{layout.title} is back.")
    return redirect("layouts")


@login_required
@require_safe
def export(request: OwnRequest, name: str) -> HttpResponse:
    """Send a layout as JSON, which another installation can import."""
    data = json.dumps(layout_as_json(_usable(request, name)), ensure_ascii=False, indent=1)
    head = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(data, content_type="application/json", headers=head)


def _where_to_teach(user: User) -> list[int]:
    """The keys of the branches in which this person may begin a layout; raises PermissionDenied where there is none."""
    branches = user.rights.branches(May.TEACH)
    if not branches:
        raise PermissionDenied
    return branches


def _usable(request: OwnRequest, name: str) -> Taught:
    """A layout with fields that this person may read with; raises Http404 where there is none."""
    seen = layouts_of(request.user).filter(name=name).values_list("branch", flat=True)
    found = layout_for([*request.user.rights.branches(May.SEE), *seen], name)
    if found is None or not found.fields:
        raise Http404
    return found


def _draft_of(taught: Taught) -> dict[str, Any]:
    definition = layout_as_json(taught)
    return {key: value for key, value in definition.items() if key not in ("name", "title", "version")}
