"""Pages that hold no document: home and the drawing pad."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.http import Request
from portal.views.drawings import sample_size


@require_safe
def home(request: Request) -> HttpResponse:
    """What it does, how to use it, and a sample that is read live."""
    return render(request, "pages/home.html", {"sample": sample_size()})


@require_safe
def pad(request: Request) -> HttpResponse:
    """The drawing pad."""
    return render(request, "pages/pad.html")
