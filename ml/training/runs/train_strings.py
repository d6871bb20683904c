"""Train the network of whole strings: `python -m ml.training.runs.train_strings`.

With `--fields` it trains the network of fields, of digits and signs.

The module reads top to bottom: settings, loss, rounds of composing and fitting, export. Real digits go in; the
network's file and its card come out. A run that was stopped resumes after its last whole round. Real amounts are never
trained on, and MNIST's test digits are not opened here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Both must be set before TensorFlow is imported: see `ml.training.runs.train_digits`.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "true")

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from ml.reading.forms.signs import SIGNS
from ml.reading.ink.lines import FRAME, LINE_HEIGHT, padded_width
from ml.reading.operating_points import MODELS
from ml.training.datasets import concatenate, data_folder, load_femnist, load_mnist, mnist_folder, split
from ml.training.export.export_strings import export_strings
from ml.training.fields.amounts import compose_lines
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.runs.networks import strings_network
from ml.training.runs.string_batches import Composer, batches, compose_fields, composer, start_process
from ml.training.runs.train_digits import bfloat16_is_faster
from ml.training.runs.warm_start import load_shipped_weights

_HELD_OUT = 2_000
"""Strings composed of held-out digits: progress is measured, and the file's form chosen, on these."""

_READ_AT_A_TIME = 100
"""Strings in a batch while held-out strings are read."""

_WARM_START_LINES = 200
"""Lines on which a warm start measures the range of each layer's outputs."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a run depends on.

    Attributes:
        rounds: How often new strings are composed.
        strings: Strings in a round.
        passes: Passes over a round's strings. With one pass, composing would take a third of the time.
        batch: Strings in a step.
        learning_rate: The highest one. The rate rises to it for some steps, then falls to zero as a cosine.
        warm_up: Steps of that rise.
        weight_decay: AdamW's, times the learning rate.
        average: Share of the running average of the weights that each step keeps. The average is what ships.
        seed: Seed of everything that is drawn.
        fields: Whether the network learns fields with their signs; else it learns amounts' digits.
        notes: Of fields the share of numbers that are noted on any paper, 0 to 1.
        begun_with: Name of the network whose weights it begins with; empty: it begins with random ones.
        begun_from: Its SHA-256, or empty.
    """

    rounds: int = 5
    strings: int = 100_000
    passes: int = 2
    batch: int = 96
    learning_rate: float = 2.5e-3
    warm_up: int = 400
    weight_decay: float = 3e-4
    average: float = 0.998
    seed: int = 8
    fields: bool = False
    notes: float = 0.0
    begun_with: str = ""
    begun_from: str = ""

    @property
    def name(self) -> str:
        """Name of the network's files."""
        if not self.fields:
            return "strings"
        return "notes" if self.notes else "fields" if self.begun_from else "fields_first"

    @property
    def steps(self) -> int:
        """Steps of the whole run."""
        return self.rounds * self.passes * (self.strings // self.batch)


@keras.saving.register_keras_serializable("countersign")  # type: ignore[untyped-decorator]
def ctc_loss(signs: Any, scores: Any) -> Any:
    """The negative logarithm of the signs' probability, over all alignments of the signs with the frames.

    Args:
        signs: int, batch × most signs, -1 behind the last.
        scores: float32, batch × 1 × frames × classes, the blank last.

    Returns:
        float32, batch.
    """
    signs = ops.cast(signs, "int32")
    lengths = ops.sum(ops.cast(signs >= 0, "int32"), axis=-1)
    scores = ops.squeeze(scores, axis=1)
    count, frames = ops.shape(scores)[0], ops.shape(scores)[1]
    every = ops.full((count,), frames, dtype="int32")
    return ops.ctc_loss(ops.maximum(signs, 0), scores, lengths, every, mask_index=scores.shape[-1] - 1)


def share_right(model: keras.Model, lines: list[Line]) -> float:
    """Share of lines that are read without an error, by the likeliest sign of each frame."""
    right = 0
    ordered = sorted(lines, key=lambda line: line.pixels.shape[1])
    for start in range(0, len(ordered), _READ_AT_A_TIME):
        batch = ordered[start : start + _READ_AT_A_TIME]
        pixels = np.zeros((len(batch), LINE_HEIGHT, padded_width(batch[-1].pixels.shape[1] + 2 * FRAME), 1), np.float32)
        for row, line in enumerate(batch):
            pixels[row, :, FRAME : FRAME + line.pixels.shape[1], 0] = line.unpacked()
        scores = ops.convert_to_numpy(model(pixels, training=False))[:, 0]
        likeliest, blank = scores.argmax(axis=-1), scores.shape[-1] - 1
        right += sum(_collapse(best, blank) == line.text for best, line in zip(likeliest, batch, strict=True))
    return right / len(lines)


def _collapse(frames: NDArray[np.int64], blank: int) -> str:
    """The text of the frames' signs: repeated ones once, blanks left out."""
    kept = frames[np.flatnonzero(np.diff(frames, prepend=-1))]
    return "".join(SIGNS[sign] for sign in kept if sign != blank)


def compile_network(settings: Settings) -> keras.Model:
    """A new network with its optimiser, its loss and a running average of its weights."""
    keras.utils.set_random_seed(settings.seed)
    model = strings_network(len(SIGNS) + 1) if settings.fields else strings_network()
    rate = keras.optimizers.schedules.CosineDecay(
        0.0,
        max(1, settings.steps - settings.warm_up),
        warmup_target=settings.learning_rate,
        warmup_steps=settings.warm_up,
    )
    optimiser = keras.optimizers.AdamW(
        rate, weight_decay=settings.weight_decay, use_ema=True, ema_momentum=settings.average, clipnorm=5.0
    )
    model.compile(optimizer=optimiser, loss=ctc_loss, jit_compile=False)
    return model


def fit_round(model: keras.Model, lines: list[Line], settings: Settings, number: int, bar: Any) -> float:
    """Train on one round's strings; returns the mean loss."""
    rng = np.random.default_rng((settings.seed, number))
    losses = []
    for _ in range(settings.passes):
        for pixels, signs in batches(lines, settings.batch, rng):
            model.reset_metrics()
            losses.append(float(model.train_on_batch(pixels, signs)))
            bar.update()
    return float(np.mean(losses))


def use_averaged_weights(model: keras.Model) -> list[NDArray[np.float32]]:
    """Put the averaged weights in place; returns the weights with which training goes on."""
    weights = [variable.numpy() for variable in model.trainable_variables]
    model.optimizer.finalize_variable_values(model.trainable_variables)
    return weights


def train(
    settings: Settings, output: Path, compose: Composer, held_out: list[Line], begin: Path | None = None
) -> keras.Model:
    """Train, or resume a run with the same settings that was stopped, and leave its history.

    Args:
        settings: The run's settings.
        output: Folder of the run's state.
        compose: Composes a round's strings.
        held_out: Strings to measure progress on; nothing is chosen by them.
        begin: A shipped network to begin with; None: random weights.

    Returns:
        The network with its averaged weights.
    """
    output.mkdir(parents=True, exist_ok=True)
    state, log = output / f"{settings.name}.state.keras", output / f"{settings.name}.history.json"
    keras.mixed_precision.set_global_policy("mixed_bfloat16" if bfloat16_is_faster() else "float32")
    record: dict[str, Any] = {"settings": asdict(settings), "seconds": 0, "rounds": []}
    model = compile_network(settings)
    if begin is not None:
        size = min(_WARM_START_LINES, len(held_out))
        load_shipped_weights(model, begin, next(batches(held_out, size, np.random.default_rng(settings.seed)))[0])
    if state.exists() and log.exists():
        earlier = json.loads(log.read_text("utf-8"))
        if earlier["settings"] == record["settings"]:
            record = earlier
            model = keras.models.load_model(state, custom_objects={"ctc_loss": ctc_loss})
            sys.stderr.write(f"Going on after round {len(record['rounds'])}\n")
    done = len(record["rounds"])
    with tqdm(
        total=settings.steps, initial=done * settings.steps // settings.rounds, unit="batch", mininterval=5
    ) as bar:
        for number in range(done, settings.rounds):
            started = time.monotonic()
            loss = fit_round(model, compose(number, settings.strings), settings, number, bar)
            right = _share_right_on_average(model, held_out)
            record["seconds"] += round(time.monotonic() - started)
            record["rounds"].append({"loss": round(loss, 5), "held_out_right": round(right, 5)})
            bar.write(f"round {number + 1}: loss {loss:.4f}, {right:.2%} of held-out strings right", file=sys.stderr)
            _save(model, state)
            log.write_text(json.dumps(record, indent=1) + "\n")
    use_averaged_weights(model)
    keras.mixed_precision.set_global_policy("float32")
    return model


def _share_right_on_average(model: keras.Model, held_out: list[Line]) -> float:
    """Share of held-out strings that the averaged weights read right; training resumes with its own weights."""
    weights = use_averaged_weights(model)
    right = share_right(model, held_out)
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
    return right


def _save(model: keras.Model, file: Path) -> None:
    """Save a model whole or not at all."""
    unfinished = file.with_name("unfinished.keras")
    model.save(unfinished)
    unfinished.rename(file)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    defaults = Settings()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=defaults.rounds)
    parser.add_argument("--strings", type=int, default=defaults.strings)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate, help="at its highest")
    parser.add_argument("--begin-from", type=Path, help="a shipped network of the same kind, to learn on from")
    parser.add_argument("--fields", action="store_true", help="fields with their signs")
    parser.add_argument("--notes", type=float, default=defaults.notes, help="of fields: the share on any paper")
    parser.add_argument("--output", type=Path, default=Path("var/training"), help="the run's state, before export")
    parser.add_argument("--models", type=Path, default=MODELS, help="where the exported network and its card go")
    return parser.parse_args(arguments)


