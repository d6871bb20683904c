"""Draws the map of the code from its imports: `make map` writes `docs/img/architecture.svg`.

A box is a room (a package), with the first sentence of its docstring. An arrow goes from a room to one that it imports,
always downwards. Arrows that follow from others are left out.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "img" / "architecture.svg"
ROOTS = ("portal", "worker", "recognition", "accounts", "ml")
WIDE, HIGH, ACROSS, DOWN, EDGE = 220, 84, 24, 56, 24
"""Pixels: a box, the space between boxes, and the picture's margin."""

HALLS = ("ml", "ml.reading")
"""Packages that hold rooms, and are none."""

GAP = "|"
"""Stands in the name of a place where an arrow passes a floor."""

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1c2b2a; }
  .name { font-weight: 650; font-size: 13px; }
  rect { fill: #ffffff; stroke: #0b6b62; rx: 6px; }
  .training rect { stroke: #8a6d1f; } .evaluation rect { stroke: #6b4a8a; } .site rect { stroke: #33526e; }
  path { fill: none; stroke: #7b8a88; stroke-width: 1.2; marker-end: url(#head); }
  .paper { fill: #f7f7f4; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4eae9; } rect { fill: #1d2426; } .paper { fill: #14171a; } path { stroke: #8fa09d; }
  }
"""

Imports = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """A room on the picture: its place in pixels from the top left, its name and what it says of itself."""

    room: str
    left: float
    top: float
    words: str


def room_of(module: str) -> str:
    """The room in which a module stands: "ml.reading.ink" of "ml.reading.ink.frames", "portal" of "portal.urls"."""
    parts = module.split(".")
    if parts[0] != "ml":
        return parts[0]
    return ".".join(parts[:3] if parts[1] == "reading" else parts[:2])


def imports_of_rooms() -> Imports:
    """By room the rooms that it imports, without those that follow from others."""
    graph = grimp.build_graph(*ROOTS, include_external_packages=False, cache_dir=None)
    rooms: dict[str, set[str]] = {}
    for module in sorted(graph.modules):
        if module in HALLS:
            continue
        home = rooms.setdefault(room_of(module), set())
        home |= {room_of(other) for other in graph.find_modules_directly_imported_by(module)} - {
            room_of(module),
            *HALLS,
        }
    return _reduced({room: frozenset(known) for room, known in rooms.items()})


def _reduced(imports: Imports) -> Imports:
    """The same without arrows that a longer way replaces.

    Raises:
        ValueError: Rooms import one another in a circle.
    """
    below = {room: _below(room, imports, ()) for room in imports}
    return {
        room: frozenset(one for one in known if not any(one in below[other] for other in known if other != one))
        for room, known in imports.items()
    }


def _below(room: str, imports: Imports, way: tuple[str, ...]) -> frozenset[str]:
    """All rooms that one reaches."""
    if room in way:
        raise ValueError(f"rooms import one another in a circle: {' → '.join((*way, room))}")
    known = imports.get(room, frozenset())
    return known.union(*(_below(one, imports, (*way, room)) for one in known))


def floors_of(imports: Imports) -> list[list[str]]:
    """The rooms floor by floor from the top; each stands above all that it imports, and as low as that allows."""
    height: dict[str, int] = {}

    def floor(room: str) -> int:
        if room not in height:
            height[room] = 1 + max((floor(one) for one in imports[room]), default=-1)
        return height[room]

    top = max(floor(room) for room in imports)
    return [sorted(room for room in imports if height[room] == level) for level in range(top, -1, -1)]


def routed(rows: list[list[str]], imports: Imports) -> tuple[list[list[str]], list[list[str]]]:
    """The rows with a gap wherever an arrow passes a floor, and each arrow as the places that it goes through.

    Places are in such an order that few arrows cross: each near the middle of those that it is joined to.

    Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", 1981.
    """
    floor = {room: at for at, row in enumerate(rows) for room in row}
    rows = [list(row) for row in rows]
    arrows = []
    for room in sorted(imports):
        for other in sorted(imports[room]):
            gaps = [f"{GAP}{room}{GAP}{other}{GAP}{at}" for at in range(floor[room] + 1, floor[other])]
            for at, gap in enumerate(gaps, start=floor[room] + 1):
                rows[at].append(gap)
            arrows.append([room, *gaps, other])
    joined: dict[str, set[str]] = {place: set() for row in rows for place in row}
    for arrow in arrows:
        for one, other in pairwise(arrow):
            joined[one].add(other)
            joined[other].add(one)
    for _ in range(24):
        middle = {place: (at + 0.5) / len(row) for row in rows for at, place in enumerate(row)}
        for row in rows:
            row.sort(key=lambda place: sum(middle[one] for one in sorted(joined[place])) / max(1, len(joined[place])))
    return rows, arrows


def words_of(room: str) -> str:
    """The first sentence of a room's docstring, without its name at the front."""
    path = ROOT / Path(*room.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    sentence = " ".join(docstring.split("\n\n")[0].split())
    return sentence.split(": ", 1)[-1] if sentence.lower().startswith(f"{room.split('.')[-1]}: ") else sentence


def draw() -> str:
    """The picture, as SVG."""
    imports = imports_of_rooms()
    rows, arrows = routed(floors_of(imports), imports)
    width = max(sum(map(_width, row)) for row in rows) + 2 * EDGE
    boxes = {box.room: box for at, row in enumerate(rows) for box in _row(row, at, width)}
    height = len(rows) * (HIGH + DOWN) - DOWN + 2 * EDGE
    head = (
        '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8" style="marker-end: none"/></marker>'
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="The rooms of the code, and which imports which">',
        f"<style>{STYLE}</style>",
        f"<defs>{head}</defs>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *(_arrow([boxes[place] for place in arrow]) for arrow in arrows),
        *(_drawn(box) for box in boxes.values() if GAP not in box.room),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _width(place: str) -> int:
    """Pixels that a place takes on its floor."""
    return 2 * ACROSS if GAP in place else WIDE + ACROSS


def _row(places: list[str], at: int, width: float) -> Iterator[Box]:
    """The boxes and gaps of a floor, spread over the picture's width."""
    spare = (width - 2 * EDGE - sum(map(_width, places))) / len(places)
    left = EDGE + spare / 2
    for place in places:
        own = _width(place)
        middle = left + own / 2
        yield Box(place, middle - WIDE / 2, EDGE + at * (HIGH + DOWN), "" if GAP in place else words_of(place))
        left += own + spare


def _arrow(boxes: list[Box]) -> str:
    """A line from the first box's foot to the last one's top, straight down through the gaps."""
    x = boxes[0].left + WIDE / 2
    way = f"M{x:.0f} {boxes[0].top + HIGH:.0f}"
    for box in boxes[1:]:
        to_x, top = box.left + WIDE / 2, box.top
        way += f"C{x:.0f} {top - DOWN / 2:.0f} {to_x:.0f} {top - DOWN / 2:.0f} {to_x:.0f} {top:.0f}"
        way += "" if box is boxes[-1] else f"V{top + HIGH:.0f}"
        x = to_x
    return f'<path d="{way}"/>'


def _drawn(box: Box) -> str:
    kind = box.room.split(".")[1] if box.room.startswith("ml.") else "site"
    lines = textwrap.wrap(box.words, 31)
    if len(lines) > 4:
        lines = [*lines[:3], f"{lines[3].rstrip('.,')} …"]
    words = "".join(
        f'<text x="{box.left + 10:.0f}" y="{box.top + 34 + 14 * row:.0f}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )
    name = escape(box.room.removeprefix("ml."))
    return (
        f'<g class="{kind}"><rect x="{box.left:.0f}" y="{box.top:.0f}" width="{WIDE}" height="{HIGH}"/>'
        f'<text class="name" x="{box.left + 10:.0f}" y="{box.top + 18:.0f}">{name}</text>{words}</g>'
    )


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
