"""Engines that read one amount: a file's bytes in, digits out. Ours and open peers are timed on the same files."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.evaluation.peers.peers import PeerAbsent, RapidOCR, Tesseract
from ml.reading.files.limits import Limits
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import LabelledNumber

Engine = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """How fast and how well an engine reads.

    Attributes:
        name: The engine's.
        median: Milliseconds an amount.
        mean: Milliseconds an amount.
        right: Share of the amounts that it reads right, 0 to 1.
    """

    name: str
    median: float
    mean: float
    right: float


def available_engines(reader: Reader) -> tuple[dict[str, Engine], list[str]]:
    """All engines that are installed, by name, and a sentence for each that is not.

    Our own networks come first, then the reader as shipped, then the peers.
    """
    engines: dict[str, Engine] = {
        "our own networks": _ours(Reader.shipped(with_second=False)),
        "as shipped, with the second reader": _ours(reader),
    }
    if reader.second is not None:
        second = reader.second.reader
        engines["RapidOCR's network over digits"] = lambda data: second.transcribe([_pixels(data)])[0].text
    absent = []
    for build in (_rapidocr, _tesseract):
        try:
            engines |= build()
        except PeerAbsent as reason:
            absent.append(str(reason))
    return engines, absent


def _ours(reader: Reader) -> Engine:
    return lambda data: "".join(
        sign
        for page in read_scan(data, ONE_NUMBER, reader)
        for reading in page.readings
        for sign in reading.value
        if sign.isdigit()
    )


def _rapidocr() -> dict[str, Engine]:
    peer = RapidOCR()
    return {"RapidOCR as it is": lambda data: peer.read(_pixels(data))[0]}


def _tesseract() -> dict[str, Engine]:
    peer = Tesseract()
    return {"Tesseract, in process": lambda data: peer.read(Image.open(io.BytesIO(data)))}


def _pixels(data: bytes) -> NDArray[np.uint8]:
    return next(iter(load_pages(data, Limits()))).pixels


def time_engines(engines: dict[str, Engine], written: Sequence[LabelledNumber]) -> list[EngineResult]:
    """Time every engine on every amount, on one thread.

    The engines take turns on each amount, so that a slow moment of the machine meets all of them. Each reads one amount
    before the clock starts, to warm up.

    Args:
        engines: By name.
        written: At least one amount.
    """
    spent: dict[str, list[float]] = {name: [] for name in engines}
    right = dict.fromkeys(engines, 0)
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    for read in engines.values():
        read(written[0].data)
    for amount in written:
        for name, read in engines.items():
            start = time.perf_counter()
            right[name] += read(amount.data) == amount.digits
            spent[name].append(1000 * (time.perf_counter() - start))
    cv2.setNumThreads(threads)
    return [
        EngineResult(name, statistics.median(times), statistics.fmean(times), right[name] / len(written))
        for name, times in spent.items()
    ]
