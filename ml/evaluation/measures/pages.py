"""What passes on any page, right and wrong: drawn pages of each kind, empty patches, and real pages.

Everything is read as `--layout auto` reads it, cut-out cells as one number. RapidOCR reads the same in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import chain, islice
from operator import add
from pathlib import Path

import numpy as np

from ml.evaluation.pages.counting import HEAD, Counts
from ml.evaluation.pages.empty import drawn_patches, real_patches
from ml.evaluation.pages.readers import PEER_PASSES, PageReader, PeerReaders, ours, rapidocr
from ml.evaluation.pages.tally import Tally, tally_drawn, tally_empty, tally_real
from ml.evaluation.reports.mistakes import Shown, draw_mistakes
from ml.evaluation.reports.report import Picture, Table
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.reader import Reader
from ml.training.datasets import Digits, load_scripts
from ml.training.fields.digits import Writers
from ml.training.pages.kinds import KINDS, draw_page
from ml.training.pages.page import DrawnPage
from ml.training.pages.strangers import another_script_by_hand
from ml.training.real_pages import PageSet, sets_to_build_on, sets_to_report_on

Results = tuple[list[Table], list[Picture]]

PAGES_SEED = 28_001
"""Of drawn pages and patches. Nothing may be fitted on pages of this seed."""
PAGES_EACH = 200
PATCHES = 2_000
REAL_PATCHES = 500
"""Of the patches, as many are cut from real paper where there is enough of it."""
PEER_EACH = 50
"""Drawn pages of a kind that the peer reads besides: it needs several times as long as ours."""

_PEER = "RapidOCR"
_BY_VALUE = (
    "It is not known where the numbers of a real page stand: what passes is wrong where it is none of the page's "
    "numbers that are still left, such as a form's own printed numbers. Numbers of which a person could not be sure "
    "do not count."
)

_PEER_NOTE = (
    f'RapidOCR, detector and recogniser, on cells its recogniser alone; it "passes" over {PEER_PASSES}. '
    "It does not know print from hand, so a form's own numbers are among its mistakes."
)


def pages_part(folder: Path | None, test: Digits, reader: Reader, output: Path) -> Results:
    """Count on drawn pages of each kind, on patches without writing, and on real pages that may be built on.

    Args:
        folder: The data folder; None: there is none, and real pages are left out.
        test: MNIST's test digits, with which all is drawn.
        reader: As shipped.
        output: Where the pictures of what passed wrong go.
    """
    peer = rapidocr()
    drawn = _drawn_table({**_kinds(Writers(test)), **_scripts(folder)}, reader, peer, output)
    empty = _empty_table(folder, reader, peer, output)
    real = _real_table("Real pages, to build on", sets_to_build_on(folder), reader, peer, output / "pages-real.png")
    pictures = [
        Picture("pages-drawn.png", "Drawn pages: everything that passed wrong"),
        Picture("pages-empty.png", "Patches without writing: everything that passed"),
        Picture("pages-real.png", "Real pages to build on: everything that passed wrong"),
    ]
    return [drawn, empty, real], pictures


def pages_report_part(folder: Path | None, reader: Reader, output: Path) -> Results:
    """Count on the real pages that nothing is chosen by; arguments as of `pages_part`."""
    sets = sets_to_report_on(folder)
    table = _real_table("Real pages, to report on", sets, reader, rapidocr(), output / "pages-report.png")
    return [table], [Picture("pages-report.png", "Real pages to report on: everything that passed wrong")]


Pages = Callable[[int], Iterator[DrawnPage]]
"""Draws the first so many pages of a kind."""


def _kinds(writers: Writers) -> dict[str, Pages]:
    """By a kind's name its pages."""
    return {kind: partial(drawn_pages, kind, writers) for kind in KINDS}


def _scripts(folder: Path | None) -> dict[str, Pages]:
    """Pages of other scripts in real hands, those of their test sets; none where the data folder has none."""
    hands = {script: Writers(digits) for script, digits in load_scripts(folder, "test").items()}
    return {f"{script}, real hands": partial(_foreign_pages, script, own) for script, own in hands.items()}


def _foreign_pages(script: str, hands: Writers, count: int) -> Iterator[DrawnPage]:
    for index in range(count):
        yield another_script_by_hand(script, hands, np.random.default_rng((PAGES_SEED, index)))


