"""Real amounts, which no network of ours was trained on: each reading alone, all together, and an open peer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ml.evaluation.peers.peers import PeerAbsent, RapidOCR
from ml.evaluation.reports.report import Table, draw_operating_curve, draw_wrong_amounts
from ml.reading.elements import Page
from ml.reading.files.load import load_pages
from ml.reading.operating_points import wilson
from ml.reading.reader import Reader
from ml.training.calibration.acceptance import ERROR_RATE, Outcome, read_rate_at
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


def amounts_part(folder: Path | None, reader: Reader, output: Path) -> tuple[list[Table], list[tuple[str, str]]]:
    """Tables, and the pictures of the operating curve and of the worst errors."""
    amounts = load_courtesy_amounts(folder)
    if not amounts:
        note = "Left out: COUNTERSIGN_DATA holds no courtesy-amounts/ folder."
        return [Table("Real amounts", HEAD, (), note)], []
    strips = observe(amounts, always_ask_second(reader))
    halves = np.array([amount.first_half for amount in amounts])
    alone = cross_validate(strips, halves, second=False)
    rows = [
        _plain("cut into digits", [strip.by_digits == one.digits for strip, one in zip(strips, amounts, strict=True)]),
        _plain("as whole strings", [strip.as_string == one.digits for strip, one in zip(strips, amounts, strict=True)]),
        _row("our own networks", alone.outcomes, alone),
    ]
    fare = alone
    if reader.second is not None:
        fare = cross_validate(strips, halves, second=True)
        rows.append(_row("as shipped, with the second reader", fare.outcomes, fare))
    rows += _peer_rows(amounts, reader)
    draw_wrong_amounts(amounts, [_value(strip, reader) for strip in strips], fare.outcomes, output / "amounts.png")
    draw_operating_curve(fare.outcomes, output / "curve.png")
    note = (
        f"{len(amounts)} courtesy amounts from real cheques, one number a picture. Confidence is calibrated, and the "
        f"threshold for {ERROR_RATE:.0%} of errors chosen, on one half and counted on the other, both ways round. "
        '"Pass at" ranks all by that confidence (the peer by its own).'
    )
    pictures = [
        ("curve.png", "Operating curve: errors among the real amounts that pass, by the share that passes"),
        ("amounts.png", "Real amounts read wrong, the surest first"),
    ]
    return [Table("Real amounts", HEAD, tuple(rows), note)], pictures


def _value(strip: ObservedStrip, reader: Reader) -> str:
    """What the shipped reader settles on."""
    scores = strip.with_second.scores
    return "" if scores is None else reader.decision_rule.calibration.evidence(scores)[0]


def _plain(name: str, right: Sequence[bool]) -> tuple[str, ...]:
    return (name, f"{np.mean(right):.1%}", "", "", "", "", "")


def _row(name: str, outcomes: Sequence[Outcome], fare: CrossValidation | None) -> tuple[str, ...]:
    right = np.mean([outcome.right for outcome in outcomes])
    shares = [read_rate_at(outcomes, rate) for rate in (0.01, 0.001)]
    low, high = wilson(round(shares[1] * len(outcomes)), len(outcomes))
    cells = (f"{right:.1%}", f"{shares[0]:.1%}", f"{shares[1]:.1%} ({low:.0%} to {high:.0%})")
    if fare is None:
        return (name, *cells, "", "", "")
    bounds = "{:.2%} to {:.2%}".format(*fare.point.interval)
    return (name, *cells, f"{fare.point.read_rate:.1%}", f"{fare.point.error_rate:.2%}", bounds)


def _peer_rows(amounts: list[LabelledNumber], reader: Reader) -> list[tuple[str, ...]]:
    """RapidOCR's recogniser as it comes, and decoded over digits, on the pictures as they are."""
    pages = [next(iter(load_pages(amount.data, reader.limits))) for amount in amounts]

    def told(name: str, read: Callable[[Page], tuple[str, float]]) -> tuple[str, ...]:
        found = [read(page) for page in pages]
        judged = [Outcome(value == one.digits, sure) for (value, sure), one in zip(found, amounts, strict=True)]
        return _row(name, judged, None)

    try:
        peer = RapidOCR()
    except PeerAbsent as absent:
        return [(str(absent), *[""] * (len(HEAD) - 1))]
    rows = [told("RapidOCR alone", lambda page: peer.read(page.pixels))]
    if reader.second is not None:
        second = reader.second.reader

        def over_digits(page: Page) -> tuple[str, float]:
            (transcript,) = second.transcribe([page.pixels])
            return transcript.digits, transcript.probability

        rows.append(told("RapidOCR alone, decoded over digits", over_digits))
    return rows
