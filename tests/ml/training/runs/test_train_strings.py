"""The run that trains the network of strings: it learns, it can be stopped, and what it exports is what was trained."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import pytest

from ml.reading.forms.signs import SIGNS
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.datasets import Digits
from ml.training.export.export_digits import in_float32
from ml.training.export.export_strings import Form, as_litert, choose, export_strings
from ml.training.fields.amounts import compose_lines
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.fields.writings import compose_writings
from ml.training.runs.networks import strings_network
from ml.training.runs.string_batches import batches
from ml.training.runs.train_strings import Settings, compile_network, ctc_loss, share_right, train

pytestmark = pytest.mark.training
SMALL = Settings(rounds=2, strings=64, passes=2, batch=32, warm_up=2)


@pytest.fixture(scope="module")
def lines(digits: Digits) -> list[Line]:
    return compose_lines(Writers(digits), 64, np.random.default_rng(0))


def test_the_loss_is_that_of_the_digits_alone() -> None:
    scores = np.full((2, 1, 6, 11), -20, np.float32)
    for frame, symbol in enumerate((10, 3, 10, 5, 5, 10)):
        scores[:, 0, frame, symbol] = 20
    right, wrong = np.array([[3, 5, -1]]), np.array([[3, 6, -1]])
    losses = [float(keras.ops.mean(ctc_loss(digits, scores[:1]))) for digits in (right, wrong)]
    assert losses[0] == pytest.approx(0, abs=1e-3)
    assert losses[1] > 20


def test_a_stopped_run_goes_on_where_it_was(
    lines: list[Line], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def compose(number: int, count: int) -> list[Line]:
        asked.append(number)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return lines[:count]

    with pytest.raises(KeyboardInterrupt):
        train(SMALL, tmp_path, compose, lines[:8])
    log = json.loads((tmp_path / "strings.history.json").read_text())
    assert len(log["rounds"]) == 1
    model = train(SMALL, tmp_path, compose, lines[:8])
    assert asked == [0, 1, 1]
    assert "Going on after round 1" in capsys.readouterr().err
    assert int(model.optimizer.iterations) == SMALL.steps == 8
    train(replace(SMALL, rounds=1), tmp_path, compose, lines[:8])  # other settings: another run
    assert asked == [0, 1, 1, 0]


def test_the_network_learns_a_few_strings(digits: Digits) -> None:
    few = compose_lines(Writers(digits), 8, np.random.default_rng(1))
    keras.utils.set_random_seed(1)
    model = strings_network()
    model.compile(optimizer=keras.optimizers.Adam(3e-3), loss=ctc_loss, jit_compile=False)
    (batch,) = batches(few, 8, np.random.default_rng(0))
    losses = [float(model.train_on_batch(*batch)) for _ in range(40)]
    assert losses[-1] < 0.5 * losses[0]


def test_what_is_exported_reads_as_what_was_trained(lines: list[Line], tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    model = compile_network(Settings())  # as training leaves it, with its loss
    record = {
        "settings": asdict(Settings(rounds=1, strings=64)),
        "seconds": 1,
        "rounds": [],
        "name": "strings",
        "digits": {"mnist": 64, "femnist": 0},
    }
    card = export_strings(model, record, lines[:16], tmp_path)
    assert card["held_out"]["right"] == pytest.approx(share_right(model, lines[:16]), abs=0.07)
    assert list(card["data"]) == ["mnist"]
    transcriber = Transcriber.load(tmp_path / "strings.tflite")
    assert transcriber.sha256 == card["sha256"]


def test_a_network_of_fields_is_trained_and_exported_with_every_sign(digits: Digits, tmp_path: Path) -> None:
    lines = compose_writings(Writers(digits), 32, np.random.default_rng(4))
    settings = replace(SMALL, fields=True, notes=0.5, rounds=1, strings=32, passes=1)
    model = train(settings, tmp_path / "run", lambda number, count: lines[:count], lines[:4])
    record = json.loads((tmp_path / "run" / "notes.history.json").read_text())
    card = export_strings(model, {**record, "name": settings.name, "digits": {"mnist": 64}}, lines[:8], tmp_path)
    assert card["name"] == "notes"
    assert card["command"].endswith("--fields --notes 0.5")
    transcriber = Transcriber.load(tmp_path / "notes.tflite")
    assert transcriber.sha256 == card["sha256"]
    assert transcriber.network._run([lines[0].unpacked()]).shape[-1] == len(SIGNS) + 1
    assert not list(tmp_path.rglob("strings.*"))


def test_exported_scores_are_the_networks(lines: list[Line]) -> None:
    model = in_float32(strings_network())
    pixels = np.zeros((1, 32, 64, 1), np.float32)
    pixels[0, :, :24, 0] = lines[0].unpacked()[:, :24]
    expected = keras.ops.convert_to_numpy(model(pixels, training=False))[0, 0]
    found = Transcriber.from_bytes(as_litert(model, small=False)).network._run([pixels[0, :, 4:60, 0]])
    assert found.shape == (1, 16, 11)
    again = keras.ops.convert_to_numpy(
        model(np.pad(pixels[:, :, 4:60], ((0, 0), (0, 0), (4, 4), (0, 0))), training=False)
    )
    np.testing.assert_allclose(found[0], again[0, 0], atol=1e-3)
    assert expected.shape == found[0].shape


def test_the_faster_form_ships_if_it_reads_about_as_well() -> None:
    plain = Form("float", b"", 1800, 0.9)
    assert choose([plain, Form("dynamic-range", b"", 1798, 0.4)]).name == "dynamic-range"
    assert choose([plain, Form("dynamic-range", b"", 1780, 0.4)]).name == "float"
    assert choose([plain, Form("dynamic-range", b"", 1805, 1.4)]).name == "float"
