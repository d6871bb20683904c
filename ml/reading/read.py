"""From a file's bytes to the numbers on its pages: the stages, one after the other.

from ml.reading.elements import ANY_NUMBER
from ml.reading.read import Reader, read_scan

for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
    print([reading.text for reading in page.readings])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ml.reading import debug
from ml.reading.classify import Classifier
from ml.reading.decode import Decoded, decode
from ml.reading.elements import Box, Layout, Limits, Page, PageReading, Provenance, Reading
from ml.reading.ink import find_ink
from ml.reading.load import load_pages
from ml.reading.locate import locate
from ml.reading.ruling import without_rules
from ml.reading.segment import segment

SHIPPED_NETWORK = Path(__file__).parent.parent / "models" / "digits.tflite"


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What reading needs, settled once.

    Attributes:
        classifier: The network.
        limits: What a file may cost.
        threshold: The least confidence, 0 to 1, at which a number may pass without a person.
        debug_directory: Where every intermediate picture is kept, to look at; None: nowhere.
    """

    classifier: Classifier
    limits: Limits
    threshold: float
    debug_directory: Path | None = None

    @classmethod
    def shipped(cls, limits: Limits | None = None) -> Reader:
        """A reader with the network that comes with the project and the threshold from its card."""
        classifier = Classifier.load(SHIPPED_NETWORK)
        return cls(classifier, limits or Limits(), classifier.threshold)

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
    """Find ink, take rules out, gather strips, cut them, ask the network once, and decode."""
    ink = without_rules(find_ink(page), layout)
    strips = [segment(strip, ink.scale) for strip in locate(ink, layout)]
    glyphs = [candidate.glyph for strip in strips for candidate in strip.candidates]
    chances = reader.classifier.classify(glyphs)
    readings = []
    start = 0
    for strip in strips:
        decoded = decode(strip, chances[start : start + len(strip.candidates)], layout)
        start += len(strip.candidates)
        if decoded is not None:
            readings.append(_reading(decoded, layout, reader))
    if reader.debug_directory is not None:
        debug.keep(reader.debug_directory, page, ink, glyphs, readings)
    return PageReading(page, tuple(readings))


def _reading(decoded: Decoded, layout: Layout, reader: Reader) -> Reading:
    box: Box = decoded.digits[0].box
    for digit in decoded.digits[1:]:
        box = box.union(digit.box)
    whole = all(digit.digit is not None for digit in decoded.digits)
    return Reading(
        field="number",
        text=decoded.text,
        value="".join("?" if digit.digit is None else str(digit.digit) for digit in decoded.digits),
        confidence=decoded.confidence,
        accepted=whole and not decoded.checks and decoded.confidence >= reader.threshold,
        digits=decoded.digits,
        box=box,
        provenance=Provenance(reader.classifier.sha256, f"layout={layout.name} threshold={reader.threshold:g}"),
        checks=decoded.checks,
    )
