"""A chart, and the table that holds the same figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Values = Sequence[float | None]
# The theme's colours, so that they fit its light and its dark look. They differ in lightness too.
COLOURS = ("var(--color-primary-500)", "var(--color-primary-300)")
TICK_COLOUR = "#6b7280"  # legible on white and on the dark ground
LOOKS = {"spanGaps": True, "maxBarThickness": 28, "borderRadius": 3, "borderWidth": 2, "pointRadius": 2}


@dataclass(frozen=True, slots=True)
class Chart:
    """One or two series over the same labels. A value is None where nothing was measured."""

    title: str
    kind: Literal["bar", "line"]
    labels: Sequence[str]
    series: Mapping[str, Values]
    unit: str = ""
    empty: str = "Nothing in this range yet."

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for values in self.series.values() for value in values)

    @property
    def summary(self) -> str:
        """One sentence for people who do not see the picture."""
        return f"{self.title}: " + "; ".join(self._highest(name, values) for name, values in self.series.items()) + "."

    def _highest(self, name: str, values: Values) -> str:
        highest, label = max((value or 0, label) for value, label in zip(values, self.labels, strict=True))
        return f"{name}, highest {highest:g}{self.unit} ({label})"

    @property
    def rows(self) -> Iterator[tuple[str, list[float | None]]]:
        """The table's rows: a label and a value of each series."""
        columns = zip(*self.series.values(), strict=True)
        return zip(self.labels, map(list, columns), strict=True)

    @property
    def data(self) -> str:
        """The data that Chart.js draws."""
        datasets = [
            {"label": name, "data": list(values), "borderColor": colour, "backgroundColor": colour, **LOOKS}
            for (name, values), colour in zip(self.series.items(), COLOURS, strict=False)
        ]
        return json.dumps({"labels": list(self.labels), "datasets": datasets})

    @property
    def options(self) -> str:
        """How Chart.js draws the data: from zero, in whole steps, and percentages up to a hundred."""
        ticks = {"color": TICK_COLOUR, "precision": 0}
        across = {"grid": {"display": False}, "ticks": {**ticks, "maxTicksLimit": 8}}
        upwards = {
            "beginAtZero": True,
            "grid": {},
            "border": {"display": False},
            "ticks": {**ticks, "maxTicksLimit": 6},
        }
        if self.unit.strip() == "%":
            upwards["max"] = 100
        return json.dumps(
            {
                "animation": False,
                "maintainAspectRatio": False,
                "scales": {"x": across, "y": upwards},
                "plugins": {"legend": {"display": len(self.series) > 1}},
            }
        )
