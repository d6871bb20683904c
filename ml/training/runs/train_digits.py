"""Train the network that we ship: `python -m ml.training.runs.train_digits`.

Reads top to bottom: settings, data, network, fit, save, export. Settings are chosen on the 5,000 digits held out of
MNIST's 60,000; MNIST's test set is not opened here. A run that was stopped goes on after its last whole epoch.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

# Before TensorFlow is imported: its banners hide the progress bar, and without a pool of its own half of the time goes
# into asking the kernel for memory (261 ms a step against 126 to 177, measured on two cores).
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "true")

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ml.reading.elements import NO_DIGIT
from ml.training.datasets import MEASURE_ONLY, Digits, data_folder, load_letters, load_mnist, mnist_folder, split
from ml.training.export.export_digits import SHIPPED, export
from ml.training.fields.amounts import Writers
from ml.training.fields.segmented import find_glyphs
from ml.training.runs.networks import digits_network
from ml.training.synthesis.augment import Batches
from ml.training.synthesis.marks import draw_marks


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run follows from.

    Attributes:
        epochs: Passes over MNIST's digits.
        batch: Glyphs a step.
        learning_rate: At its highest; rises for one epoch, then falls to nothing as a cosine.
        weight_decay: AdamW's, times the learning rate.
        average: How much of the running average of the weights each step keeps; the average is what is saved.
        marks: How many marks our code draws before training.
        amounts: How many amounts it composes, to find glyphs in as reading does.
        share: Marks (drawn, letters, found) for each of MNIST's digits in an epoch; as many digits found in amounts.
        first_look: Epochs of the first network, which sorts out the marks that are digits by chance.
        seed: Of everything that is drawn.
    """

    epochs: int = 34
    batch: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    average: float = 0.999
    marks: int = 20_000
    amounts: int = 10_000
    share: float = 0.4
    first_look: int = 3
    seed: int = 7


class Progress(keras.callbacks.Callback):  # type: ignore[misc]
    """One bar for the whole run, with the time left, and a line an epoch."""

    def __init__(self, steps: int, epoch: int) -> None:
        super().__init__()
        self._bar = tqdm(total=steps, unit="batch", mininterval=5, file=sys.stderr)
        self._epoch = epoch

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Where a run that was stopped goes on."""
        self._bar.initial = self._bar.n = max(self._bar.n, epoch * self._epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """One step on."""
        self._bar.update()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Say how the held-out digits fare."""
        figures = ", ".join(f"{name} {value:.5f}" for name, value in (logs or {}).items())
        self._bar.write(f"epoch {epoch + 1}: {figures}", file=sys.stderr)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Leave the line to others."""
        self._bar.close()


def processor_gains_from_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in one instruction (AMX, AVX-512's BF16).

    With AVX-512's the network of strings took 744 strings a second against 540 in float32, measured on two cores.
    Without either mixed precision is slower: 258 ms a step against 169 in float32.
    """
    flags = Path("/proc/cpuinfo")
    return flags.exists() and any(flag in flags.read_text() for flag in ("amx_bf16", "avx512_bf16"))


def training_marks(
    digits: Digits, found: NDArray[np.float32], folder: Path | None, settings: Settings
) -> dict[str, NDArray[np.float32]]:
    """What may teach "no digit", by where it comes from; some of it looks like a digit.

    Args:
        digits: Those trained on.
        found: What reading found in composed amounts, and is no digit: float32, count × 28 × 28.
        folder: The data folder, or None.
        settings: Count and seed of what is drawn.

    Returns:
        Kinds by name, each float32, count × 28 × 28.
    """
    drawn = draw_marks(settings.marks, digits, np.random.default_rng(settings.seed))
    letters = load_letters(folder)
    letters = letters.of(~np.isin(letters.alphabets, MEASURE_ONLY))
    kinds = {"drawn": drawn, "letters": letters.pixels, "found": found}
    return {name: kind for name, kind in kinds.items() if len(kind)}


def unlike_digits(marks: NDArray[np.float32], first: keras.Model) -> NDArray[np.bool_]:
    """Which marks a first network does not take for a digit: an O, half of an 8 that is a 3 and the letter l are out.

    Called "no digit" they would teach the network to doubt real digits. The first network was trained on them too, but
    so shortly that it did not learn them by heart.

    Args:
        marks: float32, count × 28 × 28.
        first: A network with our classes.

    Returns:
        bool, count.

    Source: Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021 (labels that
    a model contradicts are left out; here with one threshold, one half).
    """
    return np.asarray(first.predict(marks[..., None], batch_size=256, verbose=0)[:, NO_DIGIT] >= 0.5)


