"""Data sets of handwriting: digits, letters, and pictures of whole numbers with their labels.

They come from the folder in `COUNTERSIGN_DATA` (or a `shared/data` folder beside the checkout). MNIST alone is also
downloaded, with its checksum. Pictures of one digit leave as float32, count × 28 × 28, paper 0.0 and ink 1.0; whole
numbers leave as files. Nothing read here is ever copied into the repository.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import urllib.request
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.reading.elements import GLYPH_SIDE
from ml.reading.recognisers.normalise import normalise

MNIST_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte.gz": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte.gz": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte.gz": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""SHA-256 of MNIST's four files, unpacked. (Mirrors compress the files anew, so the archives' sums differ.)"""

HELD_OUT = 5_000
"""Of MNIST's 60,000 training digits: settings, form and threshold are chosen on these."""
SPLIT_SEED = 1998
"""Any seed would do. It stays, because the shipped networks were trained on the other 55,000."""
MEASURE_ONLY = ("Sanskrit", "Tagalog", "Early_Aramaic")
"""Alphabets that no network of ours is trained on: on these `make evaluate` measures how well unknown characters are
kept apart from digits."""

_REPOSITORY = Path(__file__).resolve().parents[2]
_CACHE = _REPOSITORY / "var" / "datasets"


class WrongChecksum(Exception):
    """A data file differs from the one that its authors published."""


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Handwritten digits.

    Attributes:
        pixels: float32, count × 28 × 28, paper 0.0 and ink 1.0.
        labels: int64, count, 0 to 9.
    """

    pixels: NDArray[np.float32]
    labels: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Characters that are no digits.

    Attributes:
        pixels: float32, count × 28 × 28, paper 0.0 and ink 1.0, normalised as the reader does it.
        alphabets: str, count: the alphabet of each.
    """

    pixels: NDArray[np.float32]
    alphabets: NDArray[np.str_]

    def select(self, chosen: NDArray[np.bool_]) -> Letters:
        """The letters at which `chosen`, bool, count, is true."""
        return Letters(self.pixels[chosen], self.alphabets[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class LabelledNumber:
    """A picture of one number, with its label.

    Attributes:
        name: The file's name.
        data: The file's bytes.
        digits: The number's digits in order, without separators.
        first_half: Whether it belongs to the first of the two halves of a cross-validation. Equal numbers are in one
            half.
        boxes: Left, top, width and height of each digit, in pixels; empty where the set has no boxes.
    """

    name: str
    data: bytes
    digits: str
    first_half: bool = True
    boxes: tuple[tuple[int, int, int, int], ...] = ()


def load_courtesy_amounts(folder: Path | None) -> list[LabelledNumber]:
    """Load amounts cut from real cheques: to measure and to calibrate on, never to train a network with.

    Amounts that a person could read in two ways are left out. The list is empty where the data folder has none.

    Source: ORAND-CAR-A of the ICFHR 2014 competition; CC BY-NC-ND.
    """
    labels = folder / "courtesy-amounts" / "labels.jsonl" if folder else None
    if labels is None or not labels.exists():
        return []
    halves: dict[str, bool] = {}
    amounts = []
    for row in map(json.loads, labels.read_text("utf-8").splitlines()):
        if not row.get("doubtful"):
            even = int(hashlib.sha256(row["file"].encode()).hexdigest()[0], 16) % 2 == 0
            half = halves.setdefault(row["text"], even)
            data = (labels.parent / "images" / row["file"]).read_bytes()
            boxes = tuple(tuple(box) for box in row.get("boxes") or ())
            amounts.append(LabelledNumber(row["file"], data, row["text"], half, boxes))
    return amounts


def concatenate(*sets: Digits) -> Digits:
    """Make one set of several, in their order."""
    return Digits(np.concatenate([part.pixels for part in sets]), np.concatenate([part.labels for part in sets]))


def load_femnist(folder: Path | None) -> Digits:
    """Load FEMNIST's digits; none where the data folder has none.

    They come from the same forms as MNIST. So no network whose MNIST test error is reported may learn from them.

    Source: S. Caldas et al., "LEAF: a benchmark for federated settings", 2018; public domain.
    """
    file = folder / "more-digits" / "femnist-digits.npz" if folder else None
    if file is None or not file.exists():
        return Digits(np.empty((0, GLYPH_SIDE, GLYPH_SIDE), np.float32), np.empty(0, np.int64))
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
        return _black_on_white(arrays["X"], arrays["y"])


def load_scripts(folder: Path | None, part: str) -> dict[str, Digits]:
    """Load digits of Bangla and Devanagari by script: "train" to learn from, "test" to measure on; maybe none.

    Source: N. Das et al., "CMATERdb 3", Apache-2.0.
    """
    file = folder / "scripts" / "indic-cmaterdb.npz" if folder else None
    if file is None or not file.exists():
        return {}
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
        names = {script: f"{script.lower()}_{{}}_{part}" for script in ("Bangla", "Devanagari")}
        return {script: _black_on_white(*(arrays[name.format(k)] for k in "Xy")) for script, name in names.items()}


def _black_on_white(pictures: NDArray[np.uint8], labels: NDArray[np.integer]) -> Digits:
    return Digits((255 - pictures).astype(np.float32) / np.float32(255), labels.astype(np.int64))


def data_folder() -> Path | None:
    """The folder of `COUNTERSIGN_DATA`, else `shared/data` beside the checkout where it exists, else None.

    Raises:
        FileNotFoundError: `COUNTERSIGN_DATA` names no folder. (Without its data a run would train another network.)
    """
    named = os.environ.get("COUNTERSIGN_DATA")
    if named and not Path(named).is_dir():
        raise FileNotFoundError(f"COUNTERSIGN_DATA is {named}, and there is no such folder.")
    folder = Path(named) if named else _REPOSITORY.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def mnist_folder(data: Path | None) -> Path | None:
    """MNIST's folder in the data folder; None where there is none, so that MNIST is downloaded."""
    return data / "mnist" if data and (data / "mnist").is_dir() else None


def load_mnist(part: str, folder: Path | None = None, base_url: str | None = None, cache: Path = _CACHE) -> Digits:
    """Load MNIST's training or test digits from disk, or download them.

    Args:
        part: "train" (60,000) or "t10k" (10,000, only to report).
        folder: Folder of the four idx.gz files; None: they are downloaded into `cache` unless they are there.
        base_url: Address to download from; None: `COUNTERSIGN_MNIST_URL` or a public mirror.
        cache: Folder that keeps downloads.

    Returns:
        Digits in the file's order.

    Raises:
        WrongChecksum: A file differs from the one that MNIST's authors published.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits"; CC BY-SA 3.0.
    """
    url = base_url or os.environ.get("COUNTERSIGN_MNIST_URL", MNIST_URL)
    files = (f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz")
    images, labels = (_fetch(name, folder, url, cache) for name in files)
    pixels = np.frombuffer(images, np.uint8, offset=16).reshape(-1, GLYPH_SIDE, GLYPH_SIDE)
    return Digits(
        pixels.astype(np.float32) / np.float32(255), np.frombuffer(labels, np.uint8, offset=8).astype(np.int64)
    )


def load_other_hands(folder: Path | None) -> dict[str, list[LabelledNumber]]:
    """Load digits of hands other than MNIST's, one a picture: to measure on, never to train with.

    Returns:
        Pictures by the name of their set: ARDIS IV (28 × 28) and USPS (16 × 16), dark ink on white, pens and church
        records in the size of their scans. Sets that the data folder lacks are left out.

    Source: Kusetogullari et al., "ARDIS", 2019; Hull, "USPS", 1994; DIDA (church records); pens: origin not stated.
    """
    sets: dict[str, list[LabelledNumber]] = {}
    for name in ("ardis", "usps"):
        file = folder / name / f"{name}-dev.npz" if folder else None
        if file is not None and file.exists():
            with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
                images, labels = arrays["images"], arrays["labels"]
            grey = images if images.max() > 1 else images * 255
            files = [cv2.imencode(".png", 255 - image.astype(np.uint8))[1].tobytes() for image in grey]
            sets[name] = [LabelledNumber(f"{at}", data, str(int(labels[at]))) for at, data in enumerate(files)]
    for name in ("pens", "church-records"):
        files_in = sorted((folder / name).glob("[0-9]/*")) if folder else []
        if files_in:
            sets[name] = [LabelledNumber(file.name, file.read_bytes(), file.parent.name) for file in files_in]
    return sets


def _fetch(name: str, folder: Path | None, base_url: str, cache: Path) -> bytes:
    """One file's content, unpacked and checked. A download enters the cache only when its checksum is right."""
    place = folder / name if folder else cache / name
    if folder or place.exists():
        return _unpack(name, place.read_bytes())
    with urllib.request.urlopen(base_url.rstrip("/") + "/" + name, timeout=60) as answer:  # noqa: S310 an operator's URL
        packed = answer.read()
    data = _unpack(name, packed)
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = cache / f"{name}.part"
    unfinished.write_bytes(packed)
    unfinished.rename(cache / name)
    return data


def _unpack(name: str, packed: bytes) -> bytes:
    sentence = f"{name} is not MNIST's: its SHA-256 differs. Delete it, or check where it came from."
    try:
        data = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as broken:
        raise WrongChecksum(sentence) from broken
    if hashlib.sha256(data).hexdigest() != CHECKSUMS[name]:
        raise WrongChecksum(sentence)
    return data


def split(digits: Digits, held_out: int = HELD_OUT) -> tuple[Digits, Digits]:
    """Split digits into those to train on and those held out to choose settings by; always the same ones."""
    order = np.random.default_rng(SPLIT_SEED).permutation(len(digits.labels))
    kept, rest = order[:held_out], order[held_out:]
    return Digits(digits.pixels[rest], digits.labels[rest]), Digits(digits.pixels[kept], digits.labels[kept])


def load_letters(folder: Path | None) -> Letters:
    """Load all letters in `folder`/not-digits, each drawing once; none where there are none.

    Source: Lake et al., "Omniglot", MIT; Acharya et al., "DHCD" (Devanagari), CC BY 4.0.
    """
    pixels: list[NDArray[np.float32]] = []
    names: list[str] = []
    place = folder / "not-digits" if folder else None
    if place is not None and place.is_dir():
        for archive in sorted(place.glob("images_background_small*.zip")):
            _add_omniglot(archive, pixels, names)
        _add_devanagari(place / "devanagari-letters.npz", pixels, names)
    stack = np.stack(pixels) if pixels else np.zeros((0, GLYPH_SIDE, GLYPH_SIDE), np.float32)
    first = np.sort(np.unique([hashlib.sha256(p.tobytes()).hexdigest() for p in stack], return_index=True)[1])
    letters = Letters(stack, np.array(names, dtype=np.str_))
    return letters.select(np.isin(np.arange(len(stack)), first))


def _add_omniglot(archive: Path, pixels: list[NDArray[np.float32]], names: list[str]) -> None:
    """Append the drawings of one archive, their thin strokes thickened to a pen's width."""
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    with zipfile.ZipFile(archive) as zipped:
        for name in sorted(n for n in zipped.namelist() if n.endswith(".png")):
            drawing = cv2.imdecode(np.frombuffer(zipped.read(name), np.uint8), cv2.IMREAD_GRAYSCALE)
            if drawing is None:
                raise ValueError(f"{archive.name} holds a picture that cannot be read: {name}")
            ink = cv2.dilate(255 - drawing, pen).astype(np.float32) / np.float32(255)
            pixels.append(normalise(ink))
            names.append(name.split("/")[-3])


def _add_devanagari(file: Path, pixels: list[NDArray[np.float32]], names: list[str]) -> None:
    if not file.exists():
        return
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
        for image in arrays["images"]:
            pixels.append(normalise(image.astype(np.float32) / np.float32(255)))
            names.append("Devanagari")
