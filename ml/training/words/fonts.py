"""Fonts of handwriting to compose with: the npm registry's `@fontsource` packages, which stand outside this project.

A folder comes in. Fonts leave, each with its family, its version and its licence, so that a network's card names them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS_VARIABLE = "COUNTERSIGN_FONTS"
"""The environment variable that names the folder in which `npm install` put the packages."""

FREE = ("OFL-1.1", "Apache-2.0")
"""Licences that a font may have."""

_SIZE = 96
"""Pixels of an em at which a font is measured."""

_UNLIKE_WRITING = {
    "permanent-marker": "its small letters are capitals",
    "rock-salt": "its small letters are capitals",
    "itim": "it looks like print",
    "monsieur-la-doulaise": "its capitals are ornaments",
}
"""Packages that are left out, and why."""


@dataclass(frozen=True, slots=True)
class HandFont:
    """A font that looks as if a person wrote, or a typeface.

    Attributes:
        file: Where it stands.
        package: Name of its package, without `@fontsource/`; of a single file its name.
        family: Its name.
        version: Of the package.
        licence: As the package states it.
        x_height: Height of letters such as an x, in ems.
        pen: Width of the strokes, in heights of an x.
    """

    file: str
    package: str
    family: str
    version: str
    licence: str
    x_height: float
    pen: float

    @classmethod
    def of(cls, file: Path, package: str = "", version: str = "", licence: str = "") -> HandFont:
        """Measure a font.

        Raises:
            ValueError: It lacks letters or digits.
        """
        font = ImageFont.truetype(str(file), _SIZE)
        if not _is_complete(font):
            raise ValueError(f"{file.name} lacks letters or digits.")
        boxes = [font.getbbox(letter) for letter in "acenoux"]
        high = max(1.0, float(np.median([box[3] - box[1] for box in boxes])))
        name = font.getname()[0] or file.stem
        return cls(str(file), package or file.stem, name, version, licence, high / _SIZE, _stroke(font) / high)

    def at(self, x_height: float) -> ImageFont.FreeTypeFont:
        """The font in which an x is about so many pixels high."""
        return _opened(self.file, max(6, round(x_height / self.x_height)))


@lru_cache(maxsize=4096)
def _opened(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)


def _is_complete(font: ImageFont.FreeTypeFont) -> bool:
    """Whether letters and digits have shapes of their own."""
    digits, small = (
        {bytes(font.getmask(sign)) for sign in signs} for signs in ("0123456789", "abcdefghijklmnopqrstuvwxyz")
    )
    return len(digits) == 10 and len(small) == 26


def _stroke(font: ImageFont.FreeTypeFont) -> float:
    """The usual width of a stroke in pixels: inside a stroke the mean way to its edge is a quarter of its width."""
    paper = Image.new("L", (12 * _SIZE, 3 * _SIZE), 0)
    ImageDraw.Draw(paper).text((_SIZE, 2 * _SIZE), "nhomedsi", font=font, fill=255, anchor="ls")
    ways = cv2.distanceTransform((np.asarray(paper) > 127).astype(np.uint8), cv2.DIST_L2, 5)
    return float(4 * ways[ways > 0].mean())


def fonts_folder(named: Path | None = None) -> Path:
    """The folder of the fonts' packages: the one named, else that of `COUNTERSIGN_FONTS`.

    Raises:
        FileNotFoundError: None is named, or it does not exist. The sentence says how to get the fonts.
    """
    place = named or (Path(os.environ[FONTS_VARIABLE]) if os.environ.get(FONTS_VARIABLE) else None)
    if place is None or not place.is_dir():
        said = f"{place} is no folder" if place else f"{FONTS_VARIABLE} is not set"
        raise FileNotFoundError(
            f"{said}: fonts of handwriting are needed, see docs/decisions/0019-words-are-held-against-figures.md."
        )
    return place


def hand_fonts(folder: Path) -> list[HandFont]:
    """The fonts of all `@fontsource` packages below a folder that are free, complete and look like writing.

    Args:
        folder: Where `npm install` ran, or its `node_modules`.

    Returns:
        Fonts by the name of their package.

    Raises:
        FileNotFoundError: There is none.
    """
    found = {}
    for place in (folder, folder / "@fontsource", folder / "node_modules" / "@fontsource"):
        for card in sorted(place.glob("*/package.json")):
            package = card.parent.name
            file = card.parent / "files" / f"{package}-latin-400-normal.woff"
            about = json.loads(card.read_text("utf-8"))
            if file.exists() and about.get("license") in FREE and package not in _UNLIKE_WRITING:
                font = HandFont.of(file, package, about["version"], about["license"])
                found[package] = font
    if not found:
        raise FileNotFoundError(
            f"{folder} holds no font of handwriting: see docs/decisions/0019-words-are-held-against-figures.md."
        )
    return [found[package] for package in sorted(found)]


def split_families(fonts: Sequence[HandFont], every: int) -> tuple[list[HandFont], list[HandFont]]:
    """Fonts to train with, and held-out ones: every so many families, whole, told by the package's first word."""
    families = sorted({_family(font) for font in fonts})
    held_out = set(families[every - 1 :: every])
    return [font for font in fonts if _family(font) not in held_out], [f for f in fonts if _family(f) in held_out]


def _family(font: HandFont) -> str:
    return font.package.split("-")[0].lower()


def typed_fonts(files: Sequence[str], count: int, seed: int) -> list[HandFont]:
    """Some of the machine's typefaces, as `fonts`: those that have all letters and digits, chosen by a seed."""
    chosen: list[HandFont] = []
    for at in np.random.default_rng(seed).permutation(len(files)):
        try:
            font = HandFont.of(Path(files[at]))
        except (ValueError, OSError):
            continue
        if len(chosen) < count and 0.3 < font.x_height < 0.8:
            chosen.append(font)
        if len(chosen) == count:
            break
    return sorted(chosen, key=lambda font: font.file)
