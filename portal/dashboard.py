"""The administrators' dashboard: the traffic in figures and charts. It shows counts, but no value and no image."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Length, Replace, TruncDate, TruncHour
from django.http import HttpRequest
from django.utils import timezone

from ml.reading.forms.layouts import Kind
from portal.chart import Chart
from recognition.allowance import near_a_limit
from recognition.models import Decision, Document, Drawing, FieldReading, WorkerProcess
from worker.app import DOCUMENTS, PAD

RANGES = {1: "Today", 7: "7 days", 30: "30 days", 90: "90 days"}
QUEUES = (DOCUMENTS, PAD)
MOST_DECISIONS = 20_000
"""How many of the latest decisions are compared digit by digit. The limit bounds memory, and is enough for a table."""
MOST_NEAR_A_LIMIT = 20
"""How many of the people who are near a limit are shown."""
WAITS = (
    ("under 1 s", timedelta(seconds=1)),
    ("1–2 s", timedelta(seconds=2)),
    ("2–5 s", timedelta(seconds=5)),
    ("5–15 s", timedelta(seconds=15)),
    ("15–60 s", timedelta(minutes=1)),
    ("1–5 min", timedelta(minutes=5)),
)
LONGER = "over 5 min"

Mark = date | datetime
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """The last `days` days, with today. One day is divided into hours, more days into days."""

    days: int

    @classmethod
    def of(cls, days: str | None) -> Range:
        """The range that an address asks for; a week where it asks for none of `RANGES`."""
        wanted = int(days) if days and days.isdecimal() and len(days) < 4 else 0
        return cls(wanted if wanted in RANGES else 7)

    @property
    def start(self) -> datetime:
        """Midnight of the first day, by the site's clock."""
        first = timezone.localdate() - timedelta(days=self.days - 1)
        return timezone.make_aware(datetime.combine(first, time.min))

    @property
    def marks(self) -> list[Mark]:
        """The start of each hour or day, also of those without data."""
        if self.days > 1:
            return [timezone.localdate() - timedelta(days=back) for back in reversed(range(self.days))]
        return [self.start + timedelta(hours=hour) for hour in range(24)]

    @property
    def labels(self) -> list[str]:
        """The label under each mark."""
        return [mark.strftime("%H:%M" if isinstance(mark, datetime) else "%-d %b") for mark in self.marks]

    def by_mark(self, rows: QuerySet[Any], moment: str, **totals: Any) -> dict[Mark, Row]:
        """The `totals`, by mark, of the rows whose `moment` lies in the range."""
        mark = TruncHour(moment) if self.days == 1 else TruncDate(moment)
        inside = rows.filter(**{f"{moment}__gte": self.start}).order_by()
        return {row["mark"]: row for row in inside.annotate(mark=mark).values("mark").annotate(**totals)}


