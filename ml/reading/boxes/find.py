"""Rows of boxes for a digit each: a page's rules and ink in, the boxes of every row out, in ink pixels.

A row's boxes have one width, are about as wide as high, and share their walls. It stands by itself, as in a comb field,
or in a table, where a cell over it or under it spans all of its boxes, as in an election form. Cells of a table that
have columns of their own, as scores have, are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.reading.boxes.constants import ROWS
from ml.reading.boxes.walls import DOTTED, Gap, Places, Soft, dark_of, gaps_of
from ml.reading.grids.find import Grid, GridCell
from ml.reading.grids.rules import Rule


@dataclass(frozen=True, eq=False)
class _Row:
    """Walls at equal distances between two level rules.

    Attributes:
        gap: The room in which they stand.
        walls: float64, from the left: their places, in pixels.
    """

    gap: Gap
    walls: Places

    @property
    def pitch(self) -> float:
        """Width of a box."""
        return float(self.walls[-1] - self.walls[0]) / (len(self.walls) - 1)

    @cached_property
    def grid(self) -> Grid:
        """Its boxes as a grid of one row."""
        nodes = np.stack([np.stack([self.walls, rule.at(self.walls)], 1) for rule in (self.gap.upper, self.gap.lower)])
        return Grid(nodes, tuple(GridCell(0, column) for column in range(len(self.walls) - 1)))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all of it."""
        return self.grid.bounds

    def has_walls_of(self, other: _Row) -> bool:
        """Whether another row has its walls at the same places, or as far aside as they may lean in a photo."""
        if len(self.walls) != len(other.walls):
            return False
        aside, down = self.walls - other.walls, abs(self.bounds[1] - other.bounds[1])
        shift = float(aside.mean())
        room = min(ROWS.aside * self.pitch + ROWS.lean * down, ROWS.most_aside * self.pitch)
        return abs(shift) <= room and bool(np.abs(aside - shift).max() <= ROWS.aside * self.pitch)


def find_rows(level: Sequence[Rule], soft: Soft) -> list[Grid]:
    """The rows of boxes on a page, from the top.

    Args:
        level: The page's level rules, in ink pixels.
        soft: uint8, height × width, paper 0 to full ink 255.
    """
    if not 2 <= len(level) <= ROWS.most_rules:
        return []
    dark = dark_of(soft)
    gaps = list(gaps_of(level, dark))
    found = [list(_rows_in(gap)) for gap in gaps]
    # From end to end of two rules there is one row at most; strokes beside its first wall may seem to begin others.
    alone = [row for rows in found for row in [each for each in rows if _stands_alone(each, dark)][:1]]
    beside = [row for rows in found for row in rows if _may_be_in_table(row)]
    in_table = _apart([row for row in beside if _is_spanned(row, beside, dark)])
    rows = _apart([*in_table, *alone])
    worn = _apart([row for gap in gaps for other in in_table if (row := _worn_row(gap, other)) is not None])
    rows += [row for row in worn if not any(_overlap(row, other) for other in rows)]
    return sorted((row.grid for row in rows), key=lambda grid: grid.bounds[1])


def _apart(rows: Sequence[_Row]) -> list[_Row]:
    """Of rows that overlap, the one with most boxes, of these the lowest, and of these the one whose walls are seen."""
    kept: list[_Row] = []
    for row in sorted(rows, key=lambda row: (-len(row.walls), row.gap.height, sum(_amiss(row)))):
        if not any(_overlap(row, other) for other in kept):
            kept.append(row)
    return kept


def _worn_row(gap: Gap, other: _Row) -> _Row | None:
    """A row with the same walls as another one of its table, where not all of them are still to be seen.

    Args:
        gap: Where it may stand.
        other: The other row; this one has its outer walls, and one between them at least.
    """
    walls = gap.walls
    boxes = len(other.walls) - 1
    if not len(walls) or not ROWS.narrowest * gap.height <= other.pitch <= ROWS.widest * gap.height:
        return None
    apart = np.abs(walls[:, None] - other.walls)
    nearest, is_near = walls[apart.argmin(axis=0)], apart.min(axis=0) <= ROWS.aside * other.pitch
    if not (is_near[0] and is_near[-1] and is_near[1:-1].any()):
        return None
    row = _Row(gap, np.linspace(nearest[0], nearest[-1], boxes + 1))
    is_ruled = gap.is_ruled(float(nearest[0]), float(nearest[-1]))
    return row if is_ruled and _insides(gap, row.walls).max() <= ROWS.fullest else None


def _rows_in(gap: Gap) -> Iterator[_Row]:
    """The walls at equal distances in a gap: of the rows that begin at the same wall the likeliest.

    Rows may overlap: the wall of a cell beside a row, or a 1 in it, may be as far from the row as a box is wide.
    """
    walls = gap.walls
    least, most = ROWS.narrowest * gap.height, ROWS.widest * gap.height
    for first in walls.tolist():
        seconds = walls[(walls >= first + least) & (walls <= first + most)]
        rows = [row for second in seconds.tolist() if (row := _row_from(gap, first, second, walls)) is not None]
        if rows:
            yield max(rows, key=_rank)


