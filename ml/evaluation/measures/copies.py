"""How well a copy of a number is told from the same number written again, and one hand from another.

Pairs of scans (uint8, height × width × 3, RGB) are drawn from strokes; where the data folder has real amounts, pairs of
these are added. One table comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.evaluation.reports.figures import auroc
from ml.evaluation.reports.report import Table
from ml.reading.elements import Writing
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.operating_points import wilson
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.reading.style.constants import OVERLAY
from ml.reading.style.overlay import difference, overlaid
from ml.training.datasets import LabelledNumber, load_courtesy_amounts
from ml.training.synthesis.hands import Hand
from ml.training.synthesis.paper import random_paper, scan_page
from ml.training.synthesis.strings import png

Pixels = NDArray[np.uint8]

PAIRS = 300
SEED = 41
_DIGIT_HEIGHT = 60
"""Of a drawn digit, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two scans of the same digits.

    Attributes:
        kind: "the same ink", "one hand twice" or "two hands".
        first: uint8, height × width × 3, RGB.
        second: Of the same form.
    """

    kind: str
    first: Pixels
    second: Pixels


def drawn_pairs(count: int, seed: int) -> Iterator[Pair]:
    """Draw pairs from strokes, the three kinds in turn. The same seed gives the same pairs."""
    rng = np.random.default_rng(seed)
    for index in range(count):
        kind = ("the same ink", "one hand twice", "two hands")[index % 3]
        digits = "".join(map(str, rng.integers(0, 10, int(rng.integers(3, 7)))))
        pen = rng.uniform(0.06, 0.13)
        hand, slant, gap = Hand.random(rng, pen), rng.uniform(-0.1, 0.45), rng.uniform(0.05, 0.25)
        ink = _number(digits, hand, slant, gap, rng)
        other = ink
        if kind == "one hand twice":
            other = _number(digits, hand, slant + rng.normal(0, 0.03), gap + rng.normal(0, 0.02), rng)
        if kind == "two hands":
            other = _number(
                digits, Hand.random(rng, rng.uniform(0.06, 0.13)), rng.uniform(-0.1, 0.45), rng.uniform(0.05, 0.25), rng
            )
        yield Pair(kind, _scan(ink, rng), _scan(other, rng))


def _number(digits: str, hand: Hand, slant: float, gap: float, rng: Generator) -> NDArray[np.float32]:
    """A number in a hand: float32, height × width, paper 0.0 and ink 1.0."""
    sheet = np.zeros((2 * _DIGIT_HEIGHT, (len(digits) + 1) * 2 * _DIGIT_HEIGHT), np.float32)
    pen = _DIGIT_HEIGHT
    for digit in digits:
        body = hand.write(int(digit), int(_DIGIT_HEIGHT * rng.uniform(0.92, 1.0)), rng)
        top = int(1.6 * _DIGIT_HEIGHT) - body.shape[0] + int(rng.integers(-2, 3))
        area = sheet[top : top + body.shape[0], pen : pen + body.shape[1]]
        np.maximum(area, body, out=area)
        pen += body.shape[1] + int((gap + rng.normal(0, 0.03)) * _DIGIT_HEIGHT)
    lean = np.array([[1, -slant, slant * 1.6 * _DIGIT_HEIGHT], [0, 1, 0]], np.float32)
    return cv2.warpAffine(sheet, lean, sheet.shape[::-1])[:, : pen + _DIGIT_HEIGHT].astype(np.float32)


def _scan(ink: NDArray[np.float32], rng: Generator) -> Pixels:
    """Scan the ink, each time on another paper, with another darkness, sharpness and size."""
    soft = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.0))
    paper = random_paper(ink.shape[0], ink.shape[1], _DIGIT_HEIGHT, rng)
    dark = np.minimum(paper, rng.uniform(10, 0.5 * float(np.median(paper))))
    page = scan_page((paper * (1 - soft) + dark * soft).astype(np.float32), rng)
    scale = rng.uniform(0.7, 1.3)
    page = cv2.resize(page, None, fx=scale, fy=scale * rng.uniform(0.97, 1.03)).astype(np.uint8)
    return np.repeat(page[:, :, None], 3, axis=2)


def _crop_and_writing(pixels: Pixels, reader: Reader) -> tuple[Pixels, Writing] | None:
    """The number as the portal cuts it out, and its style; None where no number is found."""
    (page,) = read_scan(png(pixels), ONE_NUMBER, reader)
    if not page.readings or page.readings[0].writing is None:
        return None
    box = page.readings[0].box
    return pixels[box.top : box.bottom, box.left : box.right], page.readings[0].writing


def copies_table(folder: Path | None) -> Table:
    """Count how many pairs of each kind are called a copy, and how well two hands are told from one.

    Args:
        folder: The data folder; None: there is none, and real amounts are left out.
    """
    reader = Reader.shipped(with_second=False)
    called: dict[str, list[bool]] = {}
    differences: dict[str, list[float]] = {}
    for pair in drawn_pairs(PAIRS, SEED):
        sides = [_crop_and_writing(side, reader) for side in (pair.first, pair.second)]
        if sides[0] is None or sides[1] is None:
            continue
        called.setdefault(pair.kind, []).append(overlaid(sides[0][0], sides[1][0]).is_copy)
        differences.setdefault(pair.kind, []).append(difference(sides[0][1], sides[1][1]))
    for kind, is_copy in _real_pairs(load_courtesy_amounts(folder)):
        called.setdefault(kind, []).append(is_copy)
    rows = []
    for kind, copies in called.items():
        low, high = wilson(sum(copies), len(copies))
        rows.append((kind, str(len(copies)), f"{np.mean(copies):.1%}", f"{low:.1%} to {high:.1%}"))
    area = auroc(np.array(differences["two hands"]), np.array(differences["one hand twice"]))
    note = (
        f"A pair is called a copy where at least {OVERLAY.least_copy:.0%} of the ink coincides. The drawn pairs are of "
        "strokes, and each picture is scanned anew. Slant, pen and spacing tell two hands from one "
        f"with an AUROC of {area:.3f}: an indication, no proof."
    )
    return Table("Copies", ("pairs", "count", "called a copy", "95 % interval"), tuple(rows), note)


def _real_pairs(amounts: list[LabelledNumber]) -> Iterator[tuple[str, bool]]:
    """Compare real amounts: two cheques with the same amount, and an amount with a second scan of it.

    Yields:
        The kind of pair, and whether it is called a copy.
    """
    rng = np.random.default_rng(SEED)
    by_text: dict[str, list[Pixels]] = {}
    for amount in amounts:
        pixels = next(iter(load_pages(amount.data, Limits()))).pixels
        by_text.setdefault(amount.digits, []).append(pixels)
    for same in by_text.values():
        for first, second in pairwise(same):
            yield "real amounts that say the same, on two cheques", overlaid(first, second).is_copy
    for same in list(by_text.values())[:PAIRS]:
        scale = rng.uniform(0.7, 1.3)
        again = cv2.resize(same[0], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grain = rng.normal(0, 4, again.shape)
        again = np.clip(cv2.GaussianBlur(again, (0, 0), 0.8) * rng.uniform(0.8, 1.1) + grain, 0, 255).astype(np.uint8)
        yield "real amounts, scanned again", overlaid(same[0], again).is_copy