def drawn_pages(kind: str, writers: Writers, count: int) -> Iterator[DrawnPage]:
    """The pages of one kind that are measured on: always the same ones."""
    number = list(KINDS).index(kind)
    for index in range(count):
        yield draw_page(kind, writers, np.random.default_rng((PAGES_SEED, number, index)))


def _drawn_table(kinds: Mapping[str, Pages], reader: Reader, peer: PeerReaders | None, output: Path) -> Table:
    """A row a kind and reader."""
    read = ours(reader)
    tallies = {kind: tally_drawn(pages(PAGES_EACH), read) for kind, pages in kinds.items()}
    rows = [(kind, "ours", f"{own.pages}", *own.counts.cells) for kind, own in tallies.items()]
    rows += [_total_row("ours", list(tallies.values()))]
    if peer is not None:
        beside = {kind: tally_drawn(pages(PEER_EACH), peer.pages) for kind, pages in kinds.items()}
        rows += [(kind, _PEER, f"{other.pages}", *other.counts.cells) for kind, other in beside.items()]
        rows += [_total_row(_PEER, list(beside.values()))]
    draw_mistakes(list(chain.from_iterable(own.shown for own in tallies.values())), output / "pages-drawn.png")
    note = (
        "Digits of MNIST's test hands and of drawn strokes, compared by place; decimal marks and signs count. "
        f'RapidOCR, detector and recogniser, reads the first {PEER_EACH} of each; it "passes" over {PEER_PASSES}.'
    )
    return Table("Drawn pages", ("kind", "reader", "pages", *HEAD), tuple(rows), note)


def _empty_table(folder: Path | None, reader: Reader, peer: PeerReaders | None, output: Path) -> Table:
    """A row a sort of paper and reader."""
    real = list(islice(real_patches(folder, REAL_PATCHES, PAGES_SEED), REAL_PATCHES))
    drawn = list(drawn_patches(PATCHES - len(real), PAGES_SEED))
    readers: dict[str, PageReader] = {"ours": ours(reader), "ours, told it is one number": ours(reader, ONE_NUMBER)}
    if peer is not None:
        readers[_PEER] = peer.pages
    rows: list[tuple[str, ...]] = []
    shown: list[Shown] = []
    for paper, patches in (("drawn", drawn), ("real", real)):
        for name, read in readers.items():
            tally = tally_empty(patches, read)
            passing = len(tally.counts.mistakes)
            rows.append((paper, name, f"{tally.pages:,}", f"{passing} ({passing / max(1, tally.pages):.2%})"))
            shown += tally.shown if name != _PEER else ()
    draw_mistakes(shown, output / "pages-empty.png")
    note = "Shaded, creased and folded paper, cloth, wood, rules, cells, boxes, security print, screens. None may pass."
    return Table("Patches without writing", ("paper", "reader", "patches", "numbers that pass"), tuple(rows), note)


def _real_table(title: str, sets: Sequence[PageSet], reader: Reader, peer: PeerReaders | None, picture: Path) -> Table:
    """A row a set and reader, and one of all sets together."""
    head = ("set", "reader", "pages", *HEAD)
    if not sets:
        return Table(title, head, (), "Left out: COUNTERSIGN_DATA holds no pages/ folder.")
    any_page, one_number = ours(reader), ours(reader, ONE_NUMBER)
    own = {pages.name: tally_real(pages.pages, one_number if pages.one_number else any_page) for pages in sets}
    rows = [(name, "ours", f"{tally.pages}", *tally.counts.cells) for name, tally in own.items()]
    rows.append(_total_row("ours", list(own.values())))
    if peer is not None:
        others = {pages.name: tally_real(pages.pages, peer.cells if pages.one_number else peer.pages) for pages in sets}
        rows += [(name, _PEER, f"{tally.pages}", *tally.counts.cells) for name, tally in others.items()]
        rows.append(_total_row(_PEER, list(others.values())))
    draw_mistakes(list(chain.from_iterable(tally.shown for tally in own.values())), picture)
    return Table(title, head, tuple(rows), f"{_BY_VALUE} {_PEER_NOTE}")


def _total_row(reader: str, tallies: Sequence[Tally]) -> tuple[str, ...]:
    together: Counts = reduce(add, (tally.counts for tally in tallies), Counts())
    return ("all together", reader, f"{sum(tally.pages for tally in tallies)}", *together.cells)
