"""The command `manage.py read`: image files in, their numbers out as text or JSON. It stores nothing."""

from __future__ import annotations

import io
import json
import math
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from ml.reading.elements import PageReading, Reading
from ml.reading.errors import BadLayout, RefusedFile
from ml.reading.forms.layout_json import layout_from_file, shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_DIGIT, ONE_NUMBER, Layout
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from recognition.cheques import judged, presentment
from recognition.export import page_as_json
from worker.limits import limits, quality


class Command(BaseCommand):
    help = "Read the handwritten numbers in image files, without storing them and with no server running."
    # The command needs no database, so no database is checked.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object a page, on a line of its own")
        cut = parser.add_mutually_exclusive_group()
        names = ", ".join(layout.name for layout in shipped_layouts())
        cut.add_argument(
            "--layout",
            default="auto",
            metavar="NAME",
            type=_layouts,
            help=f"what the pages are: {names}; FILE.json: a layout that was exported; any: every number; "
            "auto (as usual): the best fitting, or any",
        )
        cut.add_argument("--one-number", action="store_true", help="the whole picture is one number")
        cut.add_argument("--one-digit", action="store_true", help="the digit in the middle is asked for")
        parser.add_argument("--error-rate", type=_share, help="of what passes, so much may be wrong: 0.001 to 0.05")
        parser.add_argument("--debug-dir", type=Path, metavar="DIR", help="keep every intermediate picture there")

    def handle(self, *, files: list[Path], debug_dir: Path | None, error_rate: float | None, **options: Any) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="surrogateescape")  # a file's name may be no text
        reader = replace(Reader.shipped(limits(), with_second=settings.SECOND_READER), quality=quality())
        if debug_dir is not None:
            reader = reader.keeping(debug_dir)
        if error_rate is not None:
            reader = reader.at(error_rate)
        layout = ONE_DIGIT if options["one_digit"] else ONE_NUMBER if options["one_number"] else options["layout"]
        # One refused file does not keep the others from being read.
        read = [self._read(file, layout, reader, as_json=options["json"]) for file in files]
        if not all(read):
            raise SystemExit(1)

    def _read(self, file: Path, layout: Layout | Sequence[Layout], reader: Reader, *, as_json: bool) -> bool:
        """Print one file's pages. Returns False if the file was refused; standard error then has the reason."""
        try:
            for found in read_scan(file.read_bytes(), layout, reader):
                page = judged(found, presentment(timezone.localdate()))
                self.stdout.write(_as_json(file, page) if as_json else _as_text(file, page))
        except RefusedFile as refusal:
            self.stderr.write(f"{file}: {refusal}")
            return False
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror}")
            return False
        return True


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise ArgumentTypeError("a share between 0 and 1, such as 0.01")
    return share


def _layouts(name: str) -> Layout | Sequence[Layout]:
    known = {layout.name: layout for layout in (ANY_NUMBER, *shipped_layouts())}
    if name == "auto":
        return shipped_layouts()
    if name.endswith(".json"):
        return _layout_in(Path(name))
    if name not in known:
        raise ArgumentTypeError(f"no layout is called {name!r}; there are {', '.join(known)}, auto and FILE.json")
    return known[name]


def _layout_in(file: Path) -> Layout:
    """The layout in a file that the portal exported.

    Raises:
        ArgumentTypeError: The file cannot be read, is no layout, or has no field.
    """
    try:
        layout = layout_from_file(file.read_bytes())
    except OSError as error:
        raise ArgumentTypeError(f"{file}: {error.strerror}") from error
    except BadLayout as error:
        raise ArgumentTypeError(f"{file}: {error}") from error
    if not layout.fields:
        raise ArgumentTypeError(f"{file}: This layout has no field.")
    return layout


def _as_text(file: Path, page: PageReading) -> str:
    head = f"{file}, page {page.page.number}"
    if page.layout is not None:
        head += f", {page.layout.name} (fits {_percent(page.layout.fit)})"
    lines = [_field_line(reading) for reading in page.fields] + [_line(reading) for reading in page.readings]
    return "\n".join([f"{head}:", *(f"  {fault}" for fault in page.faults), *(lines or ["  no number found"])])


def _line(reading: Reading) -> str:
    return f"  {reading.text}  {_percent(reading.confidence)} sure{'' if reading.accepted else ', look at it'}"


def _field_line(reading: Reading) -> str:
    if reading.kind == "show":
        return f"  {reading.field}: for a person to look at"
    if reading.kind == "table":
        return "  ".join([f"  {reading.field}: a table", *(reading.checks or ["its numbers follow"])])
    shown = f"{reading.value or 'not read'} {reading.currency}".strip()
    sure = f"{_percent(reading.confidence)} sure{'' if reading.accepted else ', look at it'}"
    words = [f"in words: {reading.words.text} ({reading.words.agreement.value})"] if reading.words else []
    return "  ".join([f"  {reading.field}: {shown}", sure, *words, *reading.checks])


def _percent(share: float) -> str:
    """A share as a percentage, rounded down: 99.98 % must not be shown as 100 %."""
    return f"{math.floor(1000 * share) / 10:.1f} %"


def _as_json(file: Path, page: PageReading) -> str:
    return json.dumps({"file": str(file), **page_as_json(page)}, ensure_ascii=False)
