"""Engines that read one amount from a file's bytes on, ours and open peers, timed on the same files in turn."""

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
from ml.reading.elements import Limits
from ml.reading.files.load import load_pages
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import LabelledNumber

Engine = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Fare:
    """An engine's name, its milliseconds an amount, median and mean, and the share that it reads right."""

    name: str
    median: float
    mean: float
    right: float


def engines_beside(reader: Reader) -> tuple[dict[str, Engine], list[str]]:
    """Our own networks first, then the reader as shipped and the peers; and why some are absent."""
    engines: dict[str, Engine] = {
        "our own networks": _ours(Reader.shipped(with_second=False)),
        "as shipped, with the second reader": _ours(reader),
    }
    if reader.second is not None:
        second = reader.second.reader
        engines["RapidOCR's network over digits"] = lambda data: second.transcribe([_pixels(data)])[0].digits
    absent = []
    for build in (_rapidocr, _tesseract):
        try:
            engines |= build()
        except PeerAbsent as reason:
            absent.append(str(reason))
    return engines, absent


def _ours(reader: Reader) -> Engine:
    return lambda data: "".join(one.value for page in read_scan(data, ONE_NUMBER, reader) for one in page.readings)


def _rapidocr() -> dict[str, Engine]:
    peer = RapidOCR()
    return {"RapidOCR as it is": lambda data: peer.read(_pixels(data))[0]}


def _tesseract() -> dict[str, Engine]:
    peer = Tesseract()
    return {"Tesseract, in process": lambda data: peer.read(Image.open(io.BytesIO(data)))}


def _pixels(data: bytes) -> NDArray[np.uint8]:
    return next(iter(load_pages(data, Limits()))).pixels


def contest(engines: dict[str, Engine], written: Sequence[LabelledNumber]) -> list[Fare]:
    """Time every engine on every amount, one after the other, on one thread each, after one to warm up."""
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
        Fare(name, statistics.median(own), statistics.fmean(own), right[name] / len(written))
        for name, own in spent.items()
    ]
