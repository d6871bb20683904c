"""Real pages with numbers, from `pages/` in the data folder: which may be built on, which are kept to report on.

Each set is a folder with its `truth.tsv`. A page may be looked at while building where the SHA-256 of its name begins
with an even hex digit; all pages of a set with fewer than six are kept to report on.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_FEWEST = 6
"""Pages of the smallest set of which half may be built on."""

CELLS = ("meza_cells",)
"""Sets of cut-out cells: each picture is read as one number."""


@dataclass(frozen=True, slots=True)
class RealPage:
    """A real page with what stands on it.

    Attributes:
        file: Its picture.
        values: Its numbers as written, in no order; "?" behind one that a person could not be sure of.
    """

    file: Path
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages of one source.

    Attributes:
        name: The folder's.
        pages: In the order of their names.
        one_number: Whether each picture is one number.
    """

    name: str
    pages: tuple[RealPage, ...]
    one_number: bool


def may_be_built_on(name: str) -> bool:
    """Whether a file of a large set may be looked at while building, by its name alone."""
    return int(hashlib.sha256(name.encode()).hexdigest()[0], 16) % 2 == 0


def sets_to_build_on(folder: Path | None) -> list[PageSet]:
    """The pages of every set that may be looked at; sets without any are left out."""
    return _sets(folder, lambda name, large: large and may_be_built_on(name))


def sets_to_report_on(folder: Path | None) -> list[PageSet]:
    """The pages that nothing may be chosen by."""
    return _sets(folder, lambda name, large: not (large and may_be_built_on(name)))


def _sets(folder: Path | None, chosen: Callable[[str, bool], bool]) -> list[PageSet]:
    truths = sorted((folder / "pages").glob("*/truth.tsv")) if folder else []
    sets = [PageSet(truth.parent.name, tuple(_pages(truth, chosen)), truth.parent.name in CELLS) for truth in truths]
    return [one for one in sets if one.pages]


def _pages(truth: Path, chosen: Callable[[str, bool], bool]) -> Iterator[RealPage]:
    """The chosen pages of one set. A page without a row in the truth has no number on it."""
    values: dict[str, list[str]] = {
        file.name: [] for file in sorted(truth.parent.iterdir()) if file.suffix.lower() in (".jpg", ".jpeg", ".png")
    }
    large = len(values) >= _FEWEST
    for row in csv.DictReader(truth.read_text("utf-8").splitlines(), delimiter="\t"):
        own = values.get(row["file"])
        if own is not None and "struck out" not in (row.get("note") or "") and any(map(str.isdigit, row["value"])):
            own.append(row["value"])
    for name, numbers in values.items():
        if chosen(name, large):
            yield RealPage(truth.parent / name, tuple(numbers))
