"""Numbers judged: drawn and real pages in, every number that a reader finds there out, with its evidence.

Each of them is right or wrong: whether it is as it is written. Drawn pages are written in held-out hands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.reading.acceptance.evidence import Place
from ml.reading.boxes.read import BoxEvidence, box_evidence_on, without_rows
from ml.reading.elements import Box, Page
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.grids.find import rules_of
from ml.reading.ink.ink import Ink, find_ink
from ml.reading.numbers.read import NumberEvidence, evidence_on
from ml.reading.reader import Reader
from ml.reading.sheets.grounds import may_show_ground, without_ground
from ml.reading.sheets.sheet import find_sheets, is_ground_bare
from ml.reading.tables.evidence import CellEvidence
from ml.reading.tables.read import on_page, tables_on, without_tables
from ml.training.datasets import data_folder, load_courtesy_amounts, load_mnist, mnist_folder, split
from ml.training.fields.digits import Writers
from ml.training.pages.kinds import KINDS, draw_page
from ml.training.pages.nothing import empty_patch
from ml.training.pages.page import DrawnPage, Written
from ml.training.real_pages import PageSet, sets_to_build_on

_PARTS = 5
"""Pages are judged in so many parts: drawn ones each with pages of every kind, and each set of real ones."""

_REAL_WEIGHT = 3.0
"""A number of a real page counts as much as this number of drawn ones."""

_OVERLAP = 0.3
"""A reading is of the number of which its box covers this share, or that covers this share of it."""

_STRIPS_OF_PAGE = 4
"""Strips that are cut out of a drawn page."""

_WHOLE, _OUTSIDE = 0.95, 0.05
"""A number is in a strip if the strip covers the first share of it, and outside if it covers the second."""

_PRINTED = 0.5
"""What is likelier print than writing is not cut out."""

_SAME_SIGN = str.maketrans(",", ".")


@dataclass(frozen=True, slots=True, eq=False)
class JudgedNumber:
    """A number that was found, judged.

    Attributes:
        place: Where it stands.
        source: The kind of drawn page, or the set of real ones.
        fold: Of drawn pages a part of all kinds; of real ones the whole set.
        part: The same, with each real set in parts as well.
        right: Whether exactly this is written there.
        row: float64, its features.
        barred: Whether a person is asked in any case.
        weight: How much it counts in the fit.
    """

    place: Place
    source: str
    fold: str
    part: str
    right: bool
    row: NDArray[np.float64]
    barred: bool
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A number that was found on a page.

    Attributes:
        place: Where it stands.
        value: As it was read.
        box: In pixels of the page.
        evidence: For it.
    """

    place: Place
    value: str
    box: Box
    evidence: NumberEvidence | CellEvidence | BoxEvidence

    def judged(self, source: str, part: int, *, right: bool, is_real: bool, weight: float = 1.0) -> JudgedNumber:
        """The number, judged; `part` is the number of its part."""
        row, barred = self.evidence.features.row, self.evidence.is_barred
        fold = source if is_real else f"drawn {part}"
        part_name = f"{source} {part}" if is_real else fold
        return JudgedNumber(self.place, source, fold, part_name, right, row, barred, weight)


def held_out_writers() -> Writers:
    """Hands of MNIST's training set that no network was trained on."""
    _, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    return Writers(held_out)


def drawn_numbers(count: int, seed: int, reader: Reader) -> Iterator[JudgedNumber]:
    """The numbers that a reader finds on `count` drawn pages of each kind, in tables, outside, and cut out of them."""
    writers = held_out_writers()
    for at, kind in enumerate(KINDS):
        for number in range(count):
            part, rng = number % _PARTS, np.random.default_rng((seed, at, number))
            drawn = draw_page(kind, writers, rng)
            found = numbers_on(Page(drawn.pixels, 1, None, ""), reader)
            yield from judged_on(drawn, found, part)
            yield from _cut_out(drawn, found, part, reader, rng)


def empty_strips(count: int, seed: int, reader: Reader) -> Iterator[JudgedNumber]:
    """What a reader finds in `count` patches without writing, told that each is one number."""
    for number in range(count):
        patch = empty_patch(np.random.default_rng((seed, number)))
        for one in _in_strip(Page(patch, 1, None, ""), reader):
            yield one.judged("nothing there", number % _PARTS, right=False, is_real=False)


def real_numbers(folder: Path | None, reader: Reader) -> Iterator[JudgedNumber]:
    """The numbers that a reader finds on real pages, and in real strips, to build on; none without the data folder."""
    sets = sets_to_build_on(folder)
    yield from _on_real_pages([one for one in sets if not one.one_number], reader)
    for one_set in (one for one in sets if one.one_number):
        for number, page in enumerate(one_set.pages):
            for picture in load_pages(page.file.read_bytes(), reader.limits):
                for one in _in_strip(picture, reader):
                    right = len(page.values) == 1 and _is_same(one.value, page.values[0])
                    yield one.judged(one_set.name, number % _PARTS, right=right, is_real=True)
    for number, amount in enumerate(load_courtesy_amounts(folder)):
        for picture in load_pages(amount.data, reader.limits):
            for one in _in_strip(picture, reader):
                # Where its marks stand is not labelled.
                right = re.sub("[^0-9?]", "", one.value) == amount.digits
                yield one.judged("courtesy amounts", number % _PARTS, right=right, is_real=True)


