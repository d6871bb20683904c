"""From a file's bytes to the numbers on its pages: the stages, one after the other.

from ml.reading.elements import ANY_NUMBER
from ml.reading.read import Reader, read_scan

for page in read_scan(open("scan.jpg", "rb").read(), ANY_NUMBER, Reader.shipped()):
    print([reading.text for reading in page.readings])
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.reading import debug
from ml.reading.agree import Manner, Number, Opinions, Settled, in_the_middle, settle
from ml.reading.classify import Classifier
from ml.reading.decode import decode
from ml.reading.elements import Box, Layout, Limits, Page, PageReading, Provenance, Reading
from ml.reading.ink import find_ink
from ml.reading.lines import cut_out
from ml.reading.load import load_pages
from ml.reading.locate import locate
from ml.reading.operating import MODELS, SHIPPED_READER, shipped_card
from ml.reading.ruling import without_rules
from ml.reading.second import SecondReader
from ml.reading.segment import Segmented, segment, widened
from ml.reading.transcribe import Transcriber
from ml.reading.writing import described

SHIPPED_NETWORK = MODELS / "digits.tflite"
SHIPPED_STRINGS = MODELS / "strings.tflite"


@dataclass(frozen=True, slots=True, eq=False)
class SecondOpinion:
    """A second reader, and when it is asked.

    Attributes:
        reader: Whom to ask.
        manner: How values are settled where it may be asked.
        asked_below: It is asked where our own networks are less sure than this, 0 to 1.
    """

    reader: SecondReader
    manner: Manner
    asked_below: float


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What reading needs, settled once.

    Attributes:
        classifier: The network of digits.
        transcriber: The network of strings.
        alone: How values are settled by our own networks.
        second: Who else is asked; None where nobody is.
        error_rate: Of the numbers that pass without a person, so much may be wrong.
        limits: What a file may cost.
        debug_directory: Where every intermediate picture is kept, to look at; None: nowhere.
    """

    classifier: Classifier
    transcriber: Transcriber
    alone: Manner
    second: SecondOpinion | None
    error_rate: float
    limits: Limits
    debug_directory: Path | None = None

    @classmethod
    def shipped(cls, limits: Limits | None = None, *, with_second: bool = True) -> Reader:
        """A reader with the networks that come with the project, and what their card says they are worth together.

        Args:
            limits: What a file may cost; None: the usual.
            with_second: Ask the second reader, where it is installed.

        Raises:
            ValueError: The card was made for other networks.
        """
        card = shipped_card()
        classifier, transcriber = Classifier.load(SHIPPED_NETWORK), Transcriber.load(SHIPPED_STRINGS)
        if set(card["networks"].values()) != {classifier.sha256, transcriber.sha256}:
            raise ValueError(f"{SHIPPED_READER.name} was made for other networks: run python -m ml.training.calibrate")
        second = _second(card) if with_second else None
        alone = Manner.from_card(card["alone"])
        return cls(classifier, transcriber, alone, second, card["error_rate"], limits or Limits())

    @property
    def manner(self) -> Manner:
        """How values are settled after all who may be asked."""
        return self.alone if self.second is None else self.second.manner

    @property
    def sha256(self) -> str:
        """Of all networks together: what tells one reader from another."""
        networks = [self.classifier.sha256, self.transcriber.sha256]
        networks += [self.second.reader.sha256] if self.second else []
        return hashlib.sha256("".join(networks).encode()).hexdigest()

    def settled(self, number: Number, layout: Layout) -> Settled:
        """One value of a number's readings."""
        asked = self.second is not None and number.second is not None
        return settle(number, layout, self.manner.calibration if asked else self.alone.calibration)

    def at(self, error_rate: float) -> Reader:
        """The same reader where so much of what passes may be wrong."""
        return replace(self, error_rate=error_rate)

    def keeping(self, directory: Path) -> Reader:
        """The same reader, keeping its intermediate pictures in a directory."""
        return replace(self, debug_directory=directory)


