"""Export the network of digits: `python -m ml.training.export.export_digits`.

A trained Keras network goes in; its LiteRT file, in the form that was chosen on held-out digits, and its card come out.
"""

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
from ml.reading.operating_points import MODELS
from ml.training.datasets import Digits, data_folder, load_mnist, mnist_folder, split
from ml.training.export.card import digit_figures, model_card

ACCURACY_LOST = 0.0004
"""Share of the held-out digits that a faster form may read worse: two in 5,000."""

Glyphs = NDArray[np.float32]


def as_float(model: keras.Model) -> bytes:
    """The network in LiteRT's format, float32 throughout. Input float32, N × 28 × 28 × 1; output float32, N × 11."""
    return _converter(model).convert()  # type: ignore[no-any-return]


def as_dynamic_range(model: keras.Model) -> bytes:
    """As `as_float`, with int8 weights; activations are quantised as they come."""
    converter = _converter(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()  # type: ignore[no-any-return]


def as_int8(model: keras.Model, samples: Glyphs) -> bytes:
    """As `as_float`, with int8 weights and activations, their ranges from `samples` (float32, count × 28 × 28)."""
    converter = _converter(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([glyph[None, :, :, None]] for glyph in samples)
    return converter.convert()  # type: ignore[no-any-return]


def in_float32(model: keras.Model) -> keras.Model:
    """The network with float32 arithmetic throughout. It may be trained in bfloat16, which LiteRT does not know."""

    def plain(layer: keras.Layer) -> keras.Layer:
        return type(layer).from_config({**layer.get_config(), "dtype": "float32"})

    clone = keras.models.clone_model(model, clone_function=plain)
    clone.set_weights(model.get_weights())
    return clone


def _converter(model: keras.Model) -> Any:
    """A converter for the network with its weights as constants, since quantisation cannot look into variables."""
    plain = in_float32(model)

    @tf.function(input_signature=[tf.TensorSpec((None, GLYPH_SIDE, GLYPH_SIDE, 1), tf.float32)])  # type: ignore[untyped-decorator]
    def forward(glyphs: Any) -> Any:
        return plain(glyphs, training=False)

    return tf.lite.TFLiteConverter.from_concrete_functions(
        [convert_variables_to_constants_v2(forward.get_concrete_function())]
    )


def probabilities(network: bytes, glyphs: Glyphs, batch: int = 50, threads: int = 1) -> NDArray[np.float32]:
    """Classify glyphs with an exported network.

    Args:
        network: A LiteRT file's bytes.
        glyphs: float32, count × 28 × 28.
        batch: Glyphs at a time.
        threads: Processor threads.

    Returns:
        float32, count × classes; rows sum to one.
    """
    interpreter = Interpreter(model_content=network, num_threads=threads)
    entry, out = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    chances, shape = [], None
    for start in range(0, len(glyphs), batch):
        part = np.ascontiguousarray(glyphs[start : start + batch, :, :, None], np.float32)
        if part.shape != shape:
            interpreter.resize_tensor_input(entry, part.shape)
            interpreter.allocate_tensors()
            shape = part.shape
        interpreter.set_tensor(entry, part)
        interpreter.invoke()
        chances.append(interpreter.get_tensor(out).copy())
    return np.concatenate(chances)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to store the network, measured on the held-out digits.

    Attributes:
        name: "float", "dynamic-range" or "int8".
        network: The file's bytes.
        error: Share of held-out digits read wrong, or called no digit.
        milliseconds: Time for a digit, in batches of 50, one thread; the best of five.
    """

    name: str
    network: bytes
    error: float
    milliseconds: float


def measure(name: str, network: bytes, held_out: Digits) -> Form:
    """Measure a form's error and speed on the held-out digits."""
    chances = probabilities(network, held_out.pixels)
    error = float((chances.argmax(axis=1) != held_out.labels).mean())
    some = held_out.pixels[:500]
    times = [_seconds(lambda: probabilities(network, some)) for _ in range(5)]
    return Form(name, network, error, round(min(times) / len(some) * 1000, 4))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure_forms(model: keras.Model, digits: Digits, held_out: Digits) -> list[Form]:
    """Export the network in all three forms and measure them. int8's ranges come from training digits."""
    files = {
        "float": as_float(model),
        "dynamic-range": as_dynamic_range(model),
        "int8": as_int8(model, digits.pixels[:500]),
    }
    return [measure(name, network, held_out) for name, network in files.items()]


def choose(forms: list[Form]) -> Form:
    """Choose the fastest of the forms that read the held-out digits about as well as the best does.

    int8 is measured but never chosen. Its probabilities come in steps of 1/256. That is too coarse to tell a sure
    number from a very sure one, and the acceptance threshold is just there.
    """
    fine = [form for form in forms if form.name != "int8"]
    best = min(form.error for form in fine)
    return min((form for form in fine if form.error <= best + ACCURACY_LOST), key=lambda form: form.milliseconds)


def ship(form: Form, card: dict[str, Any], folder: Path) -> Path:
    """Write `digits.tflite` and `digits.json` with the network's checksum; returns the network's path."""
    folder.mkdir(parents=True, exist_ok=True)
    card = {"sha256": hashlib.sha256(form.network).hexdigest(), **card}
    _write_whole(folder / "digits.tflite", form.network)
    _write_whole(folder / "digits.json", (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode())
    return folder / "digits.tflite"


def _write_whole(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: a program that reads meanwhile sees the old file or the new one."""
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.rename(file)


def export(trained: Path, folder: Path) -> dict[str, Any]:
    """Turn the trained network into the file that ships, measure it, and write its card.

    Args:
        trained: Folder with `digits.keras` and `history.json`.
        folder: Folder for the network, its card and its history.

    Returns:
        The card.
    """
    data = data_folder()
    digits, held_out = split(load_mnist("train", mnist_folder(data)))
    model = keras.models.load_model(trained / "digits.keras")
    forms = measure_forms(model, digits, held_out)
    form = choose(forms)
    record = json.loads((trained / "history.json").read_text("utf-8"))
    test = load_mnist("t10k", mnist_folder(data))  # read once, now that everything is chosen
    card = model_card(
        record,
        {"weights": model.count_params(), "form": form.name, "forms": [_figures(measured) for measured in forms]},
        digit_figures(probabilities(form.network, held_out.pixels), held_out),
        digit_figures(probabilities(form.network, test.pixels), test),
    )
    _write_whole(ship(form, card, folder).with_name("digits.history.json"), (trained / "history.json").read_bytes())
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
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args(arguments)
    card = export(options.trained, options.models)
    figures = {name: card[name] for name in ("form", "held_out", "mnist_test")}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
