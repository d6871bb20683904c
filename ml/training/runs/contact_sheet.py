"""A picture of composed amounts to look at: `python -m ml.training.runs.contact_sheet FILE.png`."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.training.datasets import concatenate, data_folder, load_femnist, load_mnist, mnist_folder, split
from ml.training.fields.amounts import Amount, compose_amount
from ml.training.fields.digits import Writers

_WIDTH, _HEIGHT = 240, 64
"""Size of an amount's tile, in pixels."""


def contact_sheet(amounts: list[Amount], columns: int = 5) -> NDArray[np.uint8]:
    """Amounts side by side, each below its digits: uint8, height × width, grey."""
    tiles = [_tile(amount) for amount in amounts]
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[start : start + columns]) for start in range(0, len(tiles), columns)]
    return np.vstack(rows)


def _tile(amount: Amount) -> NDArray[np.uint8]:
    height, width = amount.image.shape
    scale = min((_WIDTH - 8) / width, (_HEIGHT - 22) / height)
    picture = cv2.resize(amount.image, (max(1, int(width * scale)), max(1, int(height * scale))))
    tile = np.full((_HEIGHT, _WIDTH), 255, np.uint8)
    tile[16 : 16 + picture.shape[0], 4 : 4 + picture.shape[1]] = picture
    cv2.putText(tile, amount.digits, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 0, 1, cv2.LINE_AA)
    return tile


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="the picture that is written")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    folder = data_folder()
    digits, _ = split(load_mnist("train", mnist_folder(folder)))
    writers, rng = Writers(concatenate(digits, load_femnist(folder))), np.random.default_rng(options.seed)
    sheet = contact_sheet([compose_amount(writers, rng) for _ in range(options.count)])
    cv2.imwrite(str(options.file), sheet)


if __name__ == "__main__":
    main()
