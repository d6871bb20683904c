"""A table as an XLSX file, made while it is sent: numbers stay numbers, days days, and texts the texts they are.

Source: ECMA-376, part 1, SpreadsheetML; the least of it that spreadsheets open.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO
from xml.sax.saxutils import escape

from django.utils import timezone

from portal.takeout import Outlet

Cell = str | int | float | Decimal | date | datetime
"""What stands in a cell of an export."""

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

_AMOUNT, _DAY, _TIME = 1, 2, 3
"""Places in the list of formats below."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf xfId="0"/><xf xfId="0" numFmtId="4" applyNumberFormat="1"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def spreadsheet_of(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """An XLSX file with one table, in pieces."""
    outlet, rest, sheets = Outlet(), iter(rows), 0
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        first: Sequence[Cell] | None = next(rest, None)
        while first is not None or not sheets:
            sheets += 1
            here = chain([heading], [first] if first is not None else [], islice(rest, MOST_ROWS - 2))
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                for _ in _written(sheet, here):
                    yield outlet.take()
            first = next(rest, None)
        for name, text in _around(sheets).items():
            archive.writestr(name, text)
    yield outlet.take()


def _written(sheet: IO[bytes], rows: Iterator[Sequence[Cell]]) -> Iterator[None]:
    """Write a sheet, and pause after each piece of it."""
    sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
    while piece := list(islice(rows, _PIECE)):
        sheet.write("".join(f"<row>{''.join(map(_cell, row))}</row>" for row in piece).encode())
        yield
    sheet.write(b"</sheetData></worksheet>")


def _cell(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return _number(_days(timezone.localtime(cell)), _TIME)
    if isinstance(cell, date) and cell >= _FIRST_DAY:
        return _number((cell - _BEFORE_TIME).days, _DAY)
    if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= SURE_DIGITS:
        return _number(cell, _AMOUNT)
    if isinstance(cell, int | float):
        return _number(cell)
    if not (text := escape(_ESCAPED.sub("_x005F_", _NO_XML.sub("�", str(cell))))):
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _number(number: float | Decimal, style: int = 0) -> str:
    return f'<c s="{style}"><v>{number}</v></c>'


def _days(time: datetime) -> float:
    """A time by the clock that it shows, as spreadsheets count it: in days."""
    return (time.replace(tzinfo=None) - datetime.combine(_BEFORE_TIME, datetime.min.time())).total_seconds() / 86400


def _around(sheets: int) -> dict[str, str]:
    """The other files of a workbook with so many sheets."""
    numbers = range(1, sheets + 1)
    names = "".join(f'<sheet name="Readings {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
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
        "xl/_rels/workbook.xml.rels": _links(links + _link(sheets + 1, "styles", "styles.xml")),
        "xl/styles.xml": _STYLES,
    }


def _links(links: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
