"""Train the network of whole strings: `python -m ml.training.runs.train_strings`.

With `--fields` it trains the network of digits and signs.

Reads top to bottom: settings, data, rounds of composing and fitting, export. A run that was stopped goes on after its
last whole round. Real amounts are never trained on; MNIST's test digits are not opened here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "true")

import keras
import numpy as np
from keras import ops
from numpy.random import Generator
from numpy.typing import NDArray
from tqdm import tqdm

from ml.reading.forms.signs import SIGNS
from ml.reading.ink.lines import FRAME, LINE_HEIGHT, padded_width
from ml.reading.operating_points import MODELS
from ml.training.datasets import data_folder, load_mnist, load_more_digits, mnist_folder, split, together
from ml.training.export.export_strings import export_strings
from ml.training.fields.amounts import Line, Writers, compose_lines
from ml.training.fields.writings import compose_writings
from ml.training.runs.networks import strings_network
from ml.training.runs.resume import take_over
from ml.training.runs.train_digits import processor_gains_from_bfloat16

_PART = 2_500
"""Strings that a process composes at a time."""

_HELD_OUT, _TOGETHER, _TO_BEGIN = 2_000, 100, 200

Composer = Callable[[int, int], list[Line]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run follows from.

    Attributes:
        rounds: How often new strings are composed.
        strings: In a round.
        passes: Over a round's strings, before the next are composed; composing takes a third of the time otherwise.
        batch: Strings a step.
        learning_rate: At its highest; rises for some steps, then falls to nothing as a cosine.
        warm_up: Steps of that rise.
        weight_decay: AdamW's, times the learning rate.
        average: How much of the running average of the weights each step keeps; the average is what ships.
        seed: Of everything that is drawn.
        fields: The network learns fields with their signs; else amounts' digits.
        begun_from: SHA-256 of the network whose weights it begins with; empty: it begins with none.
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
    begun_from: str = ""

    @property
    def name(self) -> str:
        """Of the network's files."""
        return "strings" if not self.fields else "fields" if self.begun_from else "fields_first"

    @property
    def steps(self) -> int:
        """Of the whole run."""
        return self.rounds * self.passes * (self.strings // self.batch)


@keras.saving.register_keras_serializable("countersign")  # type: ignore[untyped-decorator]
def ctc_loss(digits: Any, scores: Any) -> Any:
    """The negative logarithm of what the network gives the digits, over all ways to spread them over the frames.

    Args:
        digits: int, batch × most digits, -1 behind the last.
        scores: float32, batch × 1 × frames × classes, the blank last.
    """
    digits = ops.cast(digits, "int32")
    lengths = ops.sum(ops.cast(digits >= 0, "int32"), axis=-1)
    scores = ops.squeeze(scores, axis=1)
    count, frames = ops.shape(scores)[0], ops.shape(scores)[1]
    every = ops.full((count,), frames, dtype="int32")
    return ops.ctc_loss(ops.maximum(digits, 0), scores, lengths, every, mask_index=scores.shape[-1] - 1)


def batches(lines: list[Line], size: int, rng: Generator) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """All lines once, in batches of like width, in any order; contrast, noise and place vary.

    Yields:
        float32, size × 32 × width × 1, and int32, size × most signs, -1 behind the last.
    """
    most = max(len(line.digits) for line in lines)
    widths = np.array([line.pixels.shape[1] for line in lines]) + rng.uniform(-8, 8, len(lines))
    whole = len(lines) // size
    order = np.argsort(widths)[: whole * size].reshape(whole, size)
    for chosen in order[rng.permutation(whole)]:
        own = [lines[index] for index in chosen]
        width = padded_width(max(line.pixels.shape[1] for line in own) + 8)
        pixels = np.zeros((size, LINE_HEIGHT, width), np.float32)
        digits = np.full((size, most), -1, np.int32)
        for row, line in enumerate(own):
            start = int(rng.integers(0, 9))
            pixels[row, :, start : start + line.pixels.shape[1]] = line.unpacked()
            digits[row, : len(line.digits)] = [SIGNS.index(sign) for sign in line.digits]
        pixels *= rng.uniform(0.75, 1.25, (size, 1, 1)).astype(np.float32)
        pixels += rng.normal(0, 0.06, pixels.shape).astype(np.float32)
        yield pixels[..., None], digits


def share_right(model: keras.Model, lines: list[Line]) -> float:
    """Of lines read whole, by the likeliest symbol of each frame."""
    right = 0
    ordered = sorted(lines, key=lambda line: line.pixels.shape[1])
    for start in range(0, len(ordered), _TOGETHER):
        own = ordered[start : start + _TOGETHER]
        pixels = np.zeros((len(own), LINE_HEIGHT, padded_width(own[-1].pixels.shape[1] + 2 * FRAME), 1), np.float32)
        for row, line in enumerate(own):
            pixels[row, :, FRAME : FRAME + line.pixels.shape[1], 0] = line.unpacked()
        scores = ops.convert_to_numpy(model(pixels, training=False))[:, 0]
        symbols, blank = scores.argmax(axis=-1), scores.shape[-1] - 1
        right += sum(_spelled(best, blank) == line.digits for best, line in zip(symbols, own, strict=True))
    return right / len(lines)


def _spelled(symbols: NDArray[np.int64], blank: int) -> str:
    """Frames as signs: repeats once, blanks not at all."""
    kept = symbols[np.flatnonzero(np.diff(symbols, prepend=-1))]
    return "".join(SIGNS[symbol] for symbol in kept if symbol != blank)


def compiled(settings: Settings) -> keras.Model:
    """The network with optimiser, loss and the average of its weights."""
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
    """One round's passes; returns the mean loss."""
    rng = np.random.default_rng((settings.seed, number))
    losses = []
    for _ in range(settings.passes):
        for pixels, digits in batches(lines, settings.batch, rng):
            model.reset_metrics()
            losses.append(float(model.train_on_batch(pixels, digits)))
            bar.update()
    return float(np.mean(losses))


def averaged(model: keras.Model) -> list[NDArray[np.float32]]:
    """Put the averaged weights in place; returns those that training goes on with."""
    kept = [variable.numpy() for variable in model.trainable_variables]
    model.optimizer.finalize_variable_values(model.trainable_variables)
    return kept


def train(
    settings: Settings, output: Path, compose: Composer, held_out: list[Line], begin: Path | None = None
) -> keras.Model:
    """Train, or go on where an earlier run with the same settings stopped, and leave its history.

    Args:
        settings: Of the run.
        output: Folder of the run's state.
        compose: Given a round's number and a count, its strings.
        held_out: Strings to say how it goes; nothing is chosen by them.
        begin: A shipped network whose weights it begins with; None: with none.

    Returns:
        The network with its averaged weights.
    """
    output.mkdir(parents=True, exist_ok=True)
    state, log = output / f"{settings.name}.state.keras", output / f"{settings.name}.history.json"
    keras.mixed_precision.set_global_policy("mixed_bfloat16" if processor_gains_from_bfloat16() else "float32")
    record: dict[str, Any] = {"settings": asdict(settings), "seconds": 0, "rounds": []}
    model = compiled(settings)
    if begin is not None:
        size = min(_TO_BEGIN, len(held_out))
        take_over(model, begin, next(batches(held_out, size, np.random.default_rng(settings.seed)))[0])
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
            kept = averaged(model)
            right = share_right(model, held_out)
            for variable, value in zip(model.trainable_variables, kept, strict=True):
                variable.assign(value)
            record["seconds"] += round(time.monotonic() - started)
            record["rounds"].append({"loss": round(loss, 5), "held_out_right": round(right, 5)})
            bar.write(f"round {number + 1}: loss {loss:.4f}, {right:.2%} of held-out strings right", file=sys.stderr)
            _keep(model, state)
            log.write_text(json.dumps(record, indent=1) + "\n")
    averaged(model)
    keras.mixed_precision.set_global_policy("float32")
    return model


def _keep(model: keras.Model, file: Path) -> None:
    """Whole or not at all."""
    unfinished = file.with_name("unfinished.keras")
    model.save(unfinished)
    unfinished.rename(file)


_writers: Writers


def _begin(writers: Writers) -> None:
    global _writers  # a process of the pool keeps its digits
    _writers = writers


def _part(task: tuple[bool, int, int, int, int]) -> list[Line]:
    fields, *seed, count = task
    compose = compose_writings if fields else compose_lines
    return compose(_writers, count, np.random.default_rng(seed))


def composer(pool: Pool, settings: Settings) -> Composer:
    """Composes a round's strings in the pool's processes; the same whatever their number."""

    def compose(number: int, count: int) -> list[Line]:
        own = settings.fields, settings.seed, number
        parts = [(*own, part, min(_PART, count - part)) for part in range(0, count, _PART)]
        return [line for lines in pool.imap(_part, parts) for line in lines]

    return compose


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    defaults = Settings()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=defaults.rounds)
    parser.add_argument("--strings", type=int, default=defaults.strings)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate, help="at its highest")
    parser.add_argument("--begin-from", type=Path, help="a shipped network of the same kind, to learn on from")
    parser.add_argument("--fields", action="store_true", help="fields with their signs")
    parser.add_argument("--output", type=Path, default=Path("var/training"), help="the run's state, before export")
    parser.add_argument("--models", type=Path, default=MODELS, help="where the exported network and its card go")
    options = parser.parse_args(arguments)
    begin: Path | None = options.begin_from
    settings = Settings(
        rounds=options.rounds,
        strings=options.strings,
        learning_rate=options.learning_rate,
        seed=options.seed,
        fields=options.fields,
        begun_from=hashlib.sha256(begin.read_bytes()).hexdigest() if begin else "",
    )
    folder = data_folder()
    digits, held_out = split(load_mnist("train", mnist_folder(folder)))
    more = load_more_digits(folder)
    writers = Writers(together(digits, more))
    compose = compose_writings if settings.fields else compose_lines
    judged = compose(Writers(held_out), _HELD_OUT, np.random.default_rng(settings.seed))
    counts = {"mnist": len(digits.labels), "femnist": len(more.labels)}
    sys.stderr.write(f"Digits to write with: {counts}\n")
    # Before TensorFlow starts threads of its own.
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), _begin, (writers,)) as pool:
        model = train(settings, options.output, composer(pool, settings), judged, begin)
    record = json.loads((options.output / f"{settings.name}.history.json").read_text("utf-8"))
    export_strings(model, {**record, "name": settings.name, "digits": counts}, judged, options.models)


if __name__ == "__main__":
    main()
