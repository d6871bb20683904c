"""From a file's bytes to the numbers on its pages: the stages, one after the other.

from ml.reading.elements import ANY_NUMBER
from ml.reading.read import Reader, read_scan

for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
    print([reading.text for reading in page.readings])
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ml.reading import debug
from ml.reading.agree import Calibration, Number, may_pass
from ml.reading.classify import Classifier
from ml.reading.decode import decode
from ml.reading.elements import Box, Layout, Limits, Page, PageReading, Provenance, Reading
from ml.reading.ink import find_ink
from ml.reading.lines import cut_out
from ml.reading.load import load_pages
from ml.reading.locate import locate
from ml.reading.ruling import without_rules
from ml.reading.segment import segment
from ml.reading.transcribe import Transcriber

MODELS = Path(__file__).parent.parent / "models"
SHIPPED_NETWORK = MODELS / "digits.tflite"
SHIPPED_STRINGS = MODELS / "strings.tflite"
SHIPPED_READER = MODELS / "reader.json"


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What reading needs, settled once.

    Attributes:
        classifier: The network of digits.
        transcriber: The network of strings.
        calibration: From what both say to a probability.
        threshold: The least confidence, 0 to 1, at which a number may pass without a person.
        limits: What a file may cost.
        debug_directory: Where every intermediate picture is kept, to look at; None: nowhere.
    """

    classifier: Classifier
    transcriber: Transcriber
    calibration: Calibration
    threshold: float
    limits: Limits
    debug_directory: Path | None = None

    @classmethod
    def shipped(cls, limits: Limits | None = None) -> Reader:
        """A reader with the networks that come with the project, and the calibration and threshold of their card.

        Raises:
            ValueError: The card was made for other networks.
        """
        card = json.loads(SHIPPED_READER.read_text("utf-8"))
        classifier, transcriber = Classifier.load(SHIPPED_NETWORK), Transcriber.load(SHIPPED_STRINGS)
        if set(card["networks"].values()) != {classifier.sha256, transcriber.sha256}:
            raise ValueError(f"{SHIPPED_READER.name} was made for other networks: run python -m ml.training.calibrate")
        calibration, threshold = Calibration(**card["calibration"]), float(card["acceptance"]["threshold"])
        return cls(classifier, transcriber, calibration, threshold, limits or Limits())

    @property
    def sha256(self) -> str:
        """Of both networks together: what tells one reader from another."""
        return hashlib.sha256((self.classifier.sha256 + self.transcriber.sha256).encode()).hexdigest()

    def keeping(self, directory: Path) -> Reader:
        """The same reader, keeping its intermediate pictures in a directory."""
        return replace(self, debug_directory=directory)


def read_scan(data: bytes, layout: Layout, reader: Reader) -> Iterator[PageReading]:
    """Read a file page by page.

    Args:
        data: The whole file, of any kind that `ml.reading.inspect` names.
        layout: How to look at its pages.
        reader: With what.

    Yields:
        Each page with its numbers, lines from the top, each from the left.

    Raises:
        RefusedFile: The file, or one of its pages, cannot be read; the sentence says why.
    """
    for page in load_pages(data, reader.limits):
        yield read_page(page, layout, reader)


def read_page(page: Page, layout: Layout, reader: Reader) -> PageReading:
    """Find the numbers, each read in two ways, and settle what may pass."""
    return PageReading(page, tuple(_reading(number, layout, reader) for number in numbers_on(page, layout, reader)))


def numbers_on(page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Find ink, take rules out, gather strips; cut them and ask for all digits at once; then read each whole."""
    ink = without_rules(find_ink(page), layout)
    strips = locate(ink, layout)
    segmented = [segment(strip, ink.scale) for strip in strips]
    glyphs = [candidate.glyph for strip in segmented for candidate in strip.candidates]
    chances = reader.classifier.classify(glyphs)
    found, start = [], 0
    for strip, cut in zip(strips, segmented, strict=True):
        decoded = decode(cut, chances[start : start + len(cut.candidates)], layout)
        start += len(cut.candidates)
        if decoded is not None:
            found.append((decoded, cut_out(page, strip, ink.scale, layout)))
    transcripts = reader.transcriber.transcribe([cutting.line for _, cutting in found])
    numbers = [Number(decoded, one, cutting) for (decoded, cutting), one in zip(found, transcripts, strict=True)]
    if reader.debug_directory is not None:
        readings = [_reading(number, layout, reader) for number in numbers]
        debug.keep(reader.debug_directory, page, ink, glyphs, readings)
    return numbers


def _reading(number: Number, layout: Layout, reader: Reader) -> Reading:
    decoded = number.together(layout, reader.calibration)
    box: Box = decoded.digits[0].box
    for digit in decoded.digits[1:]:
        box = box.union(digit.box)
    accepted = may_pass(number, decoded, layout) and decoded.confidence >= reader.threshold
    return Reading(
        field="number",
        text=decoded.text,
        value=decoded.value,
        confidence=decoded.confidence,
        accepted=accepted,
        digits=decoded.digits,
        box=box,
        provenance=Provenance(reader.sha256, f"layout={layout.name} threshold={reader.threshold:g}"),
        checks=decoded.checks if number.same or accepted else (*decoded.checks, number.difference),
    )
