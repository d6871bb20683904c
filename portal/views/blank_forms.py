"""Blank sheets of the printable layouts, which people fill in by hand and scan."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.roles import May
from ml.reading.forms.blank import blank_pdf
from portal.http import OwnRequest
from recognition.layouts import layout_for


@login_required
@require_safe
def blank(request: OwnRequest, name: str) -> HttpResponse:
    """Send a layout's sheet as a PDF of one page, to people who may read with the layout."""
    layout = layout_for(request.user.rights.branches(May.SEE), name)
    if layout is None or not layout.printable:
        raise Http404
    head = {"Content-Disposition": f'inline; filename="{layout.name}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(blank_pdf(layout), content_type="application/pdf", headers=head)
