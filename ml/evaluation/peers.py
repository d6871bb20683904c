"""Other readers that ours is measured against, each found on the machine or said to be absent."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path


class PeerAbsent(Exception):
    """The peer is not installed; `str()` says how to get it."""


def tesseract(image: bytes, *, one_line: bool = True) -> str:
    """Read a picture with Tesseract's command, digits only.

    Args:
        image: A PNG or JPEG file.
        one_line: Whether the picture is one line of text (page segmentation 7), not a page (6).

    Returns:
        The digits found, in order.

    Raises:
        PeerAbsent: There is no `tesseract` on this machine.
    """
    command = shutil.which("tesseract")
    if command is None:
        raise PeerAbsent("Tesseract is not installed; on Debian: apt install tesseract-ocr")
    with tempfile.NamedTemporaryFile(suffix=".img") as file:
        Path(file.name).write_bytes(image)
        mode = "7" if one_line else "6"
        told = subprocess.run(  # noqa: S603 (a fixed command on our own file)
            [command, file.name, "stdout", "--psm", mode, "-c", "tessedit_char_whitelist=0123456789"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    return "".join(sign for sign in told.stdout if sign.isdigit())
