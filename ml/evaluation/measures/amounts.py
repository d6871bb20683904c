"""Amounts from real cheques, which no network of ours was trained on: each recogniser alone, all combined, and a peer.

The amounts come from `courtesy-amounts/` in the data folder; a table and two pictures come out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ml.evaluation.peers.peers import PeerAbsent, RapidOCR
from ml.evaluation.reports.report import Picture, Table, draw_operating_curve, draw_wrong_amounts
from ml.reading.elements import Page
from ml.reading.files.load import load_pages
from ml.reading.operating_points import wilson
from ml.reading.reader import Reader
from ml.training.calibration.acceptance import ERROR_RATE, Outcome, counts_at, read_rate_at
from ml.training.calibration.strips import CrossValidation, ObservedStrip, always_ask_second, cross_validate, observe
from ml.training.datasets import LabelledNumber, load_courtesy_amounts

HEAD = (
    "reading",
    "right, all read",
    "pass at 1 % error",
    "pass at 0.1 %",
    "pass, threshold of the other half",
    "wrong among those",
    "95 % interval",
)


def amounts_part(folder: Path | None, reader: Reader, output: Path) -> tuple[list[Table], list[Picture]]:
    """Count what is read right, and what passes at several error rates.

    Args:
        folder: The data folder; None: there is none, and the table says so.
        reader: As shipped.
        output: Where the pictures of the operating curve and of the worst errors go.
    """
    amounts = load_courtesy_amounts(folder)
    if not amounts:
        note = "Left out: COUNTERSIGN_DATA holds no courtesy-amounts/ folder."
        return [Table("Real amounts", HEAD, (), note)], []
    strips = observe(amounts, always_ask_second(reader))
    halves = np.array([amount.first_half for amount in amounts])
    alone = cross_validate(strips, halves, second=False)
    rows = [
        _right_only_row(
            "cut into digits",
            [strip.by_digits == amount.digits for strip, amount in zip(strips, amounts, strict=True)],
        ),
        _right_only_row(
            "as whole strings",
            [strip.as_string == amount.digits for strip, amount in zip(strips, amounts, strict=True)],
        ),
        _row("our own networks", alone.outcomes, alone),
    ]
    shipped = alone
    if reader.second is not None:
        shipped = cross_validate(strips, halves, second=True)
        rows.append(_row("as shipped, with the second reader", shipped.outcomes, shipped))
    rows += _peer_rows(amounts, reader)
    draw_wrong_amounts(amounts, [_value(strip, reader) for strip in strips], shipped.outcomes, output / "amounts.png")
    draw_operating_curve(shipped.outcomes, output / "curve.png")
    note = (
        f"{len(amounts)} courtesy amounts from real cheques, one number a picture. Calibration and the threshold "
        f"for an error rate of {ERROR_RATE:.0%} come from one half and are counted on the other, both ways round. "
        '"Pass at" ranks all amounts by that confidence, and the peer\'s by its confidence.'
    )
    pictures = [
        Picture("curve.png", "Operating curve: error rate of the real amounts that pass, by read rate"),
        Picture("amounts.png", "Real amounts read wrong, the most confident first"),
    ]
    return [Table("Real amounts", HEAD, tuple(rows), note)], pictures


def amounts_as_shipped(folder: Path | None, reader: Reader) -> Table:
    """Count amounts with the shipped calibration and threshold: for strips that nothing was chosen by."""
    amounts, head = load_courtesy_amounts(folder), ("amounts", "right, all read", "pass", "wrong among those", "95 %")
    strips = observe(amounts, always_ask_second(reader))
    rule = reader.decision_rule
    outcomes = [
        (strip.with_second if reader.second is not None else strip.alone).outcome(rule.calibration) for strip in strips
    ]
    point = counts_at(outcomes, rule.threshold(reader.error_rate))
    right = sum(outcome.right for outcome in outcomes) / max(1, len(outcomes))
    bounds = "{:.2%} to {:.2%}".format(*point.interval)
    row = (f"{len(amounts)}", f"{right:.1%}", f"{point.passed / max(1, len(amounts)):.1%}", f"{point.wrong}", bounds)
    return Table("Amounts cut from real cheques, as shipped", head, (row,) if amounts else ())


def _value(strip: ObservedStrip, reader: Reader) -> str:
    """The value that the shipped reader gives; empty where it finds none."""
    scores = strip.with_second.scores
    return "" if scores is None else reader.decision_rule.calibration.evidence(scores)[0]


def _right_only_row(name: str, right: Sequence[bool]) -> tuple[str, ...]:
    """A row of a recogniser without a confidence."""
    return (name, f"{np.mean(right):.1%}", "", "", "", "", "")


def _row(name: str, outcomes: Sequence[Outcome], halves: CrossValidation | None) -> tuple[str, ...]:
    """A row of a recogniser with a confidence; `halves` has the counts with the threshold of the other half."""
    right = np.mean([outcome.right for outcome in outcomes])
    shares = [read_rate_at(outcomes, rate) for rate in (0.01, 0.001)]
    low, high = wilson(round(shares[1] * len(outcomes)), len(outcomes))
    cells = (f"{right:.1%}", f"{shares[0]:.1%}", f"{shares[1]:.1%} ({low:.0%} to {high:.0%})")
    if halves is None:
        return (name, *cells, "", "", "")
    bounds = "{:.2%} to {:.2%}".format(*halves.point.interval)
    return (name, *cells, f"{halves.point.read_rate:.1%}", f"{halves.point.error_rate:.2%}", bounds)


def _peer_rows(amounts: list[LabelledNumber], reader: Reader) -> list[tuple[str, ...]]:
    """RapidOCR's recogniser with its default settings, and decoded over digits alone."""
    pages = [next(iter(load_pages(amount.data, reader.limits))) for amount in amounts]

    def peer_row(name: str, read: Callable[[Page], tuple[str, float]]) -> tuple[str, ...]:
        readings = [read(page) for page in pages]
        outcomes = [
            Outcome(value == amount.digits, confidence)
            for (value, confidence), amount in zip(readings, amounts, strict=True)
        ]
        return _row(name, outcomes, None)

    try:
        peer = RapidOCR()
    except PeerAbsent as absent:
        return [(str(absent), *[""] * (len(HEAD) - 1))]
    rows = [peer_row("RapidOCR alone", lambda page: peer.read(page.pixels))]
    if reader.second is not None:
        second = reader.second.reader

        def over_digits(page: Page) -> tuple[str, float]:
            (transcript,) = second.transcribe([page.pixels])
            return transcript.text, transcript.probability

        rows.append(peer_row("RapidOCR alone, decoded over digits", over_digits))
    return rows
