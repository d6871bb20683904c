"""From the trained network to the file that we ship, with its card: `python -m ml.training.export.export_digits`."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from ml.reading.elements import GLYPH_SIDE
from ml.training.datasets import Digits, data_folder, load_mnist, mnist_folder, split
from ml.training.export.card import digit_figures, model_card

SHIPPED = Path(__file__).resolve().parents[2] / "models"
ACCURACY_LOST = 0.0004
"""How much of the held-out digits a faster form may read worse: two in 5,000."""

Glyphs = NDArray[np.float32]


def as_float(model: keras.Model) -> bytes:
    """The network in LiteRT's format, float32 throughout. Input float32, N × 28 × 28 × 1; output float32, N × 11."""
    return _converter(model).convert()  # type: ignore[no-any-return]


def as_dynamic_range(model: keras.Model) -> bytes:
    """The same with int8 weights; activations are quantised as they come."""
    converter = _converter(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()  # type: ignore[no-any-return]


def as_int8(model: keras.Model, samples: Glyphs) -> bytes:
    """The same with int8 weights and activations, ranges taken from `samples` (float32, count × 28 × 28)."""
    converter = _converter(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([glyph[None, :, :, None]] for glyph in samples)
    return converter.convert()  # type: ignore[no-any-return]


def in_float32(model: keras.Model) -> keras.Model:
    """The same network with float32 arithmetic throughout: LiteRT knows no bfloat16, in which it may be trained."""

    def plain(layer: keras.Layer) -> keras.Layer:
        return type(layer).from_config({**layer.get_config(), "dtype": "float32"})

    clone = keras.models.clone_model(model, clone_function=plain)
    clone.set_weights(model.get_weights())
    return clone


def _converter(model: keras.Model) -> Any:
    """A converter for the network with its weights as constants: quantisation cannot look into variables."""
    plain = in_float32(model)

    @tf.function(input_signature=[tf.TensorSpec((None, GLYPH_SIDE, GLYPH_SIDE, 1), tf.float32)])  # type: ignore[untyped-decorator]
    def forward(glyphs: Any) -> Any:
        return plain(glyphs, training=False)

    return tf.lite.TFLiteConverter.from_concrete_functions(
        [convert_variables_to_constants_v2(forward.get_concrete_function())]
    )


def probabilities(network: bytes, glyphs: Glyphs, batch: int = 50, threads: int = 1) -> NDArray[np.float32]:
    """What an exported network says of each glyph.

    Args:
        network: A LiteRT file's bytes.
        glyphs: float32, count × 28 × 28.
        batch: How many at a time.
        threads: How many processor threads.

    Returns:
        float32, count × classes; rows sum to one.
    """
    interpreter = Interpreter(model_content=network, num_threads=threads)
    entry, out = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    found, shape = [], None
    for start in range(0, len(glyphs), batch):
        part = np.ascontiguousarray(glyphs[start : start + batch, :, :, None], np.float32)
        if part.shape != shape:
            interpreter.resize_tensor_input(entry, part.shape)
            interpreter.allocate_tensors()
            shape = part.shape
        interpreter.set_tensor(entry, part)
        interpreter.invoke()
        found.append(interpreter.get_tensor(out).copy())
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to store the network, measured on the held-out digits.

    Attributes:
        name: "float", "dynamic-range" or "int8".
        network: The file's bytes.
        error: Share of held-out digits read wrong, or called no digit.
        milliseconds: A digit, in batches of 50, one thread; the best of five.
    """

    name: str
    network: bytes
    error: float
    milliseconds: float


def measured(name: str, network: bytes, held_out: Digits) -> Form:
    """The form's error and speed on the held-out digits."""
    found = probabilities(network, held_out.pixels)
    error = float((found.argmax(axis=1) != held_out.labels).mean())
    some = held_out.pixels[:500]
    times = [_seconds(lambda: probabilities(network, some)) for _ in range(5)]
    return Form(name, network, error, round(min(times) / len(some) * 1000, 4))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def forms(model: keras.Model, digits: Digits, held_out: Digits) -> list[Form]:
    """All three forms, measured. int8's ranges come from training digits."""
    files = {
        "float": as_float(model),
        "dynamic-range": as_dynamic_range(model),
        "int8": as_int8(model, digits.pixels[:500]),
    }
    return [measured(name, network, held_out) for name, network in files.items()]


def chosen(candidates: list[Form]) -> Form:
    """The fastest of those that read the held-out digits about as well as the best does.

    int8 is measured but never chosen: its probabilities come in steps of 1/256, too coarse to tell a sure number from
    a very sure one, and an acceptance threshold stands just there.
    """
    fine = [form for form in candidates if form.name != "int8"]
    best = min(form.error for form in fine)
    return min((f for f in fine if f.error <= best + ACCURACY_LOST), key=lambda form: form.milliseconds)


def ship(form: Form, card: dict[str, Any], folder: Path) -> Path:
    """Write `digits.tflite` and `digits.json` with the network's checksum; returns the network's path."""
    folder.mkdir(parents=True, exist_ok=True)
    card = {"sha256": hashlib.sha256(form.network).hexdigest(), **card}
    _replace(folder / "digits.tflite", form.network)
    _replace(folder / "digits.json", (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode())
    return folder / "digits.tflite"


def _replace(file: Path, data: bytes) -> None:
    """Whole or not at all: who reads meanwhile sees the old file or the new one."""
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.rename(file)


def export(trained: Path, folder: Path) -> dict[str, Any]:
    """Turn what training left into what ships, measure it, and write its card.

    Args:
        trained: Folder with `digits.keras` and `history.json`.
        folder: Where the network, its card and its history go.

    Returns:
        The card.
    """
    data = data_folder()
    digits, held_out = split(load_mnist("train", mnist_folder(data)))
    model = keras.models.load_model(trained / "digits.keras")
    candidates = forms(model, digits, held_out)
    form = chosen(candidates)
    record = json.loads((trained / "history.json").read_text("utf-8"))
    test = load_mnist("t10k", mnist_folder(data))  # read once, now that everything is chosen
    card = model_card(
        record,
        {"weights": model.count_params(), "form": form.name, "forms": [_figures(f) for f in candidates]},
        digit_figures(probabilities(form.network, held_out.pixels), held_out),
        digit_figures(probabilities(form.network, test.pixels), test),
    )
    _replace(ship(form, card, folder).with_name("digits.history.json"), (trained / "history.json").read_bytes())
    return card


def _figures(form: Form) -> dict[str, Any]:
    return {
        "form": form.name,
        "held_out_error": round(form.error, 6),
        "milliseconds_a_digit": form.milliseconds,
        "bytes": len(form.network),
    }


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, default=Path("var/training"))
    parser.add_argument("--models", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    card = export(options.trained, options.models)
    figures = {name: card[name] for name in ("form", "held_out", "mnist_test")}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
