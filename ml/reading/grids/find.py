"""Grids of a page: its ink in, every table's rows, columns and cells out, in ink pixels.

A lone frame, a row of boxes for a digit each, ruled lines without columns, and the box around a field are no tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.grids.bands import without_bands
from ml.reading.grids.columns import open_lattices
from ml.reading.grids.constants import GRIDS, TABLE_RULES
from ml.reading.grids.lattice import Lattice, lattices_in
from ml.reading.grids.rules import Mask, Rule, Rules, find_rules


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid: where it is among the rows and columns.

    Attributes:
        row, column: Its first row and column, from 0.
        rows, columns: How many it spans.
    """

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The rows and columns of a table.

    Attributes:
        nodes: float64, (rows + 1) × (columns + 1) × 2: x and y where the boundaries cross, in ink pixels. Rows from the
            top, columns from the left.
        cells: In reading order.
        ruled_columns: Whether its columns have walls; otherwise they follow from how the writing stands.
    """

    nodes: NDArray[np.float64]
    cells: tuple[GridCell, ...]
    ruled_columns: bool = True

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.nodes.shape[0] - 1, self.nodes.shape[1] - 1

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all of it, in ink pixels."""
        left, top = self.nodes.min(axis=(0, 1))
        right, bottom = self.nodes.max(axis=(0, 1))
        return float(left), float(top), float(right), float(bottom)

    def corners(self, cell: GridCell) -> NDArray[np.float64]:
        """The outline of a cell, clockwise from its top left: float64, points × 2, in ink pixels."""
        rows = np.arange(cell.row, cell.row + cell.rows + 1)
        columns = np.arange(cell.column, cell.column + cell.columns + 1)
        top, bottom = self.nodes[rows[0], columns], self.nodes[rows[-1], columns[::-1]]
        right, left = self.nodes[rows[1:-1], columns[-1]], self.nodes[rows[-2:0:-1], columns[0]]
        return np.concatenate([top, right, bottom, left])

    def size(self, cell: GridCell) -> tuple[float, float]:
        """Usual width and height of a cell, in ink pixels."""
        corners = self.nodes[cell.row : cell.row + cell.rows + 1, cell.column : cell.column + cell.columns + 1]
        across, down = corners[:, -1] - corners[:, 0], corners[-1] - corners[0]
        return float(across[:, 0].mean()), float(down[:, 1].mean())

    @property
    def is_squared(self) -> bool:
        """Whether its cells are squares of one size, as of squared paper, whose rim may cut the outer ones."""
        last = self.shape[1] - 1
        inner = [cell for cell in self.cells if 0 < cell.column < last] or self.cells
        return not self.has_names and _are_squares(np.array([self.size(cell) for cell in inner]))

    @property
    def has_names(self) -> bool:
        """Whether its first column is much wider than the others: squared paper has none for names."""
        widths = np.diff(self.nodes[:, :, 0], axis=1).mean(axis=0)
        return bool(widths[0] >= GRIDS.names * np.median(widths))

    @property
    def owners(self) -> NDArray[np.int64]:
        """The number of the cell in each row and column: int64, rows × columns; -1 where there is none."""
        owners = np.full(self.shape, -1)
        for number, cell in enumerate(self.cells):
            owners[cell.row : cell.row + cell.rows, cell.column : cell.column + cell.columns] = number
        return owners

    @property
    def turned(self) -> Grid:
        """The same grid with rows for columns, and x for y."""
        cells = tuple(GridCell(cell.column, cell.row, cell.columns, cell.rows) for cell in self.cells)
        return replace(self, nodes=self.nodes.transpose(1, 0, 2)[:, :, ::-1], cells=cells)

    def moved(self, x: float, y: float) -> Grid:
        """The same grid so many pixels further right and down."""
        return replace(self, nodes=self.nodes + np.array([x, y]))

    def scaled(self, scale: float) -> Grid:
        """The same grid in a picture that is larger by the scale."""
        return replace(self, nodes=self.nodes * scale)