def _held_out_lines(writers: Writers, settings: Settings) -> list[Line]:
    rng = np.random.default_rng(settings.seed)
    if not settings.fields:
        return compose_lines(writers, _HELD_OUT, rng)
    return compose_fields(writers, _HELD_OUT, settings.notes, rng)


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    options = _parse(arguments)
    begin: Path | None = options.begin_from
    settings = Settings(
        rounds=options.rounds,
        strings=options.strings,
        learning_rate=options.learning_rate,
        seed=options.seed,
        fields=options.fields,
        notes=options.notes,
        begun_with=begin.name if begin else "",
        begun_from=hashlib.sha256(begin.read_bytes()).hexdigest() if begin else "",
    )
    folder = data_folder()
    digits, held_out = split(load_mnist("train", mnist_folder(folder)))
    more = load_femnist(folder)
    writers = Writers(concatenate(digits, more))
    judged = _held_out_lines(Writers(held_out), settings)
    counts = {"mnist": len(digits.labels), "femnist": len(more.labels)}
    sys.stderr.write(f"Digits to write with: {counts}\n")
    # Processes are forked before TensorFlow starts threads of its own.
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), start_process, (writers,)) as pool:
        rounds = composer(pool, settings.seed, fields=settings.fields, notes=settings.notes)
        model = train(settings, options.output, rounds, judged, begin)
    record = json.loads((options.output / f"{settings.name}.history.json").read_text("utf-8"))
    export_strings(model, {**record, "name": settings.name, "digits": counts}, judged, options.models)


if __name__ == "__main__":
    main()
