"""Fields on real cheques, American and Indian, which no network of ours has seen, and a peer on the same pictures.

The pictures and their labels come from `cheques-us/` and `cheques-india/` in the data folder; one table comes out.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ml.evaluation.peers.peers import PeerAbsent, RapidOCR
from ml.evaluation.reports.report import Table
from ml.reading.elements import Agreement, Page, Reading
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

WORDS_HEAD = (
    "cheques",
    "amounts",
    "words read",
    "exactly right",
    "agree with right figures",
    "contradict wrong figures",
    "contradict right figures",
    "agree with wrong figures",
)


@dataclass(frozen=True, slots=True)
class Cheque:
    """A cheque with its labels.

    Attributes:
        file: Its picture.
        values: By a field's name, the value that a right reading gives. A field that is missing here is not counted.
    """

    file: Path
    values: Mapping[str, str]


def american_cheques(folder: Path) -> Iterator[Cheque]:
    """The cheques of `cheques-us/`. Their labels have amounts with cents, and dates as they are written."""
    for row in _rows(folder / "cheques-us"):
        yield Cheque(folder / "cheques-us" / row["file"], {"amount": row["amount"], **_date(row["date"], "mdy")})


def indian_cheques(folder: Path) -> Iterator[Cheque]:
    """The cheques of `cheques-india/`. Their labels have whole rupees, and "?" for a digit that nobody could read."""
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
    """The field `date` with its day; empty where the month stands in letters."""
    day = date_of(written, order)
    return {"date": day.isoformat()} if day is not None else {}


def cheques_part(folder: Path | None, reader: Reader) -> list[Table]:
    """Read the whole pictures of both sets and count their fields.

    Args:
        folder: The data folder; None: there is none, and the table says so.
        reader: As shipped.
    """
    note = (
        "Whole pictures; the reader finds the layout. RapidOCR finds texts without knowing the fields: it counts as "
        "right where the value is among its texts."
    )
    sets: dict[str, Callable[[Path], Iterator[Cheque]]] = {"US": american_cheques, "India": indian_cheques}
    rows: list[tuple[str, ...]] = []
    words: list[tuple[str, ...]] = []
    for name, load in sets.items():
        cheques = list(load(folder)) if folder else []
        pages = [next(iter(load_pages(cheque.file.read_bytes(), reader.limits))) for cheque in cheques]
        readings = [{field.field: field for field in read_page(one, shipped_layouts(), reader).fields} for one in pages]
        texts = _peer_texts(pages)
        fields = dict.fromkeys(field for cheque in cheques for field in cheque.values)
        rows += [_row(name, field, cheques, readings, texts) for field in fields]
        words += [words_row(name, cheques, readings)] if cheques else []
    if not rows:
        note = "Left out: COUNTERSIGN_DATA holds no cheques-us/ or cheques-india/ folder."
    words_note = "The legal amount as read beside the figures. Where a writer contradicts himself, both are right."
    return [
        Table("Fields on real cheques", HEAD, tuple(rows), note),
        Table("Amounts in words on real cheques", WORDS_HEAD, tuple(words), words_note),
    ]


def words_row(name: str, cheques: list[Cheque], readings: list[dict[str, Reading]]) -> tuple[str, ...]:
    """What the amounts in words of one set say: how often they are right, and how often they speak for and against.

    Args:
        name: Of the set.
        cheques: Of the set.
        readings: For each its fields by name.
    """
    counted = Counter[str]()
    for cheque, fields in zip(cheques, readings, strict=True):
        if "amount" not in cheque.values:
            continue
        counted["amounts"] += 1
        amount = fields.get("amount")
        words = amount.words if amount is not None else None
        if amount is None or words is None:
            continue
        figures = "right" if amount.value == cheque.values["amount"] else "wrong"
        counted["words"] += 1
        counted["exact"] += words.value == cheque.values["amount"]
        counted[f"{words.agreement} {figures}"] += 1
    agrees, contradicts = Agreement.AGREES, Agreement.CONTRADICTS
    names = ("amounts", "words", "exact", f"{agrees} right", f"{contradicts} wrong", f"{contradicts} right")
    return (name, *(str(counted[each]) for each in (*names, f"{agrees} wrong")))


def _row(
    name: str, field: str, cheques: list[Cheque], readings: list[dict[str, Reading]], texts: list[list[str]] | None
) -> tuple[str, ...]:
    """How often one field of a set was accepted, right and explained; sets are of indices into `cheques`."""
    labelled = [index for index, cheque in enumerate(cheques) if field in cheque.values]
    found = {index: reading for index in labelled if (reading := readings[index].get(field)) is not None}
    right = {index for index, reading in found.items() if reading.value == cheques[index].values[field]}
    accepted = {index for index, reading in found.items() if reading.accepted}
    reasons = [index for index, reading in found.items() if not reading.accepted and reading.checks]
    low, high = wilson(len(right & accepted), len(labelled))
    peer = "" if texts is None else f"{sum(_among(cheques[index].values[field], texts[index]) for index in labelled)}"
    return (
        name,
        field,
        f"{len(labelled)}",
        f"{len(right & accepted)} ({len(right & accepted) / len(labelled):.0%})",
        f"{low:.0%} to {high:.0%}",
        f"{len(accepted - right)}",
        f"{len(right - accepted)}",
        f"{len(reasons)} of {len(labelled) - len(accepted)}",
        peer,
    )


def _peer_texts(pages: list[Page]) -> list[list[str]] | None:
    """All texts that RapidOCR finds on each page; None where it is not installed."""
    try:
        peer = RapidOCR()
    except PeerAbsent:
        return None
    return [peer.texts(page.pixels) for page in pages]


def _among(value: str, texts: list[str]) -> bool:
    """Whether a value is one of some texts, comparing digits alone."""
    wanted = {re.sub("[^0-9]", "", form) for form in _written_forms(value)}
    found = {re.sub("[^0-9]", "", text) for text in texts}
    return bool(wanted & found)


def _written_forms(value: str) -> Iterator[str]:
    """How people write a value: an amount also without ".00", a day in any usual order of its parts."""
    yield value
    yield value.removesuffix(".00")
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        year, month, day = value.split("-")
        for first, second in ((day, month), (month, day)):
            for year_text in (year, year[2:]):
                yield first + second + year_text
                yield str(int(first)) + str(int(second)) + year_text
