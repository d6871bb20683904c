"""Rules that meet, made one lattice: rules in, boundaries of rows and columns and the nodes where they cross out.

The rules of a table are alike: askew by the same angle, or curved in the same way. So a piece of a rule is compared
with the longest rule of its table, not with a straight line. All pixels are those of the picture of the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.reading.grids.constants import GRIDS
from ml.reading.grids.rules import Line, Mask, Rule, Rules


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """The border between two rows, or between two columns; it may have gaps where cells span it.

    Attributes:
        model: The longest rule of the table in its direction, which all others are like.
        along: float64, rising: where the boundary's own pieces are, in pixels.
        apart: float64, of the same length: how far across from the model they are there.
    """

    model: Rule
    along: Line
    apart: Line

    @classmethod
    def of(cls, model: Rule, pieces: Sequence[Rule]) -> Boundary:
        """The boundary that some pieces of rules make."""
        along = np.concatenate([piece.along for piece in pieces])
        apart = np.concatenate([piece.across - model.at(piece.along) for piece in pieces])
        order = np.argsort(along, kind="stable")
        return cls(model, along[order], apart[order])

    def moved(self, distance: float) -> Boundary:
        """The same boundary so many pixels further across."""
        return Boundary(self.model, self.along, self.apart + distance)

    def at(self, along: Line) -> Line:
        """Where it is across at some places: float64, in pixels."""
        return self.model.at(along) + np.interp(along, self.along, self.apart)


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The boundaries of a table.

    Attributes:
        level: From the top.
        upright: From the left.
        open_left, open_right: Whether the first or the last column has no wall of its own at that side.
    """

    level: tuple[Boundary, ...]
    upright: tuple[Boundary, ...]
    open_left: bool = False
    open_right: bool = False

    def nodes(self) -> NDArray[np.float64]:
        """Where each level boundary crosses each upright one: float64, level × upright × 2, x and y in pixels."""
        rows, columns = len(self.level), len(self.upright)
        x = np.tile([float(np.median(one.at(one.along))) for one in self.upright], (rows, 1))
        y = np.zeros((rows, columns))
        for _ in range(4):  # each step makes the error smaller by the sine of the angle that they are askew
            y = np.stack([boundary.at(x[row]) for row, boundary in enumerate(self.level)])
            x = np.stack([boundary.at(y[:, column]) for column, boundary in enumerate(self.upright)], axis=1)
        return np.stack([x, y], axis=2)


def lattices_in(rules: Rules) -> list[Lattice]:
    """The lattices that a picture's rules make where they meet, the largest first."""
    found = [_lattice(rules, *group) for group in _groups(rules.meets)]
    lattices = [lattice for lattice in found if lattice is not None]
    return sorted(lattices, key=lambda lattice: -len(lattice.level) * len(lattice.upright))


