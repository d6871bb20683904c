"""Readers that ours is measured against: a picture in, its digits out. An absent one says how to install it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.reading.elements import Box


class PeerAbsent(Exception):
    """The peer is not installed; the message says how to install it."""


def tesseract(image: bytes, *, one_line: bool = True) -> str:
    """Read the digits of a picture with the command `tesseract`.

    Args:
        image: A PNG or JPEG file.
        one_line: Whether the picture is one line of text (page segmentation 7), not a page (6).

    Returns:
        The digits found, in order.

    Raises:
        PeerAbsent: The command `tesseract` is not installed.
    """
    command = shutil.which("tesseract")
    if command is None:
        raise PeerAbsent("Tesseract is not installed; on Debian: apt install tesseract-ocr")
    with tempfile.NamedTemporaryFile(suffix=".img") as file:
        Path(file.name).write_bytes(image)
        mode = "7" if one_line else "6"
        result = subprocess.run(  # noqa: S603 (a fixed command on our own file)
            [command, file.name, "stdout", "--psm", mode, "-c", "tessedit_char_whitelist=0123456789"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    return "".join(sign for sign in result.stdout if sign.isdigit())


class Tesseract:
    """Tesseract as a library in this process. It reads digits only, one line a picture.

    Raises:
        PeerAbsent: The library or Tesseract's data is not installed.
    """

    def __init__(self) -> None:
        command = shutil.which("tesseract")
        try:
            import tesserocr
        except ImportError as missing:
            raise PeerAbsent("tesserocr is not installed: uv sync") from missing
        if command is None:
            raise PeerAbsent("Tesseract's data is not installed; on Debian: apt install tesseract-ocr")
        languages = subprocess.run([command, "--list-langs"], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
        data = (languages.stdout + languages.stderr).split('"')[1]
        self._engine: Any = tesserocr.PyTessBaseAPI(path=data, lang="eng", psm=tesserocr.PSM.SINGLE_LINE)
        self._engine.SetVariable("tessedit_char_whitelist", "0123456789")

    def read(self, picture: Image.Image) -> str:
        """The digits that Tesseract reads on a picture of one line."""
        self._engine.SetImage(picture)
        return "".join(sign for sign in self._engine.GetUTF8Text() if sign.isdigit())


@dataclass(frozen=True, slots=True)
class PeerLine:
    """A line of text that a peer found on a page.

    Attributes:
        text: As read.
        score: The peer's, 0 to 1.
        box: Around the line, in pixels of the page.
    """

    text: str
    score: float
    box: Box


class RapidOCR:
    """RapidOCR with its default settings, on one thread.

    Raises:
        PeerAbsent: RapidOCR is not installed.
    """

    def __init__(self) -> None:
        try:
            import rapidocr
        except ImportError as missing:
            raise PeerAbsent("RapidOCR is not installed: uv sync --extra second-reader") from missing
        threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
        self._engine: Any = rapidocr.RapidOCR(params={"Global.log_level": "error", **threads})

    def read(self, pixels: NDArray[np.uint8]) -> tuple[str, float]:
        """The digits in the text that its recogniser reads, and its confidence (0 to 1).

        Args:
            pixels: uint8, height × width × 3, RGB: one line of text.
        """
        text, score = self.line(pixels)
        return "".join(sign for sign in text if sign.isdigit()), score

    def line(self, pixels: NDArray[np.uint8]) -> tuple[str, float]:
        """The text that its recogniser reads, and its confidence; arguments as of `read`."""
        result = self._engine(np.ascontiguousarray(pixels[:, :, ::-1]), use_det=False, use_cls=False, use_rec=True)
        return (result.txts[0], float(result.scores[0])) if result.txts else ("", 0.0)

    def texts(self, pixels: NDArray[np.uint8]) -> list[str]:
        """All texts that its detector and its recogniser find on a page.

        Args:
            pixels: uint8, height × width × 3, RGB.
        """
        result = self._engine(np.ascontiguousarray(pixels[:, :, ::-1]), use_det=True, use_cls=False, use_rec=True)
        return list(result.txts or ())

    def lines(self, pixels: NDArray[np.uint8]) -> list[PeerLine]:
        """All lines of text that its detector and its recogniser find on a page, with scores and places.

        Args:
            pixels: uint8, height × width × 3, RGB.
        """
        result = self._engine(np.ascontiguousarray(pixels[:, :, ::-1]), use_det=True, use_cls=False, use_rec=True)
        if not result.txts:
            return []
        return [
            PeerLine(text, float(score), _around(np.asarray(corners)))
            for text, score, corners in zip(result.txts, result.scores, result.boxes, strict=True)
        ]


def _around(corners: NDArray[np.float32]) -> Box:
    """The box around four corners, count × 2, x and y in pixels."""
    left, top = (max(0, int(value)) for value in np.floor(corners.min(axis=0)))
    right, bottom = (int(value) for value in np.ceil(corners.max(axis=0)))
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))
