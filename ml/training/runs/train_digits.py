"""Train the network of digits that we ship: `python -m ml.training.runs.train_digits`.

The module reads top to bottom: settings, data, network, fit, save, export. MNIST and composed amounts go in; the
network's file and its card come out. Settings are chosen on the 5,000 digits held out of MNIST's 60,000. MNIST's test
set is not opened before the export. A run that was stopped resumes after its last whole epoch.
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

# Both must be set before TensorFlow is imported. Its banners hide the progress bar. Without a memory pool of its own it
# spends half of the time asking the kernel for memory (261 ms a step against 126 to 177, measured on two cores).
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "true")

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ml.reading.elements import NO_DIGIT
from ml.reading.operating_points import MODELS
from ml.training.datasets import MEASURE_ONLY, Digits, data_folder, load_letters, load_mnist, mnist_folder, split
from ml.training.export.export_digits import export
from ml.training.fields.digits import Writers
from ml.training.fields.segmented import find_glyphs
from ml.training.runs.digit_batches import Batches
from ml.training.runs.networks import digits_network
from ml.training.synthesis.marks import draw_marks


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a training run depends on.

    Attributes:
        epochs: Passes over MNIST's digits.
        batch: Glyphs in a step.
        learning_rate: The highest one. The rate rises to it for one epoch, then falls to zero as a cosine.
        weight_decay: AdamW's, times the learning rate.
        average: Share of the running average of the weights that each step keeps. The average is what is saved.
        marks: Marks that our code draws before training.
        amounts: Amounts that it composes and segments as the reader does.
        share: Marks (drawn, letters, from amounts) for each of MNIST's digits in an epoch, and as many digits from
            amounts.
        first_look: Epochs of the first network, which sorts out the marks that look like digits by chance.
        seed: Seed of everything that is drawn.
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
    """A progress bar for the whole run, with the time left, and a line for each epoch."""

    def __init__(self, steps: int, steps_an_epoch: int) -> None:
        super().__init__()
        self._bar = tqdm(total=steps, unit="batch", mininterval=5, file=sys.stderr)
        self._steps_an_epoch = steps_an_epoch

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Move the bar to where a resumed run begins."""
        self._bar.initial = self._bar.n = max(self._bar.n, epoch * self._steps_an_epoch)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Move the bar by one step."""
        self._bar.update()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the epoch's figures, on training and held-out digits."""
        figures = ", ".join(f"{name} {value:.5f}" for name, value in (logs or {}).items())
        self._bar.write(f"epoch {epoch + 1}: {figures}", file=sys.stderr)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Close the bar."""
        self._bar.close()


def bfloat16_is_faster() -> bool:
    """Whether this processor multiplies bfloat16 in one instruction (AMX, AVX-512's BF16).

    With AVX-512's the network of strings took 744 strings a second against 540 in float32, measured on two cores.
    Without either, mixed precision is slower: 258 ms a step against 169 in float32.
    """
    flags = Path("/proc/cpuinfo")
    return flags.exists() and any(flag in flags.read_text() for flag in ("amx_bf16", "avx512_bf16"))


def gather_marks(
    digits: Digits, segmented: NDArray[np.float32], folder: Path | None, settings: Settings
) -> dict[str, NDArray[np.float32]]:
    """Gather marks that may teach "no digit", by their source; some of them look like a digit.

    Args:
        digits: The digits that are trained on.
        segmented: Marks that the reader made of composed amounts: float32, count × 28 × 28.
        folder: The data folder, or None.
        settings: Count and seed of the marks to draw.

    Returns:
        Kinds by name, each float32, count × 28 × 28.
    """
    drawn = draw_marks(settings.marks, digits, np.random.default_rng(settings.seed))
    letters = load_letters(folder)
    letters = letters.select(~np.isin(letters.alphabets, MEASURE_ONLY))
    kinds = {"drawn": drawn, "letters": letters.pixels, "found": segmented}
    return {name: kind for name, kind in kinds.items() if len(kind)}


def called_no_digit(marks: NDArray[np.float32], first: keras.Model) -> NDArray[np.bool_]:
    """Whether a first network calls each mark no digit.

    It does not for an O, for a half of an 8 that is a 3, and for the letter l. Labelled "no digit" these would teach
    the network to doubt real digits. The first network was trained on them too, but too shortly to learn them by heart.

    Args:
        marks: float32, count × 28 × 28.
        first: A network with our classes.

    Returns:
        bool, count.

    Source: Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021 (labels that
        a model contradicts are left out; here with one threshold, one half).
    """
    return np.asarray(first.predict(marks[..., None], batch_size=256, verbose=0)[:, NO_DIGIT] >= 0.5)


def compile_network(model: keras.Model, settings: Settings, steps: int) -> keras.Model:
    """Give the model its optimiser, its loss and a running average of its weights."""
    warm_up = min(steps // settings.epochs, steps // 2)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=settings.learning_rate, warmup_steps=warm_up
    )
    optimiser = keras.optimizers.AdamW(
        rate, weight_decay=settings.weight_decay, use_ema=True, ema_momentum=settings.average
    )
    # Compiled by XLA these convolutions are four times slower on a processor.
    loss, metrics = "sparse_categorical_crossentropy", ["accuracy"]
    model.compile(optimizer=optimiser, loss=loss, metrics=metrics, jit_compile=False)
    return model


def fit(
    digits: Digits, more: Digits, held_out: Digits, marks: list[NDArray[np.float32]], settings: Settings, file: Path
) -> dict[str, list[float]]:
    """Train, or resume after the last whole epoch of a run that was stopped.

    The averaged weights of the last epoch stay in `file`, since the learning rate has then fallen to zero. Which epoch
    reads the held-out digits best is chance.

    Args:
        digits: MNIST's digits to train on.
        more: Digits from composed amounts to train on.
        held_out: Digits to judge each epoch by.
        marks: Kinds of marks that are no digit, each float32, count × 28 × 28.
        settings: The run's settings.
        file: Where the network goes; files of the run's state go beside it.

    Returns:
        The history: for each figure its value after each epoch.
    """
    keras.utils.set_random_seed(settings.seed)
    keras.mixed_precision.set_global_policy("mixed_bfloat16" if bfloat16_is_faster() else "float32")
    batches = Batches(digits, more, marks, settings.batch, settings.share, settings.seed)
    steps = len(batches) * settings.epochs
    model = compile_network(digits_network(), settings, steps)
    # A run with other settings must not resume from this one's weights.
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
    segmented = find_glyphs(Writers(digits), settings.amounts, np.random.default_rng(settings.seed))
    more = segmented.digits
    marks = gather_marks(digits, segmented.marks, folder, settings)
    sys.stderr.write(
        f"{len(digits.labels)} digits, {len(more.labels)} more found in amounts, {len(held_out.labels)} held out; "
        "a first look sorts the marks\n"
    )
    first = output / "first.keras"
    fit(digits, more, held_out, list(marks.values()), replace(settings, epochs=settings.first_look), first)
    judge = keras.models.load_model(first)
    marks = {name: kind[called_no_digit(kind, judge)] for name, kind in marks.items()}
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
    parser.add_argument("--models", type=Path, default=MODELS, help="where the exported network and its card go")
    options = parser.parse_args(arguments)
    train(Settings(epochs=options.epochs, seed=options.seed), options.output)
    export(options.output, options.models)


if __name__ == "__main__":
    main()
