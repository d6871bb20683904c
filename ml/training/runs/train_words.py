"""Train the network of words: `python -m ml.training.runs.train_words --fonts FOLDER`.

Lines with amounts in words that our code composes in fonts of handwriting go in; the network's file and its card come
out. It is measured on families of fonts, and on digits, that it was not trained on. No real line taught it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Both must be set before TensorFlow is imported: see `ml.training.runs.train_digits`.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "true")

import keras
import numpy as np
import tensorflow as tf

from ml.reading.operating_points import wilson
from ml.reading.recognisers.line_network import WORDS_HEIGHT
from ml.reading.words.alphabet import SIGNS
from ml.training.export.export_strings import as_litert
from ml.training.runs.networks import words_network
from ml.training.runs.train_digits import bfloat16_is_faster
from ml.training.runs.train_strings import use_averaged_weights
from ml.training.runs.warm_start import load_shipped_weights
from ml.training.runs.word_batches import batches, load_lines, save_lines
from ml.training.words.fonts import HandFont, fonts_folder
from ml.training.words.judge import errors
from ml.training.words.lines import Sources, WordLine, compose_lines
from ml.training.words.sources import known_and_unseen

_HELD_OUT_SEED = 91
_PART = 7_000
"""Lines of one seed; the next ones have the next seed."""

_WARM_START_LINES = 200
"""Lines on which a warm start measures the range of each layer's outputs."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a training run depends on.

    Attributes:
        lines: Lines to train on.
        held_out: Lines to measure on, of each kind.
        epochs: Passes over the lines.
        batch: Lines in a step.
        learning_rate: The highest one. The rate rises to it for some steps, then falls to zero as a cosine.
        warm_up: Those steps.
        weight_decay: Of AdamW.
        average: Momentum of the running average of the weights, which is what ships.
        seed: Of everything that is drawn.
        begun_with: File of the shipped network with which learning goes on; empty: random weights.
        begun_from: Its SHA-256.
    """

    lines: int = 21_000
    held_out: int = 800
    epochs: int = 5
    batch: int = 32
    learning_rate: float = 2e-3
    warm_up: int = 200
    weight_decay: float = 1e-3
    average: float = 0.998
    seed: int = 17
    begun_with: str = ""
    begun_from: str = ""

    @property
    def steps(self) -> int:
        """Steps of the whole run."""
        return max(1, self.epochs * (self.lines // self.batch))


def ctc_loss(signs: Any, scores: Any) -> Any:
    """The negative logarithm of the signs' probability, over all alignments of the signs with the frames.

    As `ml.training.runs.train_strings.ctc_loss`, which for lines as long as these makes a step 2.5 times as long.

    Args:
        signs: int32, batch × most signs, -1 behind the last.
        scores: float32, batch × 1 × frames × classes, the blank last.

    Returns:
        float32, batch.
    """
    signs, scores = tf.cast(signs, tf.int32), scores[:, 0]
    places = tf.where(signs >= 0)
    sparse = tf.SparseTensor(places, tf.gather_nd(signs, places), tf.shape(signs, out_type=tf.int64))
    frames = tf.fill((tf.shape(scores)[0],), tf.shape(scores)[1])
    blank = scores.shape[-1] - 1
    return tf.nn.ctc_loss(sparse, tf.transpose(scores, (1, 0, 2)), None, frames, blank_index=blank)


def trained(
    lines: Sequence[WordLine], settings: Settings, output: Path | None = None, begin: Path | None = None
) -> keras.Model:
    """Train a network; it leaves with the average of its weights.

    Args:
        lines: Packed lines.
        settings: The run's settings.
        output: Folder in which each epoch leaves the network as it stands, to watch the run by.
        begin: A shipped network to begin with; None: random weights.
    """
    keras.utils.set_random_seed(settings.seed)
    keras.mixed_precision.set_global_policy("mixed_bfloat16" if bfloat16_is_faster() else "float32")
    model = words_network(len(SIGNS) + 1)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0,
        max(1, settings.steps - settings.warm_up),
        warmup_target=settings.learning_rate,
        warmup_steps=settings.warm_up,
    )
    optimiser = keras.optimizers.AdamW(
        rate, weight_decay=settings.weight_decay, use_ema=True, ema_momentum=settings.average, clipnorm=5.0
    )
    model.compile(optimiser, ctc_loss, jit_compile=False)
    rng, started = np.random.default_rng(settings.seed), time.monotonic()
    if begin is not None:
        load_shipped_weights(model, begin, next(batches(lines, min(_WARM_START_LINES, len(lines)), rng))[0])
    for epoch in range(settings.epochs):
        losses = []
        for pixels, signs in batches(lines, settings.batch, rng, short_first=epoch == 0 and begin is None):
            model.reset_metrics()
            losses.append(float(model.train_on_batch(pixels, signs)))
            if len(losses) % 100 == 0:
                recent, seconds = float(np.mean(losses[-100:])), time.monotonic() - started
                sys.stderr.write(f"epoch {epoch + 1}, step {len(losses)}: loss {recent:.3f}, {seconds:.0f} s\n")
        if output is not None:
            _leave(model, output / f"words.{epoch + 1}.tflite")
    use_averaged_weights(model)
    keras.mixed_precision.set_global_policy("float32")
    return model


def _leave(model: keras.Model, file: Path) -> None:
    """Write the network with its averaged weights; training resumes with its own."""
    weights = use_averaged_weights(model)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(as_litert(model, small=True, tall=WORDS_HEIGHT))
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)


def drawn(source: Sources, settings: Settings, keep: Path | None) -> list[WordLine]:
    """The lines to train on: from the file that an earlier run left, else composed, and kept where a file is named."""
    if keep is not None and keep.exists():
        return load_lines(keep)
    lines: list[WordLine] = []
    for part, start in enumerate(range(0, settings.lines, _PART)):
        lines += compose_lines(source, min(_PART, settings.lines - start), settings.seed + part)
    if keep is not None:
        save_lines(lines, keep)
    return lines


def named(fonts: Sequence[HandFont]) -> list[dict[str, str]]:
    """The fonts as a card names them."""
    return [{"family": f.family, "package": f.package, "version": f.version, "licence": f.licence} for f in fonts]


def figures(network: bytes, unseen: Sources, settings: Settings) -> dict[str, Any]:
    """Errors on held-out families, on clean lines and on hard ones, and the time for a line of 1,280 pixels."""
    counted: dict[str, Any] = {"families": len(unseen.fonts)}
    for name, clean in (("clean", True), ("hard", False)):
        lines = list(compose_lines(unseen, settings.held_out, _HELD_OUT_SEED, clean=clean))
        found = errors(network, lines)
        low, high = wilson(found.right, len(lines))
        counted[name] = {
            "lines": len(lines),
            "letter_error_rate": round(found.letters_wrong / found.letters, 5),
            "lines_right": round(found.right / len(lines), 5),
            "interval_95": [round(low, 5), round(high, 5)],
        }
        counted["milliseconds_for_1280_pixels"] = round(found.milliseconds, 2)
    return counted


def _command(settings: Settings) -> str:
    names = ("lines", "epochs", "seed", "learning_rate")
    options = " ".join(f"--{name.replace('_', '-')} {getattr(settings, name)}" for name in names)
    begun = f" --begin-from {settings.begun_with}" if settings.begun_with else ""
    return f"python -m ml.training.runs.train_words {options}{begun}"


def _origin(network: bytes, settings: Settings, known: Sources, unseen: Sources) -> dict[str, Any]:
    """The first part of the card: what the network takes and gives, and what it was made of."""
    return {
        "sha256": hashlib.sha256(network).hexdigest(),
        "name": "words",
        "input": f"float32, N × {WORDS_HEIGHT} × width × 1, paper 0.0, ink 1.0, from ml.reading.ink.lines",
        "output": f"float32, N × 1 × width / 4 × {len(SIGNS) + 1}: for each frame scores of the signs and of the blank",
        "signs": SIGNS,
        "command": _command(settings),
        "date": datetime.now(UTC).date().isoformat(),
        "data": "Amounts in words and other words, composed by ml.training.words.lines in fonts of handwriting, digits "
        "of MNIST's training set (LeCun, Cortes, Burges; CC BY-SA 3.0) and "
        f"{len(known.faces)} free typefaces",
        "fonts": {"trained": named(known.fonts), "held_out": named(unseen.fonts)},
        "settings": asdict(settings),
    }


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    defaults = Settings()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, help="where `npm install` put the fonts; else COUNTERSIGN_FONTS")
    parser.add_argument("--lines", type=int, default=defaults.lines)
    parser.add_argument("--epochs", type=int, default=defaults.epochs)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate, help="at its highest")
    parser.add_argument("--begin-from", type=Path, help="a shipped network of words, to learn on from")
    parser.add_argument("--keep", type=Path, help="a file that keeps the drawn lines for another run")
    parser.add_argument("--output", type=Path, default=Path("var/training"), help="where each epoch leaves a network")
    parser.add_argument("--models", type=Path, default=Path("var/training"), help="where the network and its card go")
    options = parser.parse_args(arguments)
    begin: Path | None = options.begin_from
    settings = Settings(
        lines=options.lines,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        seed=options.seed,
        begun_with=begin.name if begin else "",
        begun_from=hashlib.sha256(begin.read_bytes()).hexdigest() if begin else "",
    )
    started = time.monotonic()
    known, unseen = known_and_unseen(fonts_folder(options.fonts))
    model = trained(drawn(known, settings, options.keep), settings, options.output, begin)
    seconds = round(time.monotonic() - started)
    network = as_litert(model, small=True, tall=WORDS_HEIGHT)
    card = {
        **_origin(network, settings, known, unseen),
        "seconds": seconds,
        "weights": model.count_params(),
        "held_out": figures(network, unseen, settings),
    }
    (options.models / "words.tflite").write_bytes(network)
    (options.models / "words.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.write(json.dumps(card["held_out"], indent=2) + "\n")


if __name__ == "__main__":
    main()
