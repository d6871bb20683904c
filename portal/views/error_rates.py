"""The choice of the error rate, and what it costs in each place where numbers stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.roles import May
from accounts.step_up import with_fresh_second_factor
from ml.reading.operating_points import OperatingPoint, second_reader_is_installed, shipped_operating_points
from portal.forms import ErrorRateForm
from portal.http import OwnRequest
from recognition.models import ErrorRate

_WIDTH, _HEIGHT = 420, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 12, 16, 44
_LATEST = 10

_THOUSAND = 1000

PLACES: Mapping[str, tuple[str, str]] = {
    "strip": ("Pictures of one number", "real cheques' amounts"),
    "field": ("Fields of a cheque or form", "real cheques' amounts"),
    "amount": ("Amounts of cheques, with their words", "real and drawn cheques, some of which contradict themselves"),
    "box": ("Rows of boxes", "real forms and drawn boxes"),
    "cell": ("Cells of a table", "real mark sheets and drawn tables"),
    "page": ("Numbers elsewhere on a page", "real forms and drawn pages of every kind"),
}
"""By place its name, and what its figures were counted on: amounts with their words with the second reader alone."""


@dataclass(frozen=True, slots=True)
class Point:
    """An operating point's place on the curve, in pixels: read rate over error rate, with the read rate's interval."""

    offer: OperatingPoint
    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What an error rate costs in one place, of a thousand numbers read there.

    Attributes:
        place: The place's name.
        pass_: About how many pass without a person.
        ask: About how many a person is asked about.
        wrong: Surely no more of those that pass are wrong.
        proved: Whether the error rate is proved there.
        more_needed: Further checked numbers that would prove it, none of those that pass wrong.
    """

    place: str
    pass_: int
    ask: int
    wrong: int
    proved: bool
    more_needed: int

    @classmethod
    def of(cls, place: str, offer: OperatingPoint) -> Cost:
        """The cost of one operating point of a place."""
        passing = round(_THOUSAND * offer.read_rate)
        wrong = math.ceil(passing * offer.bound)
        return cls(PLACES[place][0], passing, _THOUSAND - passing, wrong, offer.proved, offer.more_needed)


@dataclass(frozen=True, slots=True)
class Choice:
    """An error rate that may be chosen: its words, whether it holds now, and what it costs in each place."""

    rate: float
    words: str
    is_current: bool
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A place's curve: its name, what it was counted on, its points, and what proof of the rate in force needs."""

    place: str
    counted_on: str
    points: tuple[Point, ...]
    more_needed: int


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_fresh_second_factor("POST")
def choose(request: OwnRequest) -> HttpResponse:
    """Show what each error rate costs, and save the administrator's choice."""
    if not request.user.rights.anywhere(May.CHOOSE):
        raise PermissionDenied
    second_reader = settings.SECOND_READER and second_reader_is_installed()
    offers, current = shipped_operating_points(with_second=second_reader), ErrorRate.current()
    form = ErrorRateForm(request.POST or None, rates=[offer.error_rate for offer in offers["strip"]])
    if request.method == "POST" and form.is_valid():
        rate = form.cleaned_data["rate"]
        if rate != current:
            ErrorRate.choose(rate, by=request.user)
        messages.success(request, f"From now on {in_words(rate)} of what passes may be wrong.")
        return redirect("error-rate")
    choices = choices_of(offers, current)
    context = {
        "form": form,
        "choices": choices,
        "places": [PLACES[place][0] for place in offers],
        "now": next((choice for choice in choices if choice.is_current), None),
        "current": current,
        "current_in_words": in_words(current),
        "curves": [
            Curve(*PLACES[place], tuple(points(offers[place])), _more_needed(offers[place], current))
            for place in offers
        ],
        "shares": [(share, _down(share / 100)) for share in (0, 50, 100)],
        "frame": {
            "width": _WIDTH,
            "height": _HEIGHT,
            "left": _LEFT,
            "right": _WIDTH - _RIGHT,
            "foot": _HEIGHT - _BOTTOM,
        },
        "second_reader": second_reader,
        "earlier": [
            (choice, in_words(choice.rate)) for choice in ErrorRate.objects.select_related("chosen_by")[:_LATEST]
        ],
    }
    return render(request, "pages/error_rate.html", context, status=422 if form.errors else 200)


def _more_needed(offers: Sequence[OperatingPoint], rate: float) -> int:
    return next((offer.more_needed for offer in offers if offer.error_rate == rate), 0)


def choices_of(offers: Mapping[str, Sequence[OperatingPoint]], current: float) -> list[Choice]:
    """The error rates that may be chosen, the least first, with their costs in each place."""
    by_rate = zip(*offers.values(), strict=True)
    return [
        Choice(
            row[0].error_rate,
            in_words(row[0].error_rate),
            row[0].error_rate == current,
            tuple(Cost.of(place, offer) for place, offer in zip(offers, row, strict=True)),
        )
        for row in by_rate
    ]


def in_words(rate: float) -> str:
    """A rate in words: "1 in 100"."""
    return f"1 in {round(1 / rate):,}"


def points(offers: Sequence[OperatingPoint]) -> list[Point]:
    """The curve: error rates on a logarithmic scale from left to right, read rates from the foot up."""
    logs = [math.log(offer.error_rate) for offer in offers]
    least, span = min(logs), (max(logs) - min(logs)) or 1.0
    room = _WIDTH - _LEFT - _RIGHT - 56
    found = []
    for offer, log in zip(offers, logs, strict=True):
        low, high = offer.read_rate_interval
        x = _LEFT + 28 + room * (log - least) / span
        found.append(Point(offer, round(x, 1), _down(offer.read_rate), _down(low), _down(high)))
    return found


def _down(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)