def compiled(model: keras.Model, settings: Settings, steps: int) -> keras.Model:
    """The model with optimiser, loss and the average of its weights."""
    warm_up = min(steps // settings.epochs, steps // 2)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=settings.learning_rate, warmup_steps=warm_up
    )
    optimiser = keras.optimizers.AdamW(
        rate, weight_decay=settings.weight_decay, use_ema=True, ema_momentum=settings.average
    )
    # XLA compiles these convolutions to something four times slower on a processor.
    loss, metrics = "sparse_categorical_crossentropy", ["accuracy"]
    model.compile(optimizer=optimiser, loss=loss, metrics=metrics, jit_compile=False)
    return model


def fit(
    digits: Digits, more: Digits, held_out: Digits, marks: list[NDArray[np.float32]], settings: Settings, file: Path
) -> dict[str, list[float]]:
    """Train, or go on after the last whole epoch of a run that was stopped.

    Keeps the averaged weights of the last epoch in `file`; returns the history. (The learning rate has then fallen to
    nothing; which epoch reads the held-out digits best wavers by chance.)
    """
    keras.utils.set_random_seed(settings.seed)
    keras.mixed_precision.set_global_policy("mixed_bfloat16" if processor_gains_from_bfloat16() else "float32")
    batches = Batches(digits, more, marks, settings.batch, settings.share, settings.seed)
    steps = len(batches) * settings.epochs
    model = compiled(digits_network(), settings, steps)
    # Other settings are another run, which must not go on with this one's weights.
    run = hashlib.sha256(repr(settings).encode()).hexdigest()[:12]
    stopped, log = file.with_name(f"{file.stem}.{run}"), file.with_name(f"{file.stem}.{run}.csv")
    if not stopped.exists():
        log.unlink(missing_ok=True)
    callbacks = [
        keras.callbacks.BackupAndRestore(stopped),  # before the average takes the weights' place
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.begin(epoch)),
        keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
        keras.callbacks.ModelCheckpoint(file),
        keras.callbacks.CSVLogger(log, append=True),
        Progress(steps, len(batches)),
    ]
    judged = (held_out.pixels[..., None], held_out.labels)
    model.fit(batches, epochs=settings.epochs, validation_data=judged, callbacks=callbacks, verbose=0)
    keras.mixed_precision.set_global_policy("float32")
    rows = list(csv.DictReader(log.read_text("utf-8").splitlines()))
    return {name: [float(row[name]) for row in rows] for name in rows[0] if name != "epoch"}


def train(settings: Settings, output: Path) -> None:
    """Train and leave `digits.keras` and `history.json` in `output`."""
    output.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    folder = data_folder()
    digits, held_out = split(load_mnist("train", mnist_folder(folder)))
    found = find_glyphs(Writers(digits), settings.amounts, np.random.default_rng(settings.seed))
    more = found.digits
    marks = training_marks(digits, found.marks, folder, settings)
    sys.stderr.write(
        f"{len(digits.labels)} digits, {len(more.labels)} more found in amounts, {len(held_out.labels)} held out; "
        "a first look sorts the marks\n"
    )
    first = output / "first.keras"
    fit(digits, more, held_out, list(marks.values()), replace(settings, epochs=settings.first_look), first)
    judge = keras.models.load_model(first)
    marks = {name: kind[unlike_digits(kind, judge)] for name, kind in marks.items()}
    counts = {name: len(kind) for name, kind in marks.items()}
    sys.stderr.write(f"No digits: {counts}\n")
    history = fit(digits, more, held_out, list(marks.values()), settings, output / "digits.keras")
    record = {
        "settings": asdict(settings),
        "digits": len(digits.labels),
        "found_digits": len(more.labels),
        "held_out": len(held_out.labels),
        "marks": counts,
        "seconds": round(time.monotonic() - started),
        "history": history,
    }
    (output / "history.json").write_text(json.dumps(record, indent=1) + "\n")


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    defaults = Settings()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=defaults.epochs)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--output", type=Path, default=Path("var/training"), help="network and history, before export")
    parser.add_argument("--models", type=Path, default=SHIPPED, help="where the exported network and its card go")
    options = parser.parse_args(arguments)
    train(Settings(epochs=options.epochs, seed=options.seed), options.output)
    export(options.output, options.models)


if __name__ == "__main__":
    main()
