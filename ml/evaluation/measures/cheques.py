"""Fields on real cheques, American and Indian, which no network of ours has seen; and a peer beside."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ml.evaluation.peers.peers import PeerAbsent, RapidOCR
from ml.evaluation.reports.report import Table
from ml.reading.elements import Page, Reading
from ml.reading.files.load import load_pages
from ml.reading.forms.dates import Order, date_of
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.operating_points import wilson
from ml.reading.read import read_page
from ml.reading.reader import Reader

HEAD = (
    "cheques",
    "field",
    "count",
    "accepted and right",
    "95 % interval",
    "accepted and wrong",
    "asked, read right",
    "asked, with a reason",
    "among RapidOCR's texts",
)


@dataclass(frozen=True, slots=True)
class Cheque:
    """A cheque of which somebody said what stands on it.

    Attributes:
        file: Its picture.
        values: Of its fields, by name, as the reader gives them; a field without a value in figures is not counted.
    """

    file: Path
    values: Mapping[str, str]


def american_cheques(folder: Path) -> Iterator[Cheque]:
    """`cheques-us/`: amounts with their cents, dates as written."""
    for row in _rows(folder / "cheques-us"):
        yield Cheque(folder / "cheques-us" / row["file"], {"amount": row["amount"], **_date(row["date"], "mdy")})


def indian_cheques(folder: Path) -> Iterator[Cheque]:
    """`cheques-india/`: amounts in whole rupees, dates in boxes; what nobody could read is not counted."""
    for row in _rows(folder / "cheques-india"):
        values = {"amount": f"{row['amount']}.00", "cheque_number": row["cheque_number"]}
        values |= _date(row["date_ddmmyyyy"], "dmy")
        known = {name: value for name, value in values.items() if "?" not in value}
        yield Cheque(folder / "cheques-india" / row["file"], known)


def _rows(folder: Path) -> list[dict[str, str]]:
    labels = folder / "labels.tsv"
    if not labels.exists():
        return []
    return list(csv.DictReader(labels.read_text("utf-8").splitlines(), delimiter="\t"))


def _date(written: str, order: Order) -> dict[str, str]:
    """The day; nothing where the month stands in letters."""
    day = date_of(written, order)
    return {"date": day.isoformat()} if day is not None else {}


def cheques_part(folder: Path | None, reader: Reader) -> list[Table]:
    """A table of both sets."""
    note = (
        "Whole pictures as they are, the layout found by the reader. RapidOCR's detector and recogniser: the value is "
        "among the texts they find, no matter which; they do not know which is which."
    )
    sets: dict[str, Callable[[Path], Iterator[Cheque]]] = {"US": american_cheques, "India": indian_cheques}
    rows = [row for name, load in sets.items() if folder for row in _rows_of(name, list(load(folder)), reader)]
    if not rows:
        note = "Left out: COUNTERSIGN_DATA holds no cheques-us/ or cheques-india/ folder."
    return [Table("Fields on real cheques", HEAD, tuple(rows), note)]


def _rows_of(name: str, cheques: list[Cheque], reader: Reader) -> list[tuple[str, ...]]:
    pages = [next(iter(load_pages(cheque.file.read_bytes(), reader.limits))) for cheque in cheques]
    read = [{one.field: one for one in read_page(page, shipped_layouts(), reader).fields} for page in pages]
    texts = _peer_texts(pages)
    return [_row(name, field, cheques, read, texts) for field in dict.fromkeys(f for c in cheques for f in c.values)]


def _row(
    name: str, field: str, cheques: list[Cheque], read: list[dict[str, Reading]], texts: list[list[str]] | None
) -> tuple[str, ...]:
    asked = [at for at, cheque in enumerate(cheques) if field in cheque.values]
    found = {at: read[at].get(field) for at in asked}
    right = {at for at, one in found.items() if one is not None and one.value == cheques[at].values[field]}
    accepted = {at for at, one in found.items() if one is not None and one.accepted}
    reasons = [at for at, one in found.items() if one is not None and not one.accepted and one.checks]
    low, high = wilson(len(right & accepted), len(asked))
    peer = "" if texts is None else f"{sum(_among(cheques[at].values[field], texts[at]) for at in asked)}"
    return (
        name,
        field,
        f"{len(asked)}",
        f"{len(right & accepted)} ({len(right & accepted) / len(asked):.0%})",
        f"{low:.0%} to {high:.0%}",
        f"{len(accepted - right)}",
        f"{len(right - accepted)}",
        f"{len(reasons)} of {len(asked) - len(accepted)}",
        peer,
    )


def _peer_texts(pages: list[Page]) -> list[list[str]] | None:
    try:
        peer = RapidOCR()
    except PeerAbsent:
        return None
    return [peer.texts(page.pixels) for page in pages]


def _among(value: str, texts: list[str]) -> bool:
    """Whether a value is one of some texts, marks aside: of an amount also without ".00", of a day in any order."""
    wanted = {re.sub("[^0-9]", "", way) for way in _ways(value)}
    found = {re.sub("[^0-9]", "", text) for text in texts}
    return bool(wanted & found)


def _ways(value: str) -> Iterator[str]:
    yield value
    yield value.removesuffix(".00")
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        year, month, day = value.split("-")
        for one, other in ((day, month), (month, day)):
            for short in (year, year[2:]):
                yield one + other + short
                yield str(int(one)) + str(int(other)) + short