def numbers_on(page: Page, reader: Reader) -> list[Found]:
    """All numbers of a page, found as reading finds them: in rows of boxes, in cells of tables, and elsewhere."""
    sheets = find_sheets(page) if may_show_ground(page) else []
    page = without_ground(page, sheets) if is_ground_bare(page, sheets) else page
    ink = find_ink(page, of_any_page=True)
    rules = rules_of(ink.soft)
    if rules is None:
        return _elsewhere(page, ink, reader)
    rows, boxed = box_evidence_on(page, ink, rules, reader)
    found = [Found("box", one.number.value, one.box(ink.scale, page), one) for one in boxed]
    left = without_rows(ink, rows)
    tables = tables_on(page, left, reader, None if rows else rules)
    cells = (cell for table in tables for cell in table.numbers if cell is not None)
    found += [Found("cell", cell.value, on_page(cell.cell.writing.box, page, ink), cell) for cell in cells]
    return found + _elsewhere(page, without_tables(left, tables), reader)


def _elsewhere(page: Page, ink: Ink, reader: Reader) -> list[Found]:
    return [Found(one.place, one.value, one.box, one) for one in evidence_on(page, ink, ANY_NUMBER, reader)]


def judged_on(drawn: DrawnPage, found: Iterable[Found], part: int) -> Iterator[JudgedNumber]:
    """Judge what was found on a drawn page: each written number counts once."""
    left = list(drawn.numbers)
    for one in found:
        there = [written for written in left if _overlap(one.box, written.box) > _OVERLAP]
        right = len(there) == 1 and _is_same(one.value, there[0].value)
        if right:
            left.remove(there[0])
        yield one.judged(drawn.kind, part, right=right, is_real=False)


def _overlap(found: Box, written: Box) -> float:
    """The share of the smaller box that lies in the other."""
    smaller = min(found.width * found.height, written.width * written.height)
    return _shared_area(found, written) / smaller


def _shared_area(one: Box, other: Box) -> int:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, across) * max(0, down)


def _is_same(value: str, written: str) -> bool:
    """Whether a value is what is written; a decimal comma is a point."""
    return value.translate(_SAME_SIGN) == written.translate(_SAME_SIGN)


def _cut_out(
    drawn: DrawnPage, found: Sequence[Found], part: int, reader: Reader, rng: Generator
) -> Iterator[JudgedNumber]:
    """Cut strips out of a drawn page, around its numbers and around what was taken for one, and read each as one."""
    boxes = [number.box for number in drawn.numbers]
    # What a machine printed reads as well in a picture of its own.
    others = [one.box for one in found if one.evidence.printed < _PRINTED]
    boxes += [box for box in others if not any(_shared_area(box, number.box) for number in drawn.numbers)]
    for at in rng.permutation(len(boxes))[:_STRIPS_OF_PAGE]:
        strip = _with_room(boxes[at], drawn.pixels.shape[:2], rng)
        pixels = np.ascontiguousarray(drawn.pixels[strip.top : strip.bottom, strip.left : strip.right])
        written = _written_in(strip, drawn.numbers)
        for one in _in_strip(Page(pixels, 1, None, ""), reader):
            right = len(written) == 1 and _is_same(one.value, written[0])
            yield one.judged(drawn.kind, part, right=right, is_real=False)


def _with_room(box: Box, size: tuple[int, ...], rng: Generator) -> Box:
    """A box as a person would cut out a number: with more or less room around it."""
    beside, above = rng.uniform(0.1, 0.8, 2) * box.height, rng.uniform(0.05, 0.6, 2) * box.height
    left, top = int(max(0, box.left - beside[0])), int(max(0, box.top - above[0]))
    right, bottom = min(size[1], box.right + beside[1]), min(size[0], box.bottom + above[1])
    return Box(left, top, max(left + 1, int(right)), max(top + 1, int(bottom)))


def _written_in(strip: Box, numbers: Sequence[Written]) -> list[str]:
    """The numbers in a strip; one that the strip cuts through is given as an empty value, which no reading is."""
    shares = [(one.value, _shared_area(strip, one.box) / (one.box.width * one.box.height)) for one in numbers]
    return [value if share > _WHOLE else "" for value, share in shares if share > _OUTSIDE]


def _in_strip(page: Page, reader: Reader) -> list[Found]:
    found = evidence_on(page, find_ink(page), ONE_NUMBER, reader)
    return [Found(one.place, one.value, one.box, one) for one in found]


def _on_real_pages(sets: Sequence[PageSet], reader: Reader) -> Iterator[JudgedNumber]:
    """The numbers on real pages. Where they stand is not known: a page's values are used up."""
    for one_set in sets:
        for number, page in enumerate(one_set.pages):
            found = [
                one
                for picture in load_pages(page.file.read_bytes(), reader.limits)
                for one in numbers_on(picture, reader)
            ]
            for one, right in zip(found, used_up(found, page.values), strict=True):
                yield one.judged(one_set.name, number % _PARTS, right=right, is_real=True, weight=_REAL_WEIGHT)


def used_up(found: Sequence[Found], values: Sequence[str]) -> list[bool]:
    """For each number that was found on a page whether it is right: each value of the page makes one right.

    If one is found more often than it stands there, those with the surest digits are right.
    """
    left = Counter(value.rstrip("?").translate(_SAME_SIGN) for value in values)
    right = [False] * len(found)
    for at in sorted(range(len(found)), key=lambda at: -found[at].evidence.features.weakest):
        value = found[at].value.translate(_SAME_SIGN)
        right[at] = left[value] > 0
        left[value] -= right[at]
    return right