@dataclass(frozen=True, slots=True, eq=False)
class PageRules:
    """The rules of a page, found in a smaller picture where it is large.

    Attributes:
        rules: In pixels of that picture.
        soft: uint8, height × width, paper 0 to full ink 255: that picture.
        factor: Ink pixels of the page to one of its pixels.
    """

    rules: Rules
    soft: NDArray[np.uint8]
    factor: int

    @property
    def level_in_full(self) -> list[Rule]:
        """The level rules, in ink pixels of the page."""
        factor = self.factor
        return [Rule(rule.along * factor, rule.across * factor, rule.thick * factor) for rule in self.rules.level]


def rules_of(soft: NDArray[np.uint8]) -> PageRules | None:
    """Find the rules of a page; a large page is pooled first. None where no level rule stands below another.

    Args:
        soft: uint8, height × width, paper 0 to full ink 255: `Ink.soft`.
    """
    factor = max(1, -(-max(soft.shape) // TABLE_RULES.coarse_side))
    picture = without_bands(soft if factor == 1 else _pooled(soft, factor))
    rules = find_rules(picture)
    return None if rules is None else PageRules(rules, picture, factor)


def find_grids(soft: NDArray[np.uint8], page: PageRules | None = None) -> list[Grid]:
    """Find every table that has rules.

    Where a pooled page shows a grid, it is looked for again in full.

    Args:
        soft: uint8, height × width, paper 0 to full ink 255: `Ink.soft`.
        page: Its rules, where they are known.
    """
    page = page or rules_of(soft)
    if page is None:
        return []
    found = _grids_of(page.rules, page.soft)
    factor = page.factor
    if factor == 1:
        return found
    grids = []
    for coarse in found:
        left, top, right, bottom = (round(factor * side) for side in coarse.bounds)
        room = factor * GRIDS.around
        left, top = max(0, left - room), max(0, top - room)
        part = without_bands(np.ascontiguousarray(soft[top : bottom + room, left : right + room]))
        rules = find_rules(part)
        fine = [] if rules is None else _grids_of(rules, part)
        grids.append(fine[0].moved(left, top) if fine else coarse.scaled(factor))
    return grids


def _pooled(soft: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The darkest of each square of pixels: a fine rule stays as dark as it is."""
    square = np.ones((factor, factor), np.uint8)
    darkest = cv2.dilate(soft, square, anchor=(0, 0))
    return np.ascontiguousarray(darkest[::factor, ::factor]).astype(np.uint8, copy=False)


def _grids_of(rules: Rules, soft: NDArray[np.uint8]) -> list[Grid]:
    """The grids that a picture's rules make."""
    found = [grid for lattice in lattices_in(rules) if (grid := _grid(lattice, rules)) is not None]
    walled = [grid for grid in found if _is_table(grid)]
    framed = [grid for grid in walled if grid.shape[1] == 1]
    # A frame around lines may hold columns without walls.
    free = [rule for rule in rules.level if not any(_is_within(rule, grid) for grid in found if grid not in framed)]
    opened = [_open_grid(lattice) for lattice in open_lattices(free, soft, rules.level_mask)]
    return [grid for grid in walled if not any(_overlap(grid, other) for other in opened)] + opened


def _overlap(grid: Grid, other: Grid) -> bool:
    """Whether the middle of one grid lies in another."""
    left, top, right, bottom = grid.bounds
    x, y = (other.bounds[0] + other.bounds[2]) / 2, (other.bounds[1] + other.bounds[3]) / 2
    return left <= x <= right and top <= y <= bottom


def _is_within(rule: Rule, grid: Grid) -> bool:
    """Whether a level rule lies in a grid, or at its rim."""
    left, top, right, bottom = grid.bounds
    room = GRIDS.least_cell
    x, y = float(np.median(rule.along)), float(np.median(rule.across))
    return left - room <= x <= right + room and top - room <= y <= bottom + room


def _open_grid(lattice: Lattice) -> Grid:
    """The grid of a lattice without walls."""
    places = product(range(len(lattice.level) - 1), range(len(lattice.upright) - 1))
    return Grid(lattice.nodes(), tuple(GridCell(row, column) for row, column in places), ruled_columns=False)


def _grid(lattice: Lattice, rules: Rules) -> Grid | None:
    """The grid of a lattice, with cells put together where no wall parts them; None if it is no grid."""
    rows, columns = len(lattice.level) - 1, len(lattice.upright) - 1
    if rows * columns > GRIDS.most_cells:
        return None
    nodes = lattice.nodes()
    walls = np.ones((rows, columns + 1), bool)
    floors = np.ones((rows + 1, columns), bool)
    for row, column in product(range(rows), range(1, columns)):
        walls[row, column] = _is_ruled(nodes[row, column], nodes[row + 1, column], rules.upright_mask)
    for row, column in product(range(1, rows), range(columns)):
        floors[row, column] = _is_ruled(nodes[row, column], nodes[row, column + 1], rules.level_mask)
    return Grid(nodes, _cells(walls, floors))


def _is_ruled(start: NDArray[np.float64], end: NDArray[np.float64], mask: Mask) -> bool:
    """Whether a rule covers enough of a side of a cell.

    Args:
        start: float64, 2: x and y of one end of the side, in pixels.
        end: The same of its other end.
        mask: uint8, height × width, 1 where a rule is.
    """
    count = max(2, int(np.abs(end - start).max()))
    shares = np.linspace(GRIDS.wall_ends, 1 - GRIDS.wall_ends, count)[:, None]
    places = np.rint(start + shares * (end - start)).astype(int)
    x, y = np.clip(places, 0, (mask.shape[1] - 1, mask.shape[0] - 1)).T
    return bool(np.count_nonzero(mask[y, x]) / count >= GRIDS.wall)


def _cells(walls: NDArray[np.bool_], floors: NDArray[np.bool_]) -> tuple[GridCell, ...]:
    """Cells in reading order; where no wall parts some that make a rectangle, they are one.

    Args:
        walls: bool, rows × (columns + 1): whether there is a wall at the left of a column.
        floors: bool, (rows + 1) × columns: whether there is a rule above a row.
    """
    rows, columns = walls.shape[0], floors.shape[1]
    taken = np.zeros((rows, columns), bool)
    cells = []
    for row, column in product(range(rows), range(columns)):
        if taken[row, column]:
            continue
        group = _together(row, column, walls, floors)
        low, high = group.min(axis=0), group.max(axis=0) + 1
        inside = np.s_[low[0] : high[0], low[1] : high[1]]
        is_rectangle = len(group) == np.prod(high - low) and not taken[inside].any()
        cell = GridCell(int(low[0]), int(low[1]), *(high - low).tolist()) if is_rectangle else GridCell(row, column)
        taken[cell.row : cell.row + cell.rows, cell.column : cell.column + cell.columns] = True
        cells.append(cell)
    return tuple(cells)


def _together(row: int, column: int, walls: NDArray[np.bool_], floors: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Row and column of each cell that no wall parts from a cell: int64, cells × 2."""
    reached, ends = {(row, column)}, [(row, column)]
    while ends:
        y, x = ends.pop()
        sides = (
            ((y, x - 1), not walls[y, x]),
            ((y, x + 1), not walls[y, x + 1]),
            ((y - 1, x), not floors[y, x]),
            ((y + 1, x), not floors[y + 1, x]),
        )
        new = [place for place, is_open in sides if is_open and place not in reached]
        reached.update(new)
        ends += new
    return np.array(sorted(reached))


def _is_table(grid: Grid) -> bool:
    """Whether a grid is a table: several cells, each with room for writing, and no row of boxes for digits."""
    sizes = np.array([grid.size(cell) for cell in grid.cells])
    if len(sizes) < 2 or (np.median(sizes, axis=0) < GRIDS.least_cell).any():
        return False
    if len(sizes) >= GRIDS.many_squares and not grid.has_names and _are_squares(sizes):
        return False
    is_row = len({cell.row for cell in grid.cells}) == 1 or len({cell.column for cell in grid.cells}) == 1
    return not (is_row and float((sizes[:, 0] / sizes[:, 1]).min()) < GRIDS.digit_box)


def _are_squares(sizes: NDArray[np.float64]) -> bool:
    """Whether cells are squares of one size.

    Args:
        sizes: float64, cells × 2: width and height of each.
    """
    usual = np.median(sizes, axis=0)
    alike = (np.abs(sizes - usual) <= GRIDS.same_square * usual).all(axis=1).mean()
    square = 1 / GRIDS.square <= usual[0] / usual[1] <= GRIDS.square
    return bool(square and alike >= GRIDS.squares_alike)
