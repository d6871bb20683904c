"""The second reader: an open recogniser of text, its frames decoded over digits or over the signs of fields.

Pictures of lines go in, uint8 RGB; transcripts come out. RapidOCR's wheel brings the network
(PP-OCRv6 small, Apache-2.0; `pip install` with the extra `second-reader`). It was made for print and writing of many
scripts, not for amounts: it reads a 1 as "/", a crossed 7 as "+", a 5 as "S", and is sure of it. So its text is not
used, but its probabilities in each frame. A sign that looks like a digit counts as that digit, and every other sign as
the blank.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.forms.signs import CURRENCY, LETTERS, SIGNS, STAR, WORD_SIGNS
from ml.reading.operating_points import second_reader_is_installed
from ml.reading.recognisers.constants import SECOND_READER
from ml.reading.recognisers.ctc import BLANK, LogChances
from ml.reading.recognisers.transcribe import Transcript

_NETWORK = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48

_LOOKALIKES = {
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
"""What it reads for a digit in some hands: a 4 looks like an h or a U, a 5 like a root sign, a 9 like a g or a P."""

_LOOKALIKES_IN_FIELDS = {
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
"""The same for fields: only signs that look like a digit in every hand are one, since here letters are letters."""

_LOOKALIKES_IN_WORDS = {
    **dict.fromkeys("／\\|%", "/"),
    **dict.fromkeys("－–—―−_=~一", "-"),
}
"""The same for amounts in words: a nought over a stroke looks like a percent sign."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondReader:
    """The recogniser, loaded once; safe to share between threads.

    Attributes:
        sha256: Hex digest of the network's file.
    """

    sha256: str
    _session: Any = field(repr=False)
    _classes: NDArray[np.int64] = field(repr=False)
    _signs: NDArray[np.int64] = field(repr=False)
    _letters: NDArray[np.int64] = field(repr=False)

    @classmethod
    def load(cls) -> SecondReader | None:
        """Load the recogniser; None where the extra `second-reader` is not installed."""
        loaded = load_from_wheel(_NETWORK)
        if loaded is None:
            return None
        sha256, session = loaded
        signs = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        return cls(sha256, session, _classes(signs), _classes_in_fields(signs), _classes_in_words(signs))

    def transcribe(self, pictures: Sequence[NDArray[np.uint8]], count: int | None = None) -> list[Transcript]:
        """Read numbers one by one, over digits alone. Each transcript has its frames over signs too.

        Args:
            pictures: Each uint8, height × width × 3, RGB.
            count: Hypotheses of each, at most; None for `CTC.n_best`.
        """
        outputs = (self._output(picture) for picture in pictures)
        return [
            replace(Transcript.of(self._over_digits(output), count), over_signs=self._over_signs(output))
            for output in outputs
        ]

    def transcribe_fields(self, pictures: Sequence[NDArray[np.uint8]], count: int) -> list[Transcript]:
        """Read fields one by one, over the signs of `ml.reading.forms.signs`.

        Args:
            pictures: Each uint8, height × width × 3, RGB.
            count: Hypotheses of each, at most.
        """
        return [Transcript.of(self._over_signs(self._output(picture)), count) for picture in pictures]

    def letters(self, pictures: Sequence[NDArray[np.uint8]]) -> list[LogChances]:
        """Read lines of words one by one, over `ml.reading.forms.signs.WORD_SIGNS`.

        Args:
            pictures: Each uint8, height × width × 3, RGB.

        Returns:
            For each float64, frames × 39, logarithms of probabilities, the blank last.
        """
        blank = len(WORD_SIGNS)
        return [_pooled(self._output(picture), self._letters, blank, rest=blank) for picture in pictures]

    def _output(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The network's probabilities of one line: float32, frames × its classes, each frame summing to 1.

        Args:
            picture: uint8, height × width × 3, RGB.
        """
        height, width = picture.shape[:2]
        wide = min(max(1, math.ceil(_HEIGHT * width / height)), SECOND_READER.most_width)
        line = cv2.resize(np.ascontiguousarray(picture[:, :, ::-1]), (wide, _HEIGHT)).astype(np.float32)
        entry = np.zeros((1, 3, _HEIGHT, max(wide, SECOND_READER.least_width)), np.float32)
        entry[0, :, :, :wide] = line.transpose(2, 0, 1) / np.float32(127.5) - 1
        (output,) = self._session.run(None, {self._session.get_inputs()[0].name: entry})
        frames: NDArray[np.float32] = output[0]
        return frames

    def _over_digits(self, output: NDArray[np.float32]) -> LogChances:
        return _pooled(output, self._classes, BLANK, rest=BLANK)

    def _over_signs(self, output: NDArray[np.float32]) -> LogChances:
        return _pooled(output, self._signs, len(SIGNS), rest=SIGNS.index(LETTERS))


def load_from_wheel(name: str) -> tuple[str, Any] | None:
    """The hex digest of a network in RapidOCR's wheel, and its session, which runs on one thread.

    Args:
        name: Of the network's file.

    Returns:
        None where the extra `second-reader` is not installed, or its wheel has no such file.
    """
    wheel = importlib.util.find_spec("rapidocr") if second_reader_is_installed() else None
    if wheel is None or not wheel.submodule_search_locations:
        return None
    file = Path(wheel.submodule_search_locations[0]) / "models" / name
    if not file.is_file():
        return None
    import onnxruntime  # only here: it takes a tenth of a second and some memory

    # The package itself is not imported: it would bring all its networks and their settings.
    network = file.read_bytes()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the memory of the largest picture for good
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    return hashlib.sha256(network).hexdigest(), session


def _pooled(output: NDArray[np.float32], classes: NDArray[np.int64], blank: int, rest: int) -> LogChances:
    """The network's classes pooled into ours.

    Args:
        output: float32, frames × the network's classes, each frame summing to 1.
        classes: For each class of the network, ours.
        blank: Our blank, which is our last class.
        rest: The class to which most of the network's belong: it gets what the others leave.

    Returns:
        float64, frames × (blank + 1), logarithms of probabilities.
    """
    others = np.flatnonzero(classes != rest)  # some hundred of thousands
    chances = np.full((output.shape[0], blank + 1), 1e-9)
    chances += output[:, others] @ np.eye(blank + 1)[classes[others]]
    chances[:, rest] += np.maximum(0.0, 1 - chances.sum(axis=1))
    logs: LogChances = np.log(chances / chances.sum(axis=1, keepdims=True))
    return logs


def _classes(signs: Sequence[str]) -> NDArray[np.int64]:
    """Our class, a digit or the blank, for each class of the network: its blank, its signs, and a space at the end."""
    digits = {sign: digit for digit, lookalikes in _LOOKALIKES.items() for sign in lookalikes}
    digits.update({str(digit): digit for digit in range(10)})
    return np.array([BLANK, *(digits.get(sign, BLANK) for sign in signs), BLANK], np.int64)


def _classes_in_fields(signs: Sequence[str]) -> NDArray[np.int64]:
    """The same for fields: our classes are in the order of `SIGNS`, spaces are the blank, and all else is a letter."""
    blank, letter = len(SIGNS), SIGNS.index(LETTERS)

    def own_class(sign: str) -> int:
        if sign.isspace():
            return blank
        return SIGNS.index(_LOOKALIKES_IN_FIELDS[sign]) if sign in _LOOKALIKES_IN_FIELDS else letter

    return np.array([blank, *map(own_class, signs), blank], np.int64)


def _classes_in_words(signs: Sequence[str]) -> NDArray[np.int64]:
    """The same for amounts in words: capitals are small letters, and all that is no sign of theirs is the blank."""

    def own_class(sign: str) -> int:
        small = _LOOKALIKES_IN_WORDS.get(sign, sign.lower())
        return WORD_SIGNS.index(small) if len(small) == 1 and small in WORD_SIGNS else len(WORD_SIGNS)

    return np.array([len(WORD_SIGNS), *map(own_class, signs), len(WORD_SIGNS)], np.int64)
