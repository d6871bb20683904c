"""The choice of the error rate, with the read rate of each operating point as a curve."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ml.reading.operating_points import (
    OperatingPoint,
    second_reader_is_installed,
    shipped_card,
    shipped_operating_points,
)
from portal.forms import ErrorRateForm
from portal.http import OwnRequest
from recognition.models import ErrorRate

_WIDTH, _HEIGHT = 620, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 16, 20, 56
_LATEST = 10


@dataclass(frozen=True, slots=True)
class Point:
    """An operating point's place on the curve, in pixels: read rate over error rate, with the read rate's interval."""

    offer: OperatingPoint
    x: float
    y: float
    low: float
    high: float


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: OwnRequest) -> HttpResponse:
    """Show the read rate of each error rate, and save the administrator's choice."""
    if not request.user.is_staff:
        raise PermissionDenied
    second_reader = settings.SECOND_READER and second_reader_is_installed()
    offers, current = shipped_operating_points(with_second=second_reader), ErrorRate.current()
    form = ErrorRateForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        rate = form.cleaned_data["rate"]
        if rate != current:
            ErrorRate.objects.create(rate=rate, chosen_by=request.user)
        messages.success(request, f"From now on {in_words(rate)} of what passes may be wrong.")
        return redirect("error-rate")
    context = {
        "form": form,
        "offers": [(offer, in_words(offer.error_rate)) for offer in offers],
        "current": current,
        "current_in_words": in_words(current),
        "points": points(offers),
        "shares": [(share, _down(share / 100)) for share in (0, 25, 50, 75, 100)],
        "frame": {
            "width": _WIDTH,
            "height": _HEIGHT,
            "left": _LEFT,
            "right": _WIDTH - _RIGHT,
            "foot": _HEIGHT - _BOTTOM,
        },
        "checked_on": shipped_card()["strips_are"],
        "holds_for": shipped_card()["strips_do_for"],
        "second_reader": second_reader,
        "choices": [
            (choice, in_words(choice.rate)) for choice in ErrorRate.objects.select_related("chosen_by")[:_LATEST]
        ],
    }
    return render(request, "pages/error_rate.html", context, status=422 if form.errors else 200)


def in_words(rate: float) -> str:
    """A rate in words: "1 in 100"."""
    return f"1 in {round(1 / rate):,}"


def points(offers: tuple[OperatingPoint, ...]) -> list[Point]:
    """The curve: error rates on a logarithmic scale from left to right, read rates from the foot up."""
    logs = [math.log(offer.error_rate) for offer in offers]
    least, span = min(logs), (max(logs) - min(logs)) or 1.0
    room = _WIDTH - _LEFT - _RIGHT - 64
    found = []
    for offer, log in zip(offers, logs, strict=True):
        low, high = offer.read_rate_interval
        x = _LEFT + 32 + room * (log - least) / span
        found.append(Point(offer, round(x, 1), _down(offer.read_rate), _down(low), _down(high)))
    return found


def _down(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)