def _second(card: dict[str, Any]) -> SecondOpinion | None:
    reader = SecondReader.load()
    if reader is None or "with_second" not in card:
        return None
    if reader.sha256 != card["second"]["sha256"]:
        raise ValueError(
            "The second reader is another than the one it was calibrated with: install it as uv.lock says."
        )
    return SecondOpinion(reader, Manner.from_card(card["with_second"]), card["second"]["asked_below"])


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
    """Find the numbers, each read in several ways, and settle what may pass."""
    numbers = numbers_on(page, layout, reader)
    return PageReading(page, tuple(_reading(number, page, layout, reader) for number in numbers))


def numbers_on(page: Page, layout: Layout, reader: Reader) -> list[Number]:
    """Find ink, take rules out, gather strips; cut each and ask what its pieces are; then read each whole."""
    ink = without_rules(find_ink(page), layout)
    strips = locate(ink, layout)
    segmented, chances = _classified([segment(strip, ink.scale) for strip in strips], reader)
    found = []
    for strip, cut, own in zip(strips, segmented, chances, strict=True):
        decoded = decode(cut, own, layout)
        if decoded is not None:
            found.append((decoded, cut_out(page, strip, ink.scale, layout)))
    transcripts = reader.transcriber.transcribe([cutting.line for _, cutting in found])
    numbers = [Number(decoded, one, cutting) for (decoded, cutting), one in zip(found, transcripts, strict=True)]
    numbers = _asked(numbers, reader)
    if reader.debug_directory is not None:
        readings = [_reading(number, page, layout, reader) for number in numbers]
        glyphs = [candidate.glyph for cut in segmented for candidate in cut.candidates]
        debug.keep(reader.debug_directory, page, ink, glyphs, numbers, readings)
    return numbers


def _classified(marks: list[Segmented], reader: Reader) -> tuple[list[Segmented], list[NDArray[np.float32]]]:
    """Strips with all candidates that are needed, and what the network says of each: all strips' in two runs."""
    first = _chances(marks, reader)
    more = [widened(cut, own) for cut, own in zip(marks, first, strict=True)]
    added = [replace(w, candidates=w.candidates[len(c.candidates) :]) for w, c in zip(more, marks, strict=True)]
    second = _chances(added, reader)
    return more, [np.concatenate(pair) for pair in zip(first, second, strict=True)]


def _chances(strips: list[Segmented], reader: Reader) -> list[NDArray[np.float32]]:
    """For each strip: float32, candidates × 11."""
    glyphs = [candidate.glyph for cut in strips for candidate in cut.candidates]
    ends = np.cumsum([len(cut.candidates) for cut in strips])[:-1]
    return np.split(reader.classifier.classify(glyphs), ends) if strips else []


def _asked(numbers: list[Number], reader: Reader) -> list[Number]:
    """Those that our own networks are not sure of, with the second reader's opinion."""
    if reader.second is None:
        return numbers
    alone, sure = reader.alone.calibration, reader.second.asked_below
    own = [alone.confidence(alone.evidence(Opinions.on(number))[1]) for number in numbers]
    unsure = [at for at, confidence in enumerate(own) if confidence < sure]
    opinions = reader.second.reader.transcribe([numbers[at].cutting.picture for at in unsure])
    asked = {at: replace(numbers[at], second=opinion) for at, opinion in zip(unsure, opinions, strict=True)}
    return [asked.get(at, number) for at, number in enumerate(numbers)]


def _reading(number: Number, page: Page, layout: Layout, reader: Reader) -> Reading:
    settled = reader.settled(number, layout)
    if layout.one_digit:
        settled = in_the_middle(settled, *page.pixels.shape[:2])
    decoded = settled.decoded
    box: Box = decoded.digits[0].box
    for digit in decoded.digits[1:]:
        box = box.union(digit.box)
    threshold = reader.manner.threshold(layout, reader.error_rate)
    accepted = settled.may_pass and decoded.confidence >= threshold
    doubts = () if accepted or settled.difference is None else (settled.difference,)
    settings = f"layout={layout.name} error_rate={reader.error_rate:g} threshold={threshold:.4f}"
    return Reading(
        field="number",
        text=decoded.text,
        value=decoded.value,
        confidence=decoded.confidence,
        accepted=accepted,
        digits=decoded.digits,
        box=box,
        provenance=Provenance(reader.sha256, settings),
        checks=(*decoded.checks, *doubts),
        readings=settled.readings,
        writing=described(number.cutting, [digit.box for digit in decoded.digits]),
    )
