"""Export the network of whole strings, or of fields.

A trained Keras network goes in; its LiteRT file, in the form that was chosen on held-out strings, and its card come
out.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from ml.reading.ink.lines import LINE_HEIGHT
from ml.reading.operating_points import wilson
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.export.export_digits import in_float32
from ml.training.fields.lines import Line

STRINGS_LOST = 0.005
"""Share of the held-out strings that a faster form may read worse."""

DATA = {
    "mnist": "MNIST training set, 55,000 of 60,000 (LeCun, Cortes, Burges; CC BY-SA 3.0)",
    "femnist": "Digits of FEMNIST (Caldas et al., from NIST Special Database 19; public domain)",
}


def as_litert(model: keras.Model, small: bool, tall: int = LINE_HEIGHT) -> bytes:
    """The network in LiteRT's format. Input float32, N × tall × width × 1; output float32, N × 1 × width / 4 × classes.

    Args:
        model: The trained network.
        small: Whether weights are int8 and activations quantised as they come; else all is float.
        tall: Height of its lines, in pixels.
    """
    plain = in_float32(model)

    @tf.function(input_signature=[tf.TensorSpec((None, tall, None, 1), tf.float32)])  # type: ignore[untyped-decorator]
    def forward(lines: Any) -> Any:
        return plain(lines, training=False)

    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [convert_variables_to_constants_v2(forward.get_concrete_function())]
    )
    if small:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to store the network, measured on the held-out strings.

    Attributes:
        name: "float" or "dynamic-range".
        network: The file's bytes.
        right: Held-out strings that are read right.
        milliseconds: Time for a line, one at a time, one thread.
    """

    name: str
    network: bytes
    right: int
    milliseconds: float


def measure(name: str, network: bytes, held_out: list[Line]) -> Form:
    """Measure a form's accuracy and speed on the held-out strings."""
    transcriber = Transcriber.from_bytes(network)
    lines = [line.unpacked() for line in held_out]
    transcriber.transcribe(lines[:1])
    started = time.perf_counter()
    texts = [transcriber.transcribe([line])[0].text for line in lines]
    milliseconds = 1000 * (time.perf_counter() - started) / len(lines)
    right = sum(text == line.text for text, line in zip(texts, held_out, strict=True))
    return Form(name, network, right, round(milliseconds, 3))


def choose(forms: list[Form]) -> Form:
    """Choose the fastest of the forms that read about as many held-out strings as the best: 5 in 1,000 may be lost."""
    best = max(form.right for form in forms)
    return min((form for form in forms if form.right >= best * (1 - STRINGS_LOST)), key=lambda form: form.milliseconds)


def export_strings(model: keras.Model, record: dict[str, Any], held_out: list[Line], folder: Path) -> dict[str, Any]:
    """Write `strings.tflite`, `strings.json` and `strings.history.json`, or those of fields; returns the card.

    Args:
        model: The trained network.
        record: The run's history, with the network's name and the digits' counts.
        held_out: Composed strings of held-out digits.
        folder: Folder for the three files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    forms = [measure("float", as_litert(model, small=False), held_out)]
    forms.append(measure("dynamic-range", as_litert(model, small=True), held_out))
    form = choose(forms)
    name = record["name"]
    card = {**_origin(record, form.network), "weights": model.count_params(), **_figures(form, forms, len(held_out))}
    (folder / f"{name}.tflite").write_bytes(form.network)
    (folder / f"{name}.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    (folder / f"{name}.history.json").write_text(json.dumps(record["rounds"], indent=1) + "\n")
    return card


def _origin(record: dict[str, Any], network: bytes) -> dict[str, Any]:
    """The first part of the card: what the network takes and gives, and what it was made of."""
    settings, name = record["settings"], record["name"]
    classes = "0 to 9, of the other signs of ml.reading.forms.signs" if settings["fields"] else "0 to 9"
    options = " ".join(f"--{option} {settings[option]}" for option in ("rounds", "strings", "seed"))
    options += " --fields" if settings["fields"] else ""
    options += f" --notes {settings['notes']}" if settings["notes"] else ""
    if settings["begun_from"]:
        options += f" --learning-rate {settings['learning_rate']} --begin-from {settings['begun_with']}"
    return {
        "sha256": hashlib.sha256(network).hexdigest(),
        "name": name,
        "input": "float32, N × 32 × width × 1, paper 0.0, ink 1.0, from ml.reading.ink.lines",
        "output": f"float32, N × 1 × width / 4 × classes: for each frame scores of {classes} and of the blank",
        "command": f"python -m ml.training.runs.train_strings {options}",
        "date": datetime.now(UTC).date().isoformat(),
        "data": {source: {"what": DATA[source], "count": count} for source, count in record["digits"].items() if count},
        "settings": settings,
        "seconds": record["seconds"],
        "history": f"{name}.history.json",
    }


def _figures(form: Form, forms: list[Form], count: int) -> dict[str, Any]:
    """The last part of the card: the form that was chosen, those that were measured, and the errors.

    Args:
        form: The form that ships.
        forms: All forms.
        count: Strings that the forms were measured on.
    """
    return {
        "form": form.name,
        "forms": [
            {
                "form": measured.name,
                "held_out_right": round(measured.right / count, 5),
                "milliseconds_a_line": measured.milliseconds,
                "bytes": len(measured.network),
            }
            for measured in forms
        ],
        "held_out": {
            "what": "composed strings of MNIST's 5,000 held-out digits and of drawn ones",
            "strings": count,
            "right": round(form.right / count, 5),
            "interval_95": [round(1 - bound, 5) for bound in reversed(wilson(count - form.right, count))],
        },
    }
