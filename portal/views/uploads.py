"""The upload of files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.roles import May
from portal.forms import UploadForm
from portal.http import OwnRequest
from portal.uploads import take_in
from recognition.allowance import Allowance
from recognition.presented import flags_of
from worker.limits import limits


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: OwnRequest) -> HttpResponse:
    """Show the upload page. A POST takes in one file or many, and shows what became of each.

    A request that is sent again with the same key gives the same documents (`Idempotency-Key`, or the form's field).
    """
    branches = request.user.rights.branches(May.UPLOAD)
    if not branches:
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "documents/upload.html", _page(request, UploadForm(branches=branches)))
    form = UploadForm(_posted(request), request.FILES, branches=branches)
    outcomes = []
    if form.is_valid():
        branch, layout = form.cleaned_data["branch_id"], form.cleaned_data["layout"]
        outcomes = [
            take_in(request.user, file, branch_id=branch, layout=layout, key=key) for file, key in form.keyed_files()
        ]
    template = "documents/_outcomes.html" if request.htmx else "documents/upload.html"
    kept = [outcome.document for outcome in outcomes if outcome.document]
    context = _page(request, form) | {"outcomes": outcomes, "flagged": flags_of(request.user, kept)}
    return render(request, template, context, status=HTTPStatus.OK if kept else HTTPStatus.UNPROCESSABLE_ENTITY)


def _posted(request: OwnRequest) -> QueryDict:
    """What was posted. The header, which is a quoted text, stands for the form's field."""
    posted = request.POST.copy()
    key = request.headers.get("Idempotency-Key", "").strip('"')
    if key:
        posted["idempotency_key"] = key
    return posted


def _page(request: OwnRequest, form: UploadForm) -> dict[str, Any]:
    return {"form": form, "limits": limits(), "allowance": Allowance.of(request.user)}
