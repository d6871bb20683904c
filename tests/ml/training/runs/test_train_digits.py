"""A smoke fit on 64 digits, and the way from there to a file that the reader loads."""

from pathlib import Path

import keras
import numpy as np
import pytest

from ml.reading.elements import NO_DIGIT, Box, Glyph
from ml.reading.recognisers.classify import Classifier
from ml.training.datasets import Digits
from ml.training.export.export_digits import (
    Form,
    as_dynamic_range,
    as_float,
    as_int8,
    choose,
    in_float32,
    measure_forms,
    probabilities,
    ship,
)
from ml.training.runs.digit_batches import Batches
from ml.training.runs.networks import CLASSES, digits_network, report_network
from ml.training.runs.train_digits import Progress, Settings, called_no_digit, compile_network, fit

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def trained(digits: Digits, tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, dict[str, list[float]]]:
    """Our network after six epochs of eight batches."""
    file = tmp_path_factory.mktemp("trained") / "digits.keras"
    marks = np.random.default_rng(0).random((20, 28, 28)).astype(np.float32)
    settings = Settings(epochs=6, batch=8, average=0.5, seed=1)
    history = fit(digits, digits, digits, [marks], settings, file)
    return keras.models.load_model(file), history


def test_loss_falls_on_64_digits(trained: tuple[keras.Model, dict[str, list[float]]]) -> None:
    losses = trained[1]["loss"]
    assert len(losses) == 6
    assert losses[-1] < 0.8 * losses[0]


def test_the_last_epochs_average_is_what_is_kept(
    trained: tuple[keras.Model, dict[str, list[float]]], digits: Digits
) -> None:
    model, history = trained
    loss = model.evaluate(digits.pixels[..., None], digits.labels, verbose=0)[0]
    assert loss == pytest.approx(history["val_loss"][-1], rel=0.01)


def test_a_stopped_run_goes_on_after_its_last_whole_epoch(
    digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = [np.random.default_rng(0).random((20, 28, 28)).astype(np.float32)]
    settings = Settings(epochs=4, batch=8, average=0.5, seed=1)
    file = tmp_path / "digits.keras"
    begun: list[int] = []

    class Stopped(Exception):
        pass

    def stop(progress: Progress, epoch: int, logs: dict[str, float] | None = None) -> None:
        if epoch == 1:
            raise Stopped

    begin = Batches.begin
    monkeypatch.setattr(Batches, "begin", lambda batches, epoch: (begun.append(epoch), begin(batches, epoch)))
    with monkeypatch.context() as patched:
        patched.setattr(Progress, "on_epoch_end", stop)
        with pytest.raises(Stopped):
            fit(digits, digits, digits, marks, settings, file)
    history = fit(digits, digits, digits, marks, settings, file)
    assert begun == [0, 1, 2, 3]
    assert len(history["loss"]) == 4
    assert history["loss"][2] < 0.8 * history["loss"][0]  # it did not begin anew
    assert not list(tmp_path.glob("digits.*[0-9a-f]/"))


def test_a_run_with_other_settings_does_not_go_on_with_a_stopped_ones_weights(
    digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = [np.random.default_rng(0).random((20, 28, 28)).astype(np.float32)]

    def stop(progress: Progress, epoch: int, logs: dict[str, float] | None = None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Progress, "on_epoch_end", stop)
        with pytest.raises(KeyboardInterrupt):
            fit(digits, digits, digits, marks, Settings(epochs=3, batch=8, seed=1), tmp_path / "digits.keras")
    history = fit(digits, digits, digits, marks, Settings(epochs=2, batch=8, seed=2), tmp_path / "digits.keras")
    assert len(history["loss"]) == 2


def test_marks_that_a_first_network_takes_for_digits_are_sorted_out(digits: Digits) -> None:
    heavy = keras.layers.Dense(CLASSES, activation="softmax")
    first = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), heavy])
    says_none_of_much_ink = np.zeros((28 * 28, CLASSES), np.float32)
    says_none_of_much_ink[:, NO_DIGIT] = 0.1
    heavy.set_weights([says_none_of_much_ink, np.where(np.arange(CLASSES) == NO_DIGIT, -40.0, 0.0)])
    blots = np.ones((3, 28, 28), np.float32)
    found = called_no_digit(np.concatenate([digits.pixels[:5], blots]), first)
    assert found.tolist() == [False] * 5 + [True] * 3


