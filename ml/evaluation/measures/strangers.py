"""How what is no digit is told from digits: alphabets, marks of real amounts, and letters that look like a digit."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ml.evaluation.reports.figures import auroc
from ml.evaluation.reports.report import Table
from ml.reading.elements import NO_DIGIT
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER
from ml.reading.ink.ink import find_ink
from ml.reading.ink.locate import locate
from ml.reading.ink.ruling import without_rules
from ml.reading.read import read_scan
from ml.reading.reader import SHIPPED_NETWORK, Reader
from ml.reading.recognisers.normalise import normalise
from ml.reading.recognisers.segment import every_candidate, segment
from ml.training.datasets import MEASURE_ONLY, LabelledNumber, load_courtesy_amounts, load_letters
from ml.training.export.export_digits import probabilities
from ml.training.fields.segmented import place_of
from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.strings import png

Glyphs = NDArray[np.float32]

_LOOKALIKES = "OIlSZB"
_EACH = 200
_PASSING = 300
"""So many strangers of a kind are also read as a page, to see whether they pass."""


def strangers_table(digits: Glyphs, folder: Path | None, reader: Reader) -> Table:
    """The network's AUROC, and how many pass as a number.

    Args:
        digits: MNIST's test digits, float32, count × 28 × 28: what alphabets are told from. Marks of amounts are told
            from the digits of the same amounts.
        folder: The data folder.
        reader: As shipped.
    """
    network = SHIPPED_NETWORK.read_bytes()
    of_digits = probabilities(network, digits)[:, NO_DIGIT]
    rows = []

    def row(name: str, strangers: Glyphs, beside: NDArray[np.float32]) -> None:
        chances = probabilities(network, strangers)
        refused = float((chances.argmax(axis=1) == NO_DIGIT).mean())
        area = auroc(chances[:, NO_DIGIT], beside)
        passing = _passing(strangers[:_PASSING], reader)
        rows.append((name, f"{len(strangers):,}", f"{refused:.1%}", f"{area:.4f}", passing))

    letters = load_letters(folder)
    for name in MEASURE_ONLY:
        pixels = letters.pixels[letters.alphabets == name]
        if len(pixels):
            row(name.replace("_", " "), pixels, of_digits)
    apart = letters.pixels[np.isin(letters.alphabets, MEASURE_ONLY)]
    if len(apart):
        row("all three alphabets", apart[np.random.default_rng(13).permutation(len(apart))], of_digits)
    amounts = load_courtesy_amounts(folder)
    if amounts:
        marks, own = cut_from(amounts, reader)
        row("marks between and around the digits of real amounts", marks, probabilities(network, own)[:, NO_DIGIT])
    drawn = lookalikes(_EACH * len(_LOOKALIKES), np.random.default_rng(13))
    row("O, I, l, S, Z, B, drawn (no context tells them apart)", drawn, of_digits)
    head = ("what", "count", "called no digit", "AUROC", "pass as a number, alone on a page")
    note = "" if amounts else "Alphabets or amounts left out: COUNTERSIGN_DATA does not hold them."
    return Table("What is no digit", head, tuple(rows), note)


def _passing(strangers: Glyphs, reader: Reader) -> str:
    """How many of some strangers, each drawn alone on a page, pass without a person."""
    passed = 0
    for glyph in strangers:
        large = cv2.resize(glyph, (112, 112), interpolation=cv2.INTER_CUBIC)
        sheet = np.full((200, 320), 245, np.uint8)
        sheet[44:156, 104:216] = np.clip(245 - 215 * large, 0, 255).astype(np.uint8)
        (page,) = read_scan(png(sheet), ANY_NUMBER, reader)
        passed += any(reading.accepted for reading in page.readings)
    return f"{passed} of {len(strangers)}"


def cut_from(amounts: list[LabelledNumber], reader: Reader) -> tuple[Glyphs, Glyphs]:
    """What the reader asks its network about on real amounts: marks that lie beside every digit's box, and digits.

    Returns:
        Both float32, count × 28 × 28.
    """
    marks: list[NDArray[np.float32]] = []
    digits: list[NDArray[np.float32]] = []
    for amount in (one for one in amounts if one.boxes):
        (page,) = load_pages(amount.data, reader.limits)
        ink = without_rules(find_ink(page), ONE_NUMBER)
        edges = np.array([(x, y, x + wide, y + tall) for x, y, wide, tall in amount.boxes], np.int32)
        for strip in locate(ink, ONE_NUMBER):
            for candidate in every_candidate(segment(strip, ink.scale)).candidates:
                box, glyph = candidate.glyph.box, candidate.glyph.pixels
                across = np.minimum(edges[:, 2], box.right) - np.maximum(edges[:, 0], box.left)
                down = np.minimum(edges[:, 3], box.bottom) - np.maximum(edges[:, 1], box.top)
                beside = not ((across > 0) & (down > 0)).any()
                if beside and candidate.first == candidate.last and min(box.width, box.height) >= 3:
                    marks.append(glyph)
                place = place_of(box, edges)
                if place is not None and place >= 0:
                    digits.append(glyph)
    return np.stack(marks), np.stack(digits)


def lookalikes(count: int, rng: Generator) -> Glyphs:
    """Letters that a pen writes like a digit, drawn in strokes: float32, count × 28 × 28."""
    fonts = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)
    found = []
    for index in range(count):
        paper = np.zeros((96, 96), np.uint8)
        font, thick = fonts[int(rng.integers(len(fonts)))], int(rng.integers(3, 8))
        cv2.putText(
            paper, _LOOKALIKES[index % len(_LOOKALIKES)], (24, 70), font, rng.uniform(1.7, 2.2), 255, thick, cv2.LINE_AA
        )
        turn = cv2.getRotationMatrix2D((48, 48), float(rng.normal(0, 6)), 1.0)
        found.append(normalise(crop_to_ink(cv2.warpAffine(paper, turn, (96, 96)).astype(np.float32) / np.float32(255))))
    return np.stack(found)
