"""Single digits in hands and on papers that no network of ours was trained on.

The pictures come from `ardis/`, `usps/`, `pens/` and `church-records/` in the data folder; one table comes out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ml.evaluation.reports.report import Table
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ONE_DIGIT
from ml.reading.numbers.ask import numbers_on
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
    """Read the digit in the middle of each picture, by our own networks and as shipped.

    Args:
        folder: The data folder; None: there is none, and the table says so.
        reader: As shipped.
    """
    rows = []
    for name, written in load_other_hands(folder).items():
        readings = [(picture.digits, _read(picture, reader)) for picture in written]
        alone, shipped = (sum(values[column] == digit for digit, values in readings) for column in (0, 1))
        low, high = wilson(alone, len(written))
        shares = [f"{right / len(written):.2%}" for right in (alone, shipped)]
        rows.append((_NAMES[name], f"{len(written):,}", shares[0], f"{low:.2%} to {high:.2%}", shares[1]))
    head = ("digits", "count", "right, our own networks", "95 % interval", "as shipped")
    note = (
        "From the picture's file to the digit; a picture in which nothing is found counts as wrong."
        if rows
        else "Left out: no such data."
    )
    return Table("Digits of other hands, without training on them", head, tuple(rows), note)


def _read(picture: LabelledNumber, reader: Reader) -> tuple[str, str]:
    """The digit in the middle, by our own networks and as shipped; empty where nothing is found."""
    (page,) = load_pages(picture.data, reader.limits)
    numbers = numbers_on(page, ONE_DIGIT, reader)
    if len(numbers) != 1:
        return "", ""
    (number,) = numbers
    size = page.pixels.shape[:2]
    alone = combine(replace(number, second=None), ONE_DIGIT, reader.rule_alone.calibration)
    shipped = reader.combined(number, ONE_DIGIT)
    return in_the_middle(alone, *size).decoded.value, in_the_middle(shipped, *size).decoded.value