def test_one_epoch_warms_up_too() -> None:
    rate = compile_network(digits_network(), Settings(epochs=1), steps=10).optimizer._learning_rate
    assert float(rate(0)) == 0
    assert float(rate(5)) == pytest.approx(Settings().learning_rate)
    assert float(rate(10)) == pytest.approx(0, abs=1e-9)


def test_export_says_what_the_network_says(trained: tuple[keras.Model, dict[str, list[float]]], digits: Digits) -> None:
    expected = in_float32(trained[0]).predict(digits.pixels[..., None], verbose=0)
    found = probabilities(as_float(trained[0]), digits.pixels, batch=50)
    assert found.shape == (64, CLASSES)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_network_trained_in_bfloat16_is_exported_in_float32(digits: Digits) -> None:
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        model = digits_network()
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert model.layers[1].compute_dtype == "bfloat16"
    found = probabilities(as_float(model), digits.pixels)
    np.testing.assert_allclose(found, in_float32(model).predict(digits.pixels[..., None], verbose=0), atol=1e-4)


def test_quantised_exports_stay_close(trained: tuple[keras.Model, dict[str, list[float]]], digits: Digits) -> None:
    expected = in_float32(trained[0]).predict(digits.pixels[..., None], verbose=0)
    for network in (as_dynamic_range(trained[0]), as_int8(trained[0], digits.pixels)):
        found = probabilities(network, digits.pixels)
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=0.02)
        assert np.abs(found - expected).max() < 0.15


def test_reader_loads_what_was_shipped(
    trained: tuple[keras.Model, dict[str, list[float]]], digits: Digits, tmp_path: Path
) -> None:
    network = as_float(trained[0])
    file = ship(Form("float", network, 0.0, 1.0), {}, tmp_path)
    classifier = Classifier.load(file)
    found = classifier.classify([Glyph(Box(0, 0, 20, 20), glyph) for glyph in digits.pixels])
    np.testing.assert_allclose(found, probabilities(network, digits.pixels), atol=1e-5)


def test_fastest_form_wins_among_those_as_good() -> None:
    slow, fast, bad = (Form(*f) for f in (("a", b"", 0.0030, 0.5), ("b", b"", 0.0032, 0.1), ("c", b"", 0.01, 0.01)))
    assert choose([slow, fast, bad]) is fast


def test_int8_is_too_coarse_to_ship() -> None:
    slow, fast = Form("dynamic-range", b"", 0.003, 0.5), Form("int8", b"", 0.003, 0.1)
    assert choose([slow, fast]) is slow


def test_all_forms_are_measured(trained: tuple[keras.Model, dict[str, list[float]]], digits: Digits) -> None:
    found = measure_forms(trained[0], digits, digits)
    assert [form.name for form in found] == ["float", "dynamic-range", "int8"]
    assert all(0 <= form.error <= 1 and form.milliseconds > 0 for form in found)


def test_our_network_has_a_probability_for_each_class() -> None:
    found = digits_network().predict(np.zeros((2, 28, 28, 1), np.float32), verbose=0)
    assert found.shape == (2, CLASSES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(("filters", "convolutions"), [((64, 32), 2), ((64, 32, 16), 3)])
def test_report_networks_are_as_the_report_says(filters: tuple[int, ...], convolutions: int) -> None:
    model = report_network(*filters)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Conv2D"] * convolutions + ["Flatten", "Dense"]
    assert [layer.filters for layer in model.layers[:convolutions]] == list(filters)
    assert type(model.optimizer) is keras.optimizers.Adam