def _row_from(gap: Gap, first: float, second: float, walls: Places) -> _Row | None:
    """The row whose first box stands between two walls; None where no box of the same width follows."""
    places = [first, second]
    while len(places) <= ROWS.most_boxes:
        pitch = (places[-1] - first) / (len(places) - 1)
        expected = places[-1] + pitch
        nearest = float(walls[np.abs(walls - expected).argmin()])
        if abs(nearest - expected) <= max(ROWS.stray, ROWS.uneven * pitch):
            places.append(nearest)
        elif gap.may_be_walled(expected + np.arange(-ROWS.reach, ROWS.reach + 1.0), ROWS.faint_covered):
            places.append(expected)
        else:
            break
    while places[-1] not in walls:  # the last wall is no faint one
        places.pop()
    row = _Row(gap, np.linspace(first, places[-1], len(places)))
    stray = np.abs(row.walls - places).max()
    if (
        len(places) < 3
        or stray > max(ROWS.stray, ROWS.uneven * row.pitch)
        or _insides(gap, row.walls).max() > ROWS.fullest
        or not gap.is_ruled(first, places[-1])
    ):
        return None
    return row


def _rank(row: _Row) -> tuple[int, int, int]:
    """What makes one of several rows the likelier: it reaches further, and its walls are the walls that are seen."""
    return round(float(row.walls[-1]) / ROWS.same_end), -sum(_amiss(row)), -len(row.walls)


def _amiss(row: _Row) -> tuple[int, int]:
    """How many walls are seen in a row where none should be, and how many should be where none is seen."""
    seen = row.gap.walls
    inside = seen[(seen >= row.walls[0]) & (seen <= row.walls[-1])]
    apart = np.abs(inside[:, None] - row.walls)
    tolerance = max(2 * ROWS.reach, ROWS.uneven * row.pitch)
    return int((apart.min(axis=1) > tolerance).sum()), int((apart.min(axis=0) > tolerance).sum())


def _insides(gap: Gap, walls: Places) -> Places:
    """The share of each box that is ink."""
    edges = np.rint(walls).astype(int) - gap.first
    inner = [gap.filled[left + ROWS.reach + 1 : right - ROWS.reach] for left, right in pairwise(edges)]
    return np.array([float(each.mean()) if len(each) else 1.0 for each in inner])


def _overlap(row: _Row, other: _Row) -> bool:
    """Whether two rows share some of their room."""
    left, top, right, bottom = row.bounds
    across = min(right, other.bounds[2]) - max(left, other.bounds[0])
    down = min(bottom, other.bounds[3]) - max(top, other.bounds[1])
    return across > ROWS.least_high / 2 and down > ROWS.least_high / 2


def _stands_alone(row: _Row, dark: Soft) -> bool:
    """Whether a row's rules end at its ends, and its walls at its rules."""
    room = ROWS.end * row.pitch
    before = max(float(row.walls[0] - rule.along[0]) for rule in (row.gap.upper, row.gap.lower))
    behind = max(float(rule.along[-1] - row.walls[-1]) for rule in (row.gap.upper, row.gap.lower))
    ends = max(before, behind) <= room
    return ends and all(_go_on(row, row.walls, sign, dark).mean() <= ROWS.few for sign in (-1, 1))


def _go_on(row: _Row, walls: Places, sign: int, dark: Soft) -> NDArray[np.bool_]:
    """Which walls go on above a row (sign -1) or below it (1): bool, walls."""
    rule = row.gap.upper if sign < 0 else row.gap.lower
    reach = max(ROWS.least_beyond, ROWS.beyond * row.gap.height)
    y = np.rint(rule.at(walls)[:, None] + sign * (rule.thick / 2 + np.arange(ROWS.reach, reach))).astype(int)
    x = np.rint(walls).astype(int)[:, None, None] + np.arange(-ROWS.reach, ROWS.reach + 1)
    height, width = dark.shape
    seen = (y >= 0) & (y < height)
    inside = (dark[np.clip(y, 0, height - 1)[:, :, None], np.clip(x, 0, width - 1)] >= DOTTED).max(axis=2)
    going: NDArray[np.bool_] = (inside * seen).mean(axis=1) >= ROWS.covered
    return going


def _is_spanned(row: _Row, rows: Sequence[_Row], dark: Soft) -> bool:
    """Whether a row stands in a table beside wider cells, and a cell of the table spans all of its boxes.

    Above or below that cell, or the rows between it and this one, the walls between the boxes end, and the table's own
    go on.
    """
    column = [other for other in rows if row.has_walls_of(other)]
    return any(
        not _go_on(each, each.walls[1:-1], sign, dark).any() and _go_on(each, each.walls[[0, -1]], sign, dark).all()
        for each in column
        for sign in (-1, 1)
    )


def _may_be_in_table(row: _Row) -> bool:
    """Whether a row has as many boxes as one in a table, and no wall stands beside it where the next box would end.

    Where walls are missing and others stand between, the column beside the boxes was taken for one of them.
    """
    if not ROWS.least_in_table <= len(row.walls) - 1 <= ROWS.most_in_table:
        return False
    beside = np.array([row.walls[0] - row.pitch, row.walls[-1] + row.pitch])
    near = ROWS.aside * row.pitch
    shifts = np.arange(-near, near + 1.0)
    is_flanked = any(row.gap.may_be_walled(place + shifts, ROWS.half_covered) for place in beside)
    return not is_flanked and not all(_amiss(row))
