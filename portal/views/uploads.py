"""The upload of files."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portal.forms import UploadForm
from portal.http import OwnRequest
from portal.uploads import take_in
from recognition.presented import flags_of
from worker.limits import limits


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: OwnRequest) -> HttpResponse:
    """Show the upload page. A POST takes in one file or many, and shows what became of each."""
    if request.method != "POST":
        return render(request, "documents/upload.html", {"form": UploadForm(owner=request.user), "limits": limits()})
    form = UploadForm(request.POST, request.FILES, owner=request.user)
    outcomes = []
    if form.is_valid():
        layout = form.cleaned_data["layout"]
        outcomes = [take_in(request.user, file, layout=layout) for file in form.cleaned_data["files"]]
    template = "documents/_outcomes.html" if request.htmx else "documents/upload.html"
    kept = [outcome.document for outcome in outcomes if outcome.document]
    context = {"form": form, "limits": limits(), "outcomes": outcomes, "flagged": flags_of(request.user, kept)}
    return render(request, template, context, status=HTTPStatus.OK if kept else HTTPStatus.UNPROCESSABLE_ENTITY)
