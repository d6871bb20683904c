"""Train the network that tells print from handwriting: `python -m ml.training.runs.train_print`.

Lines of numbers that our code draws go in, half in MNIST's hands or drawn ones, half in the typefaces of this machine;
the network's file and its card come out. It is measured on hands and typefaces that it was not trained on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from ml.reading.ink.lines import FRAME, LINE_HEIGHT
from ml.reading.operating_points import MODELS, wilson
from ml.reading.recognisers.line_network import LineNetwork, print_chances
from ml.training.datasets import data_folder, load_mnist, mnist_folder, split
from ml.training.export.export_strings import as_litert
from ml.training.fields.digits import Writers
from ml.training.pages.print_lines import LabelledLine, labelled_lines
from ml.training.runs.networks import print_network
from ml.training.synthesis.typefaces import split_faces, typefaces

_HELD_OUT_SEED = 91


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a training run depends on.

    Attributes:
        lines: Lines to train on.
        held_out: Lines to measure on.
        epochs: Passes over the lines.
        batch: Lines in a step.
        learning_rate: At the start; it falls to zero as a cosine.
        seed: Of everything that is drawn.
    """

    lines: int = 12_000
    held_out: int = 2_000
    epochs: int = 14
    batch: int = 64
    learning_rate: float = 2e-3
    seed: int = 17


def trained(lines: Sequence[LabelledLine], settings: Settings) -> keras.Model:
    """Train a network; the mean over a line's own frames is its score."""
    keras.utils.set_random_seed(settings.seed)
    frames = print_network()
    own = keras.Input((None,), name="own")  # 1 for each frame of the line, 0 for padding
    scores = layers.Reshape((-1,))(frames.output)
    mean = layers.Lambda(lambda both: keras.ops.sum(both[0] * both[1], 1) / keras.ops.sum(both[1], 1))([scores, own])
    model = keras.Model([frames.input, own], mean)
    steps = settings.epochs * (len(lines) // settings.batch)
    rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps)
    loss = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.02)
    model.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), loss, jit_compile=False)
    rng = np.random.default_rng(settings.seed)
    for epoch in range(settings.epochs):
        losses = [model.train_on_batch(*batch) for batch in _batches(lines, settings.batch, rng)]
        sys.stderr.write(f"epoch {epoch + 1}: loss {float(np.mean(losses)):.4f}\n")
    return frames


def _batches(lines: Sequence[LabelledLine], size: int, rng: np.random.Generator) -> Iterator[tuple[Any, Any]]:
    """Batches of lines of similar width, in another order each time."""
    widths = np.array([line.line.shape[1] for line in lines]) * rng.uniform(0.8, 1.25, len(lines))
    order = np.argsort(widths)
    starts = np.arange(0, len(lines) - size + 1, size)
    for start in rng.permutation(starts):
        batch = [lines[at] for at in order[start : start + size]]
        width = -(-max(line.line.shape[1] for line in batch) // FRAME) * FRAME
        pixels: NDArray[np.float32] = np.zeros((size, LINE_HEIGHT, width, 1), np.float32)
        own = np.zeros((size, width // FRAME), np.float32)
        for row, line in enumerate(batch):
            pixels[row, :, : line.line.shape[1], 0] = line.line
            own[row, : -(-line.line.shape[1] // FRAME)] = 1
        yield [pixels, own], np.array([line.printed for line in batch], np.float32)


def figures(network: LineNetwork, lines: Sequence[LabelledLine]) -> dict[str, Any]:
    """Shares of lines that are taken for the other kind, with their 95 % intervals."""
    chances = print_chances(network, [line.line for line in lines])
    told = [chance >= 0.5 for chance in chances]
    counted = {}
    for name, kind in (("printed", True), ("written", False)):
        of_kind = [one for one, line in zip(told, lines, strict=True) if line.printed == kind]
        wrong = sum(one != kind for one in of_kind)
        low, high = (round(end, 5) for end in wilson(wrong, len(of_kind)))
        counted[name] = {"lines": len(of_kind), "taken_for_the_other": wrong, "interval_95": [low, high]}
    return counted


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=Settings().lines)
    parser.add_argument("--models", type=Path, default=MODELS, help="where the network and its card go")
    options = parser.parse_args(arguments)
    settings, started = Settings(lines=options.lines), time.monotonic()
    digits, held_out = split(load_mnist("train", mnist_folder(data_folder())))
    faces, other_faces = split_faces(typefaces())
    model = trained(list(labelled_lines(settings.lines, Writers(digits), faces, settings.seed)), settings)
    network = as_litert(model, small=True)
    unseen = list(labelled_lines(settings.held_out, Writers(held_out), other_faces, _HELD_OUT_SEED))
    card = {
        "sha256": hashlib.sha256(network).hexdigest(),
        "name": "print",
        "input": "float32, N × 32 × width × 1, paper 0.0, ink 1.0, from ml.reading.ink.lines",
        "output": "float32, N × 1 × width / 4 × 1: for each frame the log-odds that a machine printed it",
        "command": f"python -m ml.training.runs.train_print --lines {settings.lines}",
        "date": datetime.now(UTC).date().isoformat(),
        "data": "Numbers drawn by ml.training.pages.print_lines, half in hands of MNIST's training set "
        f"(LeCun, Cortes, Burges; CC BY-SA 3.0) or drawn ones, half in {len(faces)} free typefaces",
        "settings": asdict(settings),
        "seconds": round(time.monotonic() - started),
        "weights": model.count_params(),
        "held_out": {"typefaces": len(other_faces), **figures(LineNetwork.from_bytes(network), unseen)},
    }
    (options.models / "print.tflite").write_bytes(network)
    (options.models / "print.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.write(json.dumps(card, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
