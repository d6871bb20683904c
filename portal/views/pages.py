"""Pages without a document: the home page and the pad."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.http import Request
from portal.views.drawings import sample_size


@require_safe
def home(request: Request) -> HttpResponse:
    """Show what the portal does and how to use it, with a sample that is read live."""
    return render(request, "pages/home.html", {"sample": sample_size()})


@require_safe
def pad(request: Request) -> HttpResponse:
    """Show the drawing pad."""
    return render(request, "pages/pad.html")
