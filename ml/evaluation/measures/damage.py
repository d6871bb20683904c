"""How the read rate falls as paper, pens, scanners and cameras get worse.

Numbers composed of MNIST's test digits go in, damaged in thirteen ways at three levels; a table and a picture come out.
Images are uint8, height × width, grey; a coloured pen adds three channels, RGB.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.random import Generator
from numpy.typing import NDArray

from ml.evaluation.reports.report import Picture, Table
from ml.reading.forms.layouts import ONE_NUMBER
from ml.reading.read import read_scan
from ml.reading.reader import Reader
from ml.training.datasets import Digits
from ml.training.synthesis.strings import compose_strings, png

Pixels = NDArray[np.uint8]
Damage = Callable[[Pixels, int, Generator], Pixels]

NUMBERS = 60
"""How many numbers are read for each damage and level."""

SEED = 31
LEVELS = ("mild", "strong", "severe")
"""A damage takes the index of a level here."""

_USUAL_HEIGHT = 44
"""About the height of a composed digit, in pixels."""


def light_on_dark(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Invert the image as chalk on a board; higher levels are greyer."""
    return (255 - image * (1.0, 0.75, 0.5)[level]).astype(np.uint8)


def coloured_pen(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Colour the ink: blue, red, pale green. Returns height × width × 3, RGB."""
    pen = np.array(((30, 60, 190), (200, 40, 40), (110, 190, 120))[level], np.float32)
    ink = (255 - image.astype(np.float32))[:, :, None] / 255
    return np.asarray(255 * (1 - ink) + pen * ink, np.uint8)


def pencil(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Make the ink paler."""
    paper = float(np.percentile(image, 90))
    return (paper - (paper - image.astype(np.float32)) * (0.5, 0.3, 0.2)[level]).clip(0, 255).astype(np.uint8)


def thin_pen(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Make the strokes thinner."""
    return cv2.dilate(image, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 + level, 2 + level))).astype(np.uint8)


def broad_pen(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Make the strokes as thick as a marker's."""
    side = (3, 5, 8)[level]
    return cv2.erode(image, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))).astype(np.uint8)


def small(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Shrink the digits to a height of about 24, 16 and 12 pixels."""
    return _resized(image, (24, 16, 12)[level] / _USUAL_HEIGHT)


def large(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Enlarge the digits to a height of about 200, 500 and 1,000 pixels."""
    return _resized(image, (200, 500, 1000)[level] / _USUAL_HEIGHT)


def _resized(image: Pixels, scale: float) -> Pixels:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=method).astype(np.uint8)


def slanted(image: Pixels, level: int, rng: Generator) -> Pixels:
    """Slant the digits by 10, 15 and 20 degrees, to a random side."""
    lean = float(np.tan(np.radians((10, 15, 20)[level]))) * rng.choice((-1, 1))
    height, width = image.shape
    room = int(abs(lean) * height)
    matrix = np.array([[1, -lean, room if lean < 0 else lean * height], [0, 1, 0]], np.float32)
    if lean < 0:
        matrix[0, 2] = 0
    return _warped(image, cv2.warpAffine, matrix, (width + room, height))


def turned(image: Pixels, level: int, rng: Generator) -> Pixels:
    """Turn the image by 5, 10 and 20 degrees, to a random side."""
    angle = (5, 10, 20)[level] * rng.choice((-1, 1))
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
    across, down = abs(matrix[0, 0]) * width + abs(matrix[0, 1]) * height, abs(matrix[0, 1]) * width + height
    matrix[:, 2] += (across / 2 - width / 2, down / 2 - height / 2)
    return _warped(image, cv2.warpAffine, matrix, (int(across), int(down)))


