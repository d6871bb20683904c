"""Fields on real cheques, American and Indian, which no network of ours has seen, and a peer on the same pictures.

The pictures and their labels come from `cheques-us/` and `cheques-india/` in the data folder; one table comes out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.peers.peers import PeerAbsent, RapidOCR
from ml.evaluation.reports.mistakes import Shown, draw_mistakes
from ml.evaluation.reports.report import Picture, Table
from ml.reading.elements import Agreement, Page, Reading
from ml.reading.files.load import load_pages
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.operating_points import wilson
from ml.reading.read import read_page
from ml.reading.reader import Reader
from ml.training.real_cheques import RealCheque, american_cheques, indian_cheques

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


def cheques_part(folder: Path | None, reader: Reader, picture: Path) -> tuple[list[Table], list[Picture]]:
    """Read the whole pictures of both sets and count their fields.

    Args:
        folder: The data folder; None: there is none, and the table says so.
        reader: As shipped.
        picture: Where the amounts that pass wrong are shown.
    """
    note = (
        "Whole pictures; the reader finds the layout. RapidOCR finds texts without knowing the fields: it counts as "
        "right where the value is among its texts."
    )
    sets: dict[str, Callable[[Path], Iterator[RealCheque]]] = {"US": american_cheques, "India": indian_cheques}
    rows: list[tuple[str, ...]] = []
    words: list[tuple[str, ...]] = []
    shown: list[Shown] = []
    for name, load in sets.items():
        cheques = list(load(folder)) if folder else []
        pages = [next(iter(load_pages(cheque.file.read_bytes(), reader.limits))) for cheque in cheques]
        read = [read_page(one, shipped_layouts(), reader) for one in pages]
        readings = [{field.field: field for field in one.fields} for one in read]
        for cheque, page, found in zip(cheques, read, readings, strict=True):
            amount, stands = found.get("amount"), cheque.values.get("amount")
            if amount is not None and amount.accepted and stands not in (None, amount.value):
                shown.append(amount_shown(page.page.pixels, amount, f"{stands}, {cheque.file.name}"))
        texts = _peer_texts(pages)
        fields = dict.fromkeys(field for cheque in cheques for field in cheque.values)
        rows += [_row(name, field, cheques, readings, texts) for field in fields]
        words += [words_row(name, cheques, readings)] if cheques else []
    if not rows:
        note = "Left out: COUNTERSIGN_DATA holds no cheques-us/ or cheques-india/ folder."
    words_note = (
        "The legal amount as read beside the figures. Where a writer contradicts himself, both are right. The model "
        "that judges figures and words was fitted on the cheques to build on, so their figures flatter."
    )
    draw_mistakes(shown, picture)
    tables = [
        Table("Fields on real cheques", HEAD, tuple(rows), note),
        Table("Amounts in words on real cheques", WORDS_HEAD, tuple(words), words_note),
    ]
    return tables, [Picture(picture.name, f"Amounts of real cheques that pass wrong: {len(shown)}")]


def amount_shown(page: NDArray[np.uint8], amount: Reading, stands: str) -> Shown:
    """An amount that passes wrong, with what its words were taken for."""
    box, words = amount.box, f", words {amount.words.value}" if amount.words is not None else ""
    crop = page[max(0, box.top - 10) : box.bottom + 10, max(0, box.left - 20) : box.right + 20].copy()
    return Shown(crop, f"{amount.value} ({amount.confidence:.4f}){words}", f"is {stands}")


def words_row(name: str, cheques: list[RealCheque], readings: list[dict[str, Reading]]) -> tuple[str, ...]:
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
    name: str, field: str, cheques: list[RealCheque], readings: list[dict[str, Reading]], texts: list[list[str]] | None
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
