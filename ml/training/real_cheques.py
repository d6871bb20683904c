"""Real cheques with their labels, from the data folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ml.reading.forms.dates import Order, date_of


@dataclass(frozen=True, slots=True)
class RealCheque:
    """A cheque with its labels.

    Attributes:
        file: Its picture.
        values: By a field's name, the value that a right reading gives. A field that is missing here is not counted.
    """

    file: Path
    values: Mapping[str, str]


def american_cheques(folder: Path) -> Iterator[RealCheque]:
    """The cheques of `cheques-us/`. Their labels have amounts with cents, and dates as they are written."""
    for row in _rows(folder / "cheques-us"):
        yield RealCheque(folder / "cheques-us" / row["file"], {"amount": row["amount"], **_date(row["date"], "mdy")})


def indian_cheques(folder: Path) -> Iterator[RealCheque]:
    """The cheques of `cheques-india/`. Their labels have whole rupees, and "?" for a digit that nobody could read."""
    for row in _rows(folder / "cheques-india"):
        values = {"amount": f"{row['amount']}.00", "cheque_number": row["cheque_number"]}
        values |= _date(row["date_ddmmyyyy"], "dmy")
        known = {name: value for name, value in values.items() if "?" not in value}
        yield RealCheque(folder / "cheques-india" / row["file"], known)


def _rows(folder: Path) -> list[dict[str, str]]:
    labels = folder / "labels.tsv"
    if not labels.exists():
        return []
    return list(csv.DictReader(labels.read_text("utf-8").splitlines(), delimiter="\t"))


def _date(written: str, order: Order) -> dict[str, str]:
    """The field `date` with its day; empty where the month stands in letters."""
    day = date_of(written, order)
    return {"date": day.isoformat()} if day is not None else {}