def blurred(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Put the image out of focus, by 1.2, 2.2 and 3.5 pixels (standard deviation)."""
    return cv2.GaussianBlur(image, (0, 0), (1.2, 2.2, 3.5)[level]).astype(np.uint8)


def grainy(image: Pixels, level: int, rng: Generator) -> Pixels:
    """Add the noise of a sensor in the dark."""
    return np.clip(image + rng.normal(0, (12, 25, 45)[level], image.shape), 0, 255).astype(np.uint8)


def compressed(image: Pixels, level: int, _rng: Generator) -> Pixels:
    """Compress the image as JPEG with a quality of 40, 20 and 8."""
    data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, (40, 20, 8)[level]))[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def photographed(image: Pixels, level: int, rng: Generator) -> Pixels:
    """Photograph the image from the side, in uneven light, a little out of focus, as JPEG."""
    height, width = image.shape
    reach = (0.06, 0.12, 0.2)[level] * height
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    moved = corners + rng.uniform(-reach, reach, (4, 2)).astype(np.float32)
    seen = _warped(image, cv2.warpPerspective, cv2.getPerspectiveTransform(corners, moved), (width, height))
    dark = (0.75, 0.55, 0.35)[level]
    shade = cv2.resize(rng.uniform(dark, 1.0, (2, 3)).astype(np.float32), (width, height))
    grey = cv2.GaussianBlur(seen * shade, (0, 0), (0.8, 1.2, 1.8)[level]) + rng.normal(0, 4 + 3 * level, seen.shape)
    return compressed(np.clip(grey, 0, 255).astype(np.uint8), level, rng)


def _warped(image: Pixels, warp: Callable[..., object], matrix: NDArray[Any], size: tuple[int, int]) -> Pixels:
    paper = float(np.percentile(image, 80))
    warped = warp(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper)
    return np.asarray(warped, np.uint8)


DAMAGES: dict[str, Damage] = {
    "light on dark": light_on_dark,
    "coloured pen": coloured_pen,
    "pencil": pencil,
    "thin pen": thin_pen,
    "broad pen": broad_pen,
    "small": small,
    "large": large,
    "slanted": slanted,
    "askew": turned,
    "blurred": blurred,
    "grainy": grainy,
    "JPEG": compressed,
    "photographed": photographed,
}


@dataclass(frozen=True, slots=True)
class NumberCounts:
    """How some numbers were read.

    Attributes:
        count: How many there were.
        right: How many were read right, accepted or not.
        passed: How many were accepted.
        wrong: How many were accepted and are wrong.
    """

    count: int
    right: int
    passed: int
    wrong: int

    @property
    def cell(self) -> str:
        """The counts as the text of a cell."""
        return f"{self.right / self.count:.0%} right; {self.passed / self.count:.0%} pass, {self.wrong} wrong"


def count_numbers(numbers: list[tuple[Pixels, str]], reader: Reader) -> NumberCounts:
    """Read pictures of one number each.

    Args:
        numbers: For each, its picture and its digits.
        reader: With the threshold that decides what passes.
    """
    right = passed = wrong = 0
    for image, digits in numbers:
        readings = [reading for page in read_scan(png(image), ONE_NUMBER, reader) for reading in page.readings]
        # Of the separators of composed numbers it is not known which they are.
        correct = ["".join(filter(str.isdigit, reading.value)) for reading in readings] == [digits]
        accepted = any(reading.accepted for reading in readings)
        right, passed, wrong = right + correct, passed + accepted, wrong + (accepted and not correct)
    return NumberCounts(len(numbers), right, passed, wrong)


def damage_part(digits: Digits, reader: Reader, output: Path) -> tuple[Table, list[Picture]]:
    """Read numbers with each damage at each level, and draw the shares that are right.

    Args:
        digits: Of which the numbers are composed: MNIST's test digits.
        reader: As shipped.
        output: Where the picture goes.
    """
    numbers = [(string.image, string.digits) for string in compose_strings(digits, NUMBERS, SEED)]
    undamaged = count_numbers(numbers, reader)
    damaged: dict[str, list[NumberCounts]] = {}
    for name, damage in DAMAGES.items():
        rng = np.random.default_rng(SEED)
        damaged[name] = [
            count_numbers([(damage(image, level, rng), written) for image, written in numbers], reader)
            for level in range(len(LEVELS))
        ]
    _draw(undamaged, damaged, output / "damage.png")
    rows = [(name, *(counts.cell for counts in by_level)) for name, by_level in damaged.items()]
    note = (
        f"{NUMBERS} numbers each, composed of MNIST's test digits, one a picture, as shipped. "
        f"Undamaged: {undamaged.cell}."
    )
    table = Table("Robustness", ("damage", *LEVELS), tuple(rows), note)
    return table, [Picture("damage.png", "Robustness: share read right, from no damage to severe")]


def _draw(undamaged: NumberCounts, damaged: dict[str, list[NumberCounts]], file: Path) -> None:
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes = figure.add_subplot()
    shares = np.array([[counts.right / counts.count for counts in (undamaged, *row)] for row in damaged.values()])
    axes.imshow(shares, cmap="RdYlGn", vmin=0.3, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        axes.text(column, row, f"{share:.0%}", ha="center", va="center")
    axes.set(xticks=range(4), xticklabels=("none", *LEVELS), yticks=range(len(damaged)), yticklabels=list(damaged))
    figure.savefig(file, dpi=110)
