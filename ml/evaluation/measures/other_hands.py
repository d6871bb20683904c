"""Single digits of hands and papers that no network of ours was trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ml.evaluation.reports.report import Table
from ml.reading.fields.numbers import numbers_on
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ONE_DIGIT
from ml.reading.operating_points import wilson
from ml.reading.reader import Reader
from ml.reading.recognisers.combine import combine, in_the_middle
from ml.training.datasets import LabelledNumber, load_other_hands

_NAMES = {
    "ardis": "ARDIS IV: Swedish church records, 28 × 28",
    "usps": "USPS: envelopes, 16 × 16",
    "pens": "ball pens on paper, in colour",
    "church-records": "Swedish church records, neighbours in view",
}


def other_hands_table(folder: Path | None, reader: Reader) -> Table:
    """Each set, read as the digit in the middle of a picture, by our own networks and as shipped."""
    rows = []
    for name, written in load_other_hands(folder).items():
        found = [(one.digits, _read(one, reader)) for one in written]
        own, shipped = (sum(values[way] == digit for digit, values in found) for way in (0, 1))
        low, high = wilson(own, len(written))
        shares = [f"{right / len(written):.2%}" for right in (own, shipped)]
        rows.append((_NAMES[name], f"{len(written):,}", shares[0], f"{low:.2%} to {high:.2%}", shares[1]))
    head = ("digits", "count", "right, our own networks", "95 % interval", "as shipped")
    note = "From the picture's file on; one that nothing is found in is wrong." if rows else "Left out: no such data."
    return Table("Digits of other hands, without training on them", head, tuple(rows), note)


def _read(one: LabelledNumber, reader: Reader) -> tuple[str, str]:
    """The digit in the middle, by our own networks and as shipped; empty where nothing is found."""
    (page,) = load_pages(one.data, reader.limits)
    numbers = numbers_on(page, ONE_DIGIT, reader)
    if len(numbers) != 1:
        return "", ""
    (number,) = numbers
    size = page.pixels.shape[:2]
    alone = combine(replace(number, second=None), ONE_DIGIT, reader.alone.calibration)
    own, shipped = (in_the_middle(one, *size).decoded.value for one in (alone, reader.combined(number, ONE_DIGIT)))
    return own, shipped
