"""A second opinion: an open recogniser of text in lines, decoded over the digits alone.

RapidOCR's wheel brings the network (PP-OCRv6 small, Apache-2.0; `pip install` with the extra `second-reader`). It was
made for print and writing of many scripts, not for amounts: it reads a 1 as "/", a crossed 7 as "+", a 5 as "S", with
confidence. So its text is not asked for, but what it sees in each frame; signs that look like a digit count as that
digit, and all others as nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.forms.signs import CURRENCY, LETTERS, SIGNS, STAR
from ml.reading.operating_points import second_reader_is_installed
from ml.reading.recognisers.ctc import BLANK, N_BEST, LogChances
from ml.reading.recognisers.transcribe import Transcript

_NETWORK = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
_LEAST_WIDTH, _MOST_WIDTH = 320, 960
"""A narrower line is filled up, as the network is used to: without, 86 % of real amounts were right instead of 89."""

_ALIKE = {
    0: "oOQD",
    1: "/|\\lIi!J",
    2: "zZ",
    4: "hHUyYA",
    5: "sS√≤",
    6: "bG",
    7: "T+tfF",
    8: "B",
    9: "gqPpa",
}
"""What it takes a digit for that some hands write: a 4 like an h or a U, a 5 like a root sign, a 9 like a g or a P."""

_IN_FIELDS = {
    **{digit: str(number) for number in range(10) for digit in (str(number), chr(0xFF10 + number))},
    **dict.fromkeys("oOQD〇○", "0"),
    **dict.fromkeys("|lIi!", "1"),
    **dict.fromkeys("zZ", "2"),
    **dict.fromkeys("sS", "5"),
    "b": "6",
    "B": "8",
    **dict.fromkeys("gq", "9"),
    **dict.fromkeys(".·•。", "."),
    **dict.fromkeys(",，、'’‘", ","),
    **dict.fromkeys("/／\\", "/"),
    **dict.fromkeys("-－–—―−_=~一", "-"),
    **dict.fromkeys("$€£¥₹￥₽元", CURRENCY),
    **dict.fromkeys("*＊※★☆✱", STAR),
}
"""The same where signs are asked for: only what looks like a digit to anybody is one, and letters are letters."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondReader:
    """The recogniser, loaded once; safe to share between threads.

    Attributes:
        sha256: Of the network's file.
    """

    sha256: str
    _session: Any = field(repr=False)
    _classes: NDArray[np.int64] = field(repr=False)
    _signs: NDArray[np.int64] = field(repr=False)

    @classmethod
    def load(cls) -> SecondReader | None:
        """The recogniser, or None where the extra `second-reader` is not installed."""
        wheel = importlib.util.find_spec("rapidocr") if second_reader_is_installed() else None
        if wheel is None or not wheel.submodule_search_locations:
            return None
        import onnxruntime  # only where it is used: it takes a tenth of a second and some memory

        # The package itself is not imported: it would bring a detector, a classifier and their settings.
        network = (Path(wheel.submodule_search_locations[0]) / "models" / _NETWORK).read_bytes()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep the widest line's memory for good
        session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        signs = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        return cls(hashlib.sha256(network).hexdigest(), session, _classes(signs), _classes_in_fields(signs))

    def transcribe(self, pictures: Sequence[NDArray[np.uint8]], count: int = N_BEST) -> list[Transcript]:
        """Read strips one by one.

        Args:
            pictures: Each uint8, height × width × 3, RGB.
            count: Of readings of each, at most.
        """
        return [Transcript.of(self._frames(picture, self._classes, BLANK), count) for picture in pictures]

    def transcribe_fields(self, pictures: Sequence[NDArray[np.uint8]], count: int) -> list[Transcript]:
        """Read fields one by one, with their signs as `ml.reading.forms.signs` has them.

        Args:
            pictures: Each uint8, height × width × 3, RGB.
            count: Of readings of each, at most.
        """
        return [Transcript.of(self._frames(picture, self._signs, len(SIGNS)), count) for picture in pictures]

    def _frames(self, picture: NDArray[np.uint8], classes: NDArray[np.int64], blank: int) -> LogChances:
        height, width = picture.shape[:2]
        wide = min(max(1, math.ceil(_HEIGHT * width / height)), _MOST_WIDTH)
        line = cv2.resize(np.ascontiguousarray(picture[:, :, ::-1]), (wide, _HEIGHT)).astype(np.float32)
        entry = np.zeros((1, 3, _HEIGHT, max(wide, _LEAST_WIDTH)), np.float32)
        entry[0, :, :, :wide] = line.transpose(2, 0, 1) / np.float32(127.5) - 1
        (seen,) = self._session.run(None, {self._session.get_inputs()[0].name: entry})
        chances = np.full((seen.shape[1], blank + 1), 1e-9)
        signs = np.flatnonzero(classes != blank)  # of digits alone some eighty of thousands
        chances[:, :blank] += seen[0][:, signs] @ np.eye(blank)[classes[signs]]
        chances[:, blank] += np.maximum(0.0, 1 - chances[:, :blank].sum(axis=1))
        logs: LogChances = np.log(chances / chances.sum(axis=1, keepdims=True))
        return logs


def _classes(signs: Sequence[str]) -> NDArray[np.int64]:
    """For each of the network's classes (its blank, then the signs) the digit that it counts as, or the blank."""
    digits = {sign: digit for digit, others in _ALIKE.items() for sign in others}
    digits.update({str(digit): digit for digit in range(10)})
    return np.array([BLANK, *(digits.get(sign, BLANK) for sign in signs), BLANK], np.int64)


def _classes_in_fields(signs: Sequence[str]) -> NDArray[np.int64]:
    """The same in the order of `SIGNS`; its own blank, and spaces, are the blank, whatever else is a letter."""
    blank, letter = len(SIGNS), SIGNS.index(LETTERS)
    own = [SIGNS.index(_IN_FIELDS[sign]) if sign in _IN_FIELDS else letter for sign in signs]
    return np.array(
        [blank, *(blank if sign.isspace() else at for sign, at in zip(signs, own, strict=True)), blank], np.int64
    )