def show(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the dashboard to the context of the administrators' first page."""
    chosen = Range.of(request.GET.get("days"))
    ranges = [
        {"title": title, "link": f"?days={days}", "active": days == chosen.days} for days, title in RANGES.items()
    ]
    uploaded = chosen.by_mark(Document.everything.all(), "created_at", documents=Count("pk"))
    finished = chosen.by_mark(
        Document.everything.all(),
        "finished_at",
        read=Count("pk", filter=Q(state=Document.State.READ)),
        failed=Count("pk", filter=Q(state=Document.State.FAILED)),
    )
    numbers = chosen.by_mark(
        # A MICR line is left out, because its parts are fields too and would count twice.
        FieldReading.told().exclude(kind__in=[Kind.SHOW.value, Kind.MICR.value]),
        "page__document__finished_at",
        numbers=Count("pk"),
        sure=Count("pk", filter=Q(accepted=True)),
        digits=Sum(Length(_digits_alone())),
    )
    context |= {
        "ranges": ranges,
        "range_title": RANGES[chosen.days],
        "figures": _figures(uploaded, finished, numbers),
        "charts": _charts(chosen, uploaded, finished, numbers),
        "queue": queue(),
        "near_a_limit": near_a_limit(MOST_NEAR_A_LIMIT),
        "times": times(chosen),
        "people": people(chosen),
        "corrections": corrections(chosen),
    }
    return context


def _digits_alone() -> Replace:
    """A value without the marks in it: "?", the decimal point, and the hyphens of a date."""
    unmarked: F | Replace = F("value")
    for mark in "?.-":
        unmarked = Replace(unmarked, Value(mark))
    assert isinstance(unmarked, Replace)  # noqa: S101
    return unmarked


def _total(rows: dict[Mark, Row], key: str) -> int:
    return sum(row[key] for row in rows.values())


def _share(part: float, whole: float) -> float | None:
    """A percentage, rounded to a tenth; None where the whole is zero."""
    return round(100 * part / whole, 1) if whole else None


def _figures(uploaded: dict[Mark, Row], finished: dict[Mark, Row], numbers: dict[Mark, Row]) -> Row:
    return {
        "documents": _total(uploaded, "documents"),
        "digits": _total(numbers, "digits"),
        "numbers": _total(numbers, "numbers"),
        "sure": _share(_total(numbers, "sure"), _total(numbers, "numbers")),
        "failed": _total(finished, "failed"),
        "finished": _total(finished, "failed") + _total(finished, "read"),
    }


def _charts(
    chosen: Range, uploaded: dict[Mark, Row], finished: dict[Mark, Row], numbers: dict[Mark, Row]
) -> list[Chart]:
    marks, labels = chosen.marks, chosen.labels
    each = "an hour" if chosen.days == 1 else "a day"

    def along(rows: dict[Mark, Row], value: Callable[[Row], float | None]) -> Sequence[float | None]:
        return [value(rows[mark]) if mark in rows else None for mark in marks]

    def counted(rows: dict[Mark, Row], key: str) -> Sequence[float | None]:
        return [value or 0 for value in along(rows, lambda row: row[key])]

    sure = along(numbers, lambda row: _share(row["sure"], row["numbers"]))
    return [
        Chart(f"Documents {each}", "bar", labels, {"Uploaded": counted(uploaded, "documents")}),
        Chart(f"Digits read {each}", "bar", labels, {"Digits": counted(numbers, "digits")}),
        Chart("Numbers read without a doubt", "line", labels, {"Share": sure}, unit=" %"),
        Chart(
            f"Failed documents {each}",
            "bar",
            labels,
            {"Failed": counted(finished, "failed")},
            empty="None failed in this range.",
        ),
    ]


def queue() -> Row:
    """What is waiting now, and which workers are alive."""
    waiting = Document.objects.filter(state__in=[Document.State.QUEUED, Document.State.READING]).aggregate(
        waiting=Count("pk", filter=Q(state=Document.State.QUEUED)),
        reading=Count("pk", filter=Q(state=Document.State.READING)),
        oldest=Min("queued_at", filter=Q(state=Document.State.QUEUED)),
    )
    alive = Counter(WorkerProcess.alive().values_list("queue", flat=True))
    drawings = Drawing.objects.filter(state=Drawing.State.QUEUED).count()
    return waiting | {"drawings": drawings, "workers": [(name, alive[name]) for name in QUEUES]}


def times(chosen: Range) -> Row:
    """The time from upload, or from another try, to the result: median, 95th percentile, and a chart."""
    took = ExpressionWrapper(F("finished_at") - F("queued_at"), output_field=DurationField())
    done = Document.everything.filter(state=Document.State.READ, finished_at__gte=chosen.start).annotate(took=took)
    bins = Case(
        *(When(took__lt=limit, then=Value(label)) for label, limit in WAITS),
        default=Value(LONGER),
        output_field=CharField(),
    )
    counts = dict(
        done.order_by().annotate(bin=bins).values("bin").annotate(count=Count("pk")).values_list("bin", "count")
    )
    labels = [*(label for label, _ in WAITS), LONGER]
    values = [float(counts.get(label, 0)) for label in labels]
    ordered = done.order_by("took").values_list("took", flat=True)
    return {
        "p50": _percentile(ordered, 0.50, sum(counts.values())),
        "p95": _percentile(ordered, 0.95, sum(counts.values())),
        "chart": Chart("From upload to result", "bar", labels, {"Documents": values}),
    }


def _percentile(ordered: QuerySet[Any, timedelta], share: float, count: int) -> float | None:
    """The percentile by nearest rank, in seconds; None where there are no times."""
    if not count:
        return None
    rank = math.ceil(share * count) - 1
    return next((round(took.total_seconds(), 2) for took in ordered[rank : rank + 1]), None)


def people(chosen: Range) -> Row:
    """How many people have an account, and how many used it."""
    counts: Row = get_user_model().objects.aggregate(
        total=Count("pk"), joined=Count("pk", filter=Q(date_joined__gte=chosen.start))
    )
    active = (
        Document.everything.filter(created_at__gte=chosen.start).order_by().values("uploaded_by").distinct().count()
    )
    return counts | {"active": active}


def corrections(chosen: Range) -> Row:
    """What was read and what it was, digit by digit.

    The latest decision on each number counts. Digits are compared only where both values have the same length.
    """
    later = Decision.objects.standing().filter(reading=OuterRef("reading"), pk__gt=OuterRef("pk"))
    decisions = Decision.objects.standing().filter(verdict=Decision.Verdict.VALUE)
    latest = decisions.filter(~Exists(later), decided_at__gte=chosen.start).order_by("-pk")
    pairs = list(latest.values_list("reading__value", "value")[:MOST_DECISIONS])
    changed = [(read, was) for read, was in pairs if read != was]
    same_length = [(read, was) for read, was in changed if len(read) == len(was)]
    cells = Counter((r, w) for read, was in same_length for r, w in zip(read, was, strict=True) if r != w)
    most = max(cells.values(), default=0)
    return {
        "confirmed": len(pairs) - len(changed),
        "changed": len(changed),
        "other_length": len(changed) - len(same_length),
        "rows": [
            ("no digit" if read == "?" else read, [_cell(cells[read, was], most, read == was) for was in "0123456789"])
            for read in "0123456789?"
        ]
        if cells
        else [],
    }


def _cell(count: int, most: int, same: bool) -> Row:
    """A count, and how strong its background is, 0 to 4. The diagonal is always empty, because its digits are right."""
    return {"count": count, "level": math.ceil(4 * count / most) if most else 0, "same": same}
