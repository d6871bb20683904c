"""Tables as an XLSX file, made while it is sent: numbers stay numbers, days days, and texts the texts they are.

Source: ECMA-376, part 1, SpreadsheetML; the least of it that spreadsheets open.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone

from portal.takeout import Outlet

MOST_ROWS = 1_048_576
"""Rows that a sheet has room for. More go on in the next sheet."""

SURE_DIGITS = 15
"""A spreadsheet keeps so many digits of a number, and makes noughts of all that follow."""

_PIECE = 500
"""Rows that are sent at once."""

_BEFORE_TIME = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheets count a 29 February that was none, and each in a way of its own."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What begins so would be read as the sign with this number: "_x0041_" as "A"."""

MOST_DECIMALS = 6
"""A number that stands in a table shows the decimals that it is written with, up to so many."""

_AMOUNT, _DAY, _TIME, _NOTE, _WAITING_NOTE = 1, 2, 3, 4, 5
_PLAIN, _WAITING = 6, 6 + MOST_DECIMALS + 1
"""Places in the list of formats below; a number with decimals has the place of its kind and so many further."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OWN_FORMATS = 164
"""Formats that come with every spreadsheet have smaller numbers."""

_FONTS = (
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><i/><sz val="11"/><color rgb="FF555B5D"/><name val="Calibri"/></font></fonts>'
)
_FILLS = (
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFDF0DC"/></patternFill></fill></fills>'
)
_DASHES = "".join(
    f'<{side} style="dashed"><color rgb="FF8A4B00"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_BORDERS = f'<borders count="2"><border/><border>{_DASHES}</border></borders>'
_APPLIED = ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"'


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of a table, as it is written on the paper.

    Attributes:
        value: A number, or a text.
        waits: Whether nobody has confirmed it yet: it is shown in a dashed frame, a value with a "?" behind it.
        is_note: Whether the text stands there in place of a value.
    """

    value: str | Decimal
    waits: bool = False
    is_note: bool = False


Cell = str | int | float | Decimal | date | datetime | Written
"""What stands in a cell of an export."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        name: At most 31 characters, without brackets, colons, strokes and other signs of formulas.
        rows: Its cells.
        merged: Ranges that are one cell each: "B1:C1".
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    merged: Sequence[str] = ()


def spreadsheet_of(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """An XLSX file with one table, in pieces."""
    return workbook_of(_sheets_of(heading, rows))


def _sheets_of(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Sheet]:
    rest, number = iter(rows), 0
    first: Sequence[Cell] | None = next(rest, None)
    while first is not None or not number:
        number += 1
        here = chain([heading], [first] if first is not None else [], islice(rest, MOST_ROWS - 2))
        yield Sheet(f"Readings {number}", here)
        first = next(rest, None)


def workbook_of(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """An XLSX file with these sheets, in pieces; each is written before the next is asked for."""
    outlet, names = Outlet(), []
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            names.append(sheet.name)
            with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as file:
                for _ in _written(file, sheet):
                    yield outlet.take()
        for name, text in _around(names).items():
            archive.writestr(name, text)
    yield outlet.take()


def _written(file: IO[bytes], sheet: Sheet) -> Iterator[None]:
    """Write a sheet, and pause after each piece of it."""
    file.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
    rows = iter(sheet.rows)
    while piece := list(islice(rows, _PIECE)):
        file.write("".join(f"<row>{''.join(map(_cell, row))}</row>" for row in piece).encode())
        yield
    merged = "".join(f'<mergeCell ref="{cells}"/>' for cells in sheet.merged)
    together = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    file.write(f"</sheetData>{together}</worksheet>".encode())


def _cell(cell: Cell) -> str:
    if isinstance(cell, Written):
        return _styled(cell)
    if isinstance(cell, datetime):
        return _number(_days(timezone.localtime(cell)), _TIME)
    if isinstance(cell, date) and cell >= _FIRST_DAY:
        return _number((cell - _BEFORE_TIME).days, _DAY)
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= SURE_DIGITS:
        return _number(cell, _AMOUNT)
    if isinstance(cell, int | float):
        return _number(cell)
    return _text(str(cell))


def _styled(cell: Written) -> str:
    """A number with the decimals that it is written with; a text as it is."""
    kind = _WAITING if cell.waits else _PLAIN
    if isinstance(cell.value, Decimal):
        decimals = max(0, -int(cell.value.as_tuple().exponent))
        return _number(cell.value, kind + min(decimals, MOST_DECIMALS))
    if cell.is_note:
        return _text(cell.value, _WAITING_NOTE if cell.waits else _NOTE)
    return _text(cell.value, _WAITING if cell.waits else 0)


def _text(text: str, style: int = 0) -> str:
    text = escape(_ESCAPED.sub("_x005F_", _NO_XML.sub("�", text)))
    if not text:
        return f'<c s="{style}"/>' if style else "<c/>"
    looks = f' s="{style}"' if style else ""
    return f'<c{looks} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _number(number: float | Decimal, style: int = 0) -> str:
    return f'<c s="{style}"><v>{number}</v></c>'


def _days(time: datetime) -> float:
    """A time by the clock that it shows, as spreadsheets count it: in days."""
    return (time.replace(tzinfo=None) - datetime.combine(_BEFORE_TIME, datetime.min.time())).total_seconds() / 86400


def _around(sheets: Sequence[str]) -> dict[str, str]:
    """The other files of a workbook with sheets of these names."""
    numbers = range(1, len(sheets) + 1)
    names = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, sheets, strict=True)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{parts}</Types>',
        "_rels/.rels": _links(_link(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links + _link(len(sheets) + 1, "styles", "styles.xml")),
        "xl/styles.xml": _styles(),
    }


def _styles() -> str:
    """All looks of cells, in the order of the places above."""
    formats = ["yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd\\ hh:mm:ss"]
    decimals = [f"0.{'0' * count}".rstrip(".") for count in range(MOST_DECIMALS + 1)]
    formats += [*decimals, *(f'{one}" ?";-{one}" ?";{one}" ?";@" ?"' for one in decimals)]
    listed = "".join(
        f"<numFmt numFmtId={quoteattr(str(number))} formatCode={quoteattr(code)}/>"
        for number, code in enumerate(formats, start=_OWN_FORMATS)
    )
    day, time, *numbers = range(_OWN_FORMATS, _OWN_FORMATS + len(formats))
    looks = [_look(), _look(4), _look(day), _look(time), _look(font=1), _look(fill=2, border=1)]
    looks += [_look(number) for number in numbers[: len(decimals)]]
    looks += [_look(number, fill=2, border=1) for number in numbers[len(decimals) :]]
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="{len(formats)}">{listed}</numFmts>{_FONTS}{_FILLS}'
        f'{_BORDERS}<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(looks)}">{"".join(looks)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _look(number: int = 0, font: int = 0, fill: int = 0, border: int = 0) -> str:
    parts = {"numFmtId": number, "fontId": font, "fillId": fill, "borderId": border}
    return f'<xf xfId="0"{"".join(f" {name}={quoteattr(str(part))}" for name, part in parts.items())}{_APPLIED}/>'


def _links(links: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
