"""How well our network of digits rejects what is no digit.

Non-digits are letters of three alphabets, marks on real amounts, and drawn letters that look like a digit. All are
glyphs: float32, count × 28 × 28, paper 0.0 and ink 1.0. One table comes out.
"""

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
from ml.reading.recognisers.lattice import full_lattice, segment
from ml.reading.recognisers.normalise import normalise
from ml.training.datasets import MEASURE_ONLY, LabelledNumber, load_courtesy_amounts, load_letters
from ml.training.export.export_digits import probabilities
from ml.training.fields.segmented import place_of
from ml.training.synthesis.marks import crop_to_ink
from ml.training.synthesis.strings import png

Glyphs = NDArray[np.float32]

_LOOKALIKES = "OIlSZB"
_LOOKALIKES_EACH = 200
"""How many of each letter are drawn."""

_ON_PAGE = 300
"""How many non-digits of a kind are also read as a page, to see whether they pass."""


def non_digits_table(digits: Glyphs, folder: Path | None, reader: Reader) -> Table:
    """The network's AUROC on each kind of non-digit, and how many pass as a number.

    Args:
        digits: MNIST's test digits, float32, count × 28 × 28. Alphabets are compared with these, marks of amounts with
            the digits of the same amounts.
        folder: The data folder; None: there is none, and alphabets and amounts are left out.
        reader: As shipped.
    """
    network = SHIPPED_NETWORK.read_bytes()
    of_digits = probabilities(network, digits)[:, NO_DIGIT]
    rows = []

    def add_row(name: str, glyphs: Glyphs, scores_of_digits: NDArray[np.float32]) -> None:
        of_glyphs = probabilities(network, glyphs)
        rejected = float((of_glyphs.argmax(axis=1) == NO_DIGIT).mean())
        area = auroc(of_glyphs[:, NO_DIGIT], scores_of_digits)
        passing = _passing(glyphs[:_ON_PAGE], reader)
        rows.append((name, f"{len(glyphs):,}", f"{rejected:.1%}", f"{area:.4f}", passing))

    letters = load_letters(folder)
    for name in MEASURE_ONLY:
        pixels = letters.pixels[letters.alphabets == name]
        if len(pixels):
            add_row(name.replace("_", " "), pixels, of_digits)
    unseen = letters.pixels[np.isin(letters.alphabets, MEASURE_ONLY)]
    if len(unseen):
        add_row("all three alphabets", unseen[np.random.default_rng(13).permutation(len(unseen))], of_digits)
    amounts = load_courtesy_amounts(folder)
    if amounts:
        marks, beside = marks_and_digits(amounts, reader)
        scores = probabilities(network, beside)[:, NO_DIGIT]
        add_row("marks between and around the digits of real amounts", marks, scores)
    drawn = lookalikes(_LOOKALIKES_EACH * len(_LOOKALIKES), np.random.default_rng(13))
    add_row("O, I, l, S, Z, B, drawn (no context tells them apart)", drawn, of_digits)
    head = ("what", "count", "called no digit", "AUROC", "pass as a number, alone on a page")
    note = "" if amounts else "Alphabets or amounts left out: COUNTERSIGN_DATA does not hold them."
    return Table("What is no digit", head, tuple(rows), note)


def _passing(glyphs: Glyphs, reader: Reader) -> str:
    """How many glyphs, each alone on a page, pass without a person."""
    passed = 0
    for glyph in glyphs:
        large = cv2.resize(glyph, (112, 112), interpolation=cv2.INTER_CUBIC)
        sheet = np.full((200, 320), 245, np.uint8)
        sheet[44:156, 104:216] = np.clip(245 - 215 * large, 0, 255).astype(np.uint8)
        (page,) = read_scan(png(sheet), ANY_NUMBER, reader)
        passed += any(reading.accepted for reading in page.readings)
    return f"{passed} of {len(glyphs)}"


def marks_and_digits(amounts: list[LabelledNumber], reader: Reader) -> tuple[Glyphs, Glyphs]:
    """The glyphs that the reader cuts from real amounts, sorted by the boxes of the amounts' digits.

    Args:
        amounts: Those without boxes are skipped.
        reader: Its limits are used.

    Returns:
        Glyphs that overlap no digit's box, and glyphs that are a digit: both float32, count × 28 × 28.
    """
    marks: list[NDArray[np.float32]] = []
    digits: list[NDArray[np.float32]] = []
    for amount in (amount for amount in amounts if amount.boxes):
        (page,) = load_pages(amount.data, reader.limits)
        ink = without_rules(find_ink(page), ONE_NUMBER)
        edges = np.array([(x, y, x + width, y + height) for x, y, width, height in amount.boxes], np.int32)
        for strip in locate(ink, ONE_NUMBER):
            for candidate in full_lattice(segment(strip, ink.scale)).glyphs:
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
    """Draw letters that look like a digit: float32, count × 28 × 28. The same generator gives the same letters."""
    fonts = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)
    glyphs = []
    for index in range(count):
        paper = np.zeros((96, 96), np.uint8)
        font, thick = fonts[int(rng.integers(len(fonts)))], int(rng.integers(3, 8))
        cv2.putText(
            paper, _LOOKALIKES[index % len(_LOOKALIKES)], (24, 70), font, rng.uniform(1.7, 2.2), 255, thick, cv2.LINE_AA
        )
        turn = cv2.getRotationMatrix2D((48, 48), float(rng.normal(0, 6)), 1.0)
        turned = cv2.warpAffine(paper, turn, (96, 96)).astype(np.float32) / np.float32(255)
        glyphs.append(normalise(crop_to_ink(turned)))
    return np.stack(glyphs)