def _groups(meets: NDArray[np.bool_]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Level and upright rules that hang together, each group by their numbers; no wall meets fewer than two rules."""
    meets = meets & (meets.sum(axis=0) >= 2)[None, :]
    open_levels = set(np.flatnonzero(meets.any(axis=1)).tolist())
    groups = []
    while open_levels:
        level: set[int] = set()
        reached = {open_levels.pop()}
        while reached:
            level |= reached
            upright = np.flatnonzero(meets[sorted(level)].any(axis=0))
            reached = set(np.flatnonzero(meets[:, upright].any(axis=1)).tolist()) - level
        open_levels -= level
        groups.append((np.array(sorted(level)), upright))
    return groups


def _lattice(rules: Rules, level: NDArray[np.int64], upright: NDArray[np.int64]) -> Lattice | None:
    """The lattice of a group of rules; None if it encloses nothing."""
    levels = [rules.level[at] for at in level.tolist()]
    longest = max(rule.length for rule in levels)
    long = max(GRIDS.long_rule * longest, GRIDS.least_long)
    longer = [rule for rule in levels if rule.length >= GRIDS.short_level * longest]
    rows = boundaries_of(_alike(longer, max(longer, key=lambda rule: rule.length), long))
    walls = _walls([rules.upright[at] for at in upright.tolist()], rows)
    walls = _alike(walls, _longest(walls, rows)) if walls else []
    if len(rows) < 2 or not walls:
        return None
    return _with_open_sides(rows, _without_folds(boundaries_of(walls), rows, rules.upright_mask))


def _without_folds(columns: list[Boundary], rows: Sequence[Boundary], mask: Mask) -> list[Boundary]:
    """Columns without a fold of the paper: it goes on beyond the table, where no wall does, and parts a column."""
    beyond = [at for at, column in enumerate(columns) if _goes_beyond(column, rows, mask)]
    if len(columns) <= GRIDS.few_rows or len(beyond) > GRIDS.most_folds:
        return columns
    ends = np.array([float(np.median(row.at(row.along))) for row in (rows[0], rows[-1])])
    places = np.array([float(np.median(column.at(ends))) for column in columns])
    usual = float(np.median(np.diff(places)))
    folds = {
        at for at in beyond if 0 < at < len(columns) - 1 and places[at + 1] - places[at - 1] <= GRIDS.folded * usual
    }
    return [column for at, column in enumerate(columns) if at not in folds]


def _goes_beyond(column: Boundary, rows: Sequence[Boundary], mask: Mask) -> bool:
    """Whether an upright line goes on well above a table, or well below it.

    Args:
        column: The line.
        rows: The table's level boundaries.
        mask: uint8, height × width, 1 where there is an upright line.
    """
    steps = np.arange(GRIDS.beyond, 3 * GRIDS.beyond + 1.0)
    for row, sign, end in ((rows[0], -1, column.along[0]), (rows[-1], 1, column.along[-1])):
        edge = float(row.at(column.at(np.array([end])))[0])
        y = edge + sign * steps
        x = np.rint(column.at(y)).astype(int)
        inside = (y >= 0) & (y < mask.shape[0] - 1) & (x >= 0) & (x < mask.shape[1])
        if inside.any() and mask[np.rint(y[inside]).astype(int), x[inside]].mean() >= GRIDS.wall:
            return True
    return False


def _alike(rules: Sequence[Rule], model: Rule, long: float = np.inf) -> list[Rule]:
    """The rules that run as a model does, and are about as thick: a digit's stroke seldom does and is.

    Args:
        rules: In one direction.
        model: One of them.
        long: No stroke is so long, so that such a rule may be thicker, in pixels.
    """
    return [rule for rule in rules if _is_like(rule, model, long)]


def _longest(walls: Sequence[Rule], rows: Sequence[Boundary]) -> Rule:
    """The longest wall. One or two lines that go on beyond the table are folds of the paper, and no models of walls."""
    top, bottom = (row.at(np.array([float(np.median(wall.across)) for wall in walls])) for row in (rows[0], rows[-1]))
    first, last = (np.array([wall.along[end] for wall in walls]) for end in (0, -1))
    beyond = (first < top - GRIDS.beyond) | (last > bottom + GRIDS.beyond)
    are_folds = 0 < np.count_nonzero(beyond) <= min(GRIDS.most_folds, len(walls) - 1)
    inside = [wall for wall, is_fold in zip(walls, beyond, strict=True) if not (are_folds and is_fold)]
    return max(inside, key=lambda wall: wall.length)


def _is_like(rule: Rule, model: Rule, long: float) -> bool:
    apart = rule.across - model.at(rule.along)
    stray = float(np.quantile(np.abs(apart - np.median(apart)), 0.95))
    thicker, thinner = max(rule.thick, model.thick), min(rule.thick, model.thick)
    as_thick = rule.length >= long or thicker <= max(GRIDS.thicker * thinner, thinner + GRIDS.thicker_by)
    return as_thick and stray <= max(GRIDS.stray, GRIDS.bent * rule.length)


def _walls(uprights: Sequence[Rule], rows: Sequence[Boundary]) -> list[Rule]:
    """The upright rules that are walls: strokes of digits one below the other do not reach so far."""
    places = [float(np.median(row.at(row.along))) for row in rows]
    if len(places) <= GRIDS.few_rows:
        return list(uprights)
    height = places[-1] - places[0]
    least = max(GRIDS.wall_rows * float(np.median(np.diff(places))), GRIDS.wall_of_table * height)
    walls = [rule for rule in uprights if rule.length >= least]
    short = [rule for rule in uprights if rule.length < least]
    if walls:
        boundaries = boundaries_of(walls)
        # A wall may be broken in pieces.
        walls += [rule for rule in short if any(_lies_on(rule, boundary) for boundary in boundaries)]
    return walls


def _lies_on(rule: Rule, boundary: Boundary) -> bool:
    return abs(float(np.median(rule.across - boundary.at(rule.along)))) <= GRIDS.double


def boundaries_of(rules: Sequence[Rule]) -> list[Boundary]:
    """Rules in one direction put together to boundaries, in order."""
    model = max(rules, key=lambda rule: rule.length)
    apart = np.array([float(np.median(rule.across - model.at(rule.along))) for rule in rules])
    order = np.argsort(apart)
    steps = np.diff(apart[order])
    wide = steps[steps > GRIDS.double]
    least = max(GRIDS.double, GRIDS.same_boundary * float(np.median(wide))) if wide.size else GRIDS.double
    parts = np.split(order, np.flatnonzero(steps > least) + 1)
    return [Boundary.of(model, [rules[at] for at in part.tolist()]) for part in parts]


def _with_open_sides(rows: list[Boundary], columns: list[Boundary]) -> Lattice | None:
    """The lattice, with a boundary more at a side where its rules reach far beyond the last wall."""
    middles = np.array([float(np.median(row.at(row.along))) for row in rows])
    first = _beyond(columns[0], [row.along[0] for row in rows], middles)
    last = -_beyond(columns[-1], [row.along[-1] for row in rows], middles, sign=-1)
    places = [float(np.median(column.at(middles))) for column in columns]
    usual = float(np.median(np.diff(places))) if len(places) > 1 else min(abs(first), abs(last))
    open_left, open_right = first < -GRIDS.open_side * usual, last > GRIDS.open_side * usual
    left = [columns[0].moved(first)] if open_left and first < -GRIDS.least_cell else []
    right = [columns[-1].moved(last)] if open_right and last > GRIDS.least_cell else []
    columns = [*left, *columns, *right]
    return Lattice(tuple(rows), tuple(columns), bool(left), bool(right)) if len(columns) > 1 else None


def _beyond(column: Boundary, ends: Sequence[float], middles: Line, sign: int = 1) -> float:
    """How far beyond a wall most rules begin; 0 where they do not reach beyond it. Negative towards the outside."""
    beyond = sign * (np.array(ends) - column.at(middles))
    return min(0.0, float(np.median(beyond)))
