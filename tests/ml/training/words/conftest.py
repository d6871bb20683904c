"""Fonts for tests of the network of words: no font of handwriting is part of this project, so a typeface stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml.training.fields.digits import Writers
from ml.training.synthesis.typefaces import typefaces
from ml.training.words.fonts import HandFont
from ml.training.words.lines import Sources


@pytest.fixture(scope="session")
def typeface() -> Path:
    """A typeface that is installed on most machines; without one there is nothing to write with."""
    for name in ("DejaVuSans", "LiberationSans-Regular"):
        for file in typefaces():
            if Path(file).stem == name:
                return Path(file)
    pytest.skip("Neither DejaVu Sans nor Liberation Sans is installed.")


@pytest.fixture(scope="session")
def sources(typeface: Path, writers: Writers) -> Sources:
    font = HandFont.of(typeface)
    return Sources([font], [font], writers)
