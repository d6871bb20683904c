"""Settle what a mark between digits means by the other cells of its column: cells in, the same with fewer doubts out.

"1.234" stands for two numbers. In a column with "0.250" and "12.125" its point stands before decimals; beside
"1.234.567" and "12.345.678" it ends the thousands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ml.reading.fields.interpret import FieldPosterior, Interpretation
from ml.reading.forms.money import MARK_AMBIGUOUS
from ml.reading.tables.constants import CELLS
from ml.reading.tables.recognise import ReadCell

Meaning = Literal["decimals", "thousands"]

_WHOLE = re.compile("-?[0-9]{1,3}")
_LAST_MARK = re.compile("[.,](?=[0-9]{3}$)")


def with_marks_settled(read: Sequence[ReadCell]) -> list[ReadCell]:
    """Take the doubt from ambiguous values whose column tells what their mark means; the others keep it.

    Args:
        read: All written cells of a table.

    Returns:
        The cells in the same order. A value with thousands has lost its mark: "1.234" is 1234.
    """
    columns: defaultdict[int, list[tuple[str, Interpretation]]] = defaultdict(list)
    for cell in read:
        if cell.is_agreed:
            fields = cell.posteriors[0]
            columns[cell.writing.cell.column].append(fields.texts[fields.best])
    meanings = {column: _meanings(texts) for column, texts in columns.items()}
    return [_settled(cell, meanings.get(cell.writing.cell.column, {})) for cell in read]


def _meanings(column: Sequence[tuple[str, Interpretation]]) -> dict[str, Meaning]:
    """What each mark means in a column: enough values show it that are clear by themselves, and none another."""
    clear = [text for text, read in column if MARK_AMBIGUOUS not in read.doubts]
    meanings: dict[str, Meaning] = {}
    for mark, other in ((".", ","), (",", ".")):
        decimals = re.compile(rf"-?[0-9]*{re.escape(mark)}[0-9]{{3}}")
        groups = re.compile(rf"-?[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{2,3}})*{re.escape(mark)}[0-9]{{3}}")
        decimals_behind = re.compile(rf"{groups.pattern}{re.escape(other)}[0-9]+")
        grouped = [bool(groups.fullmatch(text) or decimals_behind.fullmatch(text)) for text in clear]
        with_decimals = [bool(decimals.fullmatch(text)) for text in clear]
        if len(clear) >= CELLS.settle and all(with_decimals):
            meanings[mark] = "decimals"
        elif sum(grouped) >= CELLS.settle and all(
            is_grouped or _WHOLE.fullmatch(text) for is_grouped, text in zip(grouped, clear, strict=True)
        ):
            meanings[mark] = "thousands"
    return meanings


def _settled(cell: ReadCell, meanings: dict[str, Meaning]) -> ReadCell:
    """A cell in which each ambiguous value has the meaning of its mark in the column.

    Recognisers that read different marks leave the doubt.
    """
    texts = [(value, *read) for posterior in cell.posteriors for value, read in posterior.texts.items()]
    ambiguous = [(value, text) for value, text, read in texts if MARK_AMBIGUOUS in read.doubts]
    marks: defaultdict[str, set[str]] = defaultdict(set)
    for value, text in ambiguous:
        marks[value].update(_LAST_MARK.findall(text))
    settled: dict[str, str] = {}
    for value, each in marks.items():
        meaning = meanings.get(each.pop()) if len(each) == 1 else None
        if meaning is not None:
            settled[value] = value if meaning == "decimals" else value.replace(".", "")
    posteriors = tuple(_renamed(posterior, settled) for posterior in cell.posteriors)
    return replace(cell, posteriors=posteriors) if settled else cell


def _renamed(posterior: FieldPosterior, settled: dict[str, str]) -> FieldPosterior:
    """A posterior in which some values have another name, and no doubt.

    What becomes the same value adds up, but not with recognisers of digits, to which the two have always been the same.
    """
    probabilities: dict[str, float] = {}
    for value, probability in posterior.probabilities.items():
        name = settled.get(value, value)
        before = probabilities.get(name, 0.0)
        probabilities[name] = before + probability if posterior.texts else max(before, probability)
    texts: dict[str, tuple[str, Interpretation]] = {}
    for value, (text, read) in posterior.texts.items():
        name = settled.get(value, value)
        texts.setdefault(name, (text, Interpretation(name) if value in settled else read))
    return FieldPosterior(settled.get(posterior.best, posterior.best), probabilities, texts)
