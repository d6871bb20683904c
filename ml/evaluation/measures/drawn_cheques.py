"""Drawn cheques with their amount in words: what passes, right and wrong, and whether contradicting words are caught.

Words are written in fonts of handwriting, and digits by hands, that nothing was trained or calibrated with. The fonts
stand outside this project. Two tables and a picture of what passes wrong come out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ml.evaluation.measures.cheques import amount_shown
from ml.evaluation.measures.forms import trusted_writers
from ml.evaluation.reports.mistakes import Shown, draw_mistakes
from ml.evaluation.reports.report import Picture, Table
from ml.reading.elements import Agreement, PageReading, Reading
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.operating_points import wilson
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import Digits
from ml.training.sheets.cheques import CLEAN, PHOTOGRAPHED, DrawnCheque, draw_cheques
from ml.training.synthesis.strings import png
from ml.training.words.fonts import FONTS_VARIABLE, fonts_folder
from ml.training.words.sources import known_and_unseen

SEED = 29_777

CHEQUES, CONTRADICTING = 400, 2_000
"""Cheques of each way that say the same twice, and cheques that contradict themselves."""

_AT_ONCE = 16
"""Cheques that are held in memory."""

HEAD = (
    "cheques",
    "ways",
    "count",
    "pass right",
    "95 % interval",
    "pass wrong",
    "asked, read right",
    "layout not found",
)
CAUGHT_HEAD = (
    "cheques",
    "count",
    "found and read",
    "told as a contradiction",
    "asked",
    "pass",
    "caught",
    "95 % interval",
)


def drawn_cheques_part(digits: Digits, reader: Reader, output: Path) -> tuple[list[Table], list[Picture]]:
    """Draw cheques, read them and count.

    Args:
        digits: MNIST's test digits.
        reader: As shipped.
        output: Where the picture goes.
    """
    title, caught_title = "Drawn cheques with words", "Drawn cheques that contradict themselves"
    if not os.environ.get(FONTS_VARIABLE):
        note = f"Left out: {FONTS_VARIABLE} names no folder with fonts of handwriting."
        return [Table(title, HEAD, (), note), Table(caught_title, CAUGHT_HEAD, (), note)], []
    _, unseen = known_and_unseen(fonts_folder())
    writers, shown, rows = trusted_writers(digits), list[Shown](), list[tuple[str, ...]]()
    unseen = replace(unseen, writers=writers)
    for number, (name, ways) in enumerate({"scanned": CLEAN, "photographed": PHOTOGRAPHED}.items()):
        drawn = draw_cheques(unseen, writers, range(CHEQUES), SEED + number, ways=ways, contradicting=0)
        counts, wrong = count_amounts(drawn, reader)
        shown += wrong
        rows += [passing_row(layout, name, count) for layout, count in counts.items()]
    both = draw_cheques(unseen, writers, range(CONTRADICTING), SEED + 9, ways=(*CLEAN, *PHOTOGRAPHED), contradicting=1)
    counts, _ = count_amounts(both, reader)
    draw_mistakes(shown, output / "drawn-cheques.png")
    note = (
        f"At {reader.error_rate:.0%}. {len(unseen.fonts)} fonts and MNIST's test digits, with which nothing was "
        "trained or calibrated. A photographed cheque whose layout is not found counts as one that does not pass."
    )
    caught = tuple(caught_row(layout, count) for layout, count in counts.items())
    tables = [Table(title, HEAD, tuple(rows), note), Table(caught_title, CAUGHT_HEAD, caught, note)]
    return tables, [Picture("drawn-cheques.png", "Drawn amounts that pass wrong")]


def count_amounts(cheques: Iterable[DrawnCheque], reader: Reader) -> tuple[Mapping[str, Counter[str]], list[Shown]]:
    """By layout what became of the amounts, and a picture of each that passes wrong."""
    counts: dict[str, Counter[str]] = {}
    shown: list[Shown] = []

    def read(cheque: DrawnCheque) -> tuple[DrawnCheque, list[PageReading]]:
        return cheque, list(read_scan(png(cheque.picture), shipped_layouts(), reader))

    cheques = iter(cheques)
    with ThreadPoolExecutor(2) as pool:
        while some := list(islice(cheques, _AT_ONCE)):
            for cheque, pages in pool.map(read, some):
                count = counts.setdefault(cheque.filled.layout.name, Counter())
                amount = next((one for page in pages for one in page.fields if one.field == "amount"), None)
                stands = cheque.filled.values["amount"]
                count.update(_became(amount, stands))
                if amount is not None and amount.accepted and amount.value != stands:
                    shown.append(amount_shown(pages[0].page.pixels, amount, stands))
    return counts, shown


def _became(amount: Reading | None, stands: str) -> Iterator[str]:
    """What is counted of an amount: None was not found."""
    yield "all"
    if amount is None:
        yield "not found"
        return
    outcome = "right" if amount.value == stands else "wrong"
    yield outcome
    if amount.accepted:
        yield f"pass {outcome}"
    if amount.words is not None and amount.words.agreement is Agreement.CONTRADICTS:
        yield "contradiction"


def passing_row(layout: str, ways: str, count: Counter[str]) -> tuple[str, ...]:
    """A row of cheques that say the same twice."""
    low, high = wilson(count["pass right"], count["all"])
    return (
        layout,
        ways,
        f"{count['all']}",
        f"{count['pass right']} ({count['pass right'] / count['all']:.1%})",
        f"{low:.0%} to {high:.0%}",
        f"{count['pass wrong']}",
        f"{count['right'] - count['pass right']}",
        f"{count['not found']}",
    )


def caught_row(layout: str, count: Counter[str]) -> tuple[str, ...]:
    """A row of cheques that contradict themselves: whichever value passes, it was not caught."""
    read = count["all"] - count["not found"]
    passed = count["pass right"] + count["pass wrong"]
    low, high = wilson(read - passed, read)
    return (
        layout,
        f"{count['all']}",
        f"{read}",
        f"{count['contradiction']}",
        f"{read - passed}",
        f"{passed}",
        f"{(read - passed) / max(1, read):.2%}",
        f"{low:.1%} to {high:.1%}",
    )
