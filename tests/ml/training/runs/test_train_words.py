"""Training of the network of words, in small."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml.reading.recognisers.line_network import WORDS_HEIGHT
from ml.reading.words.alphabet import SIGNS
from ml.training.export.export_strings import as_litert
from ml.training.runs.train_words import Settings, figures, trained
from ml.training.words.judge import Greedy
from ml.training.words.lines import Sources, compose_lines

pytestmark = pytest.mark.training


def test_a_run_leaves_a_network_that_reads_lines_and_learns_on(sources: Sources, tmp_path: Path) -> None:
    settings = Settings(lines=4, held_out=2, epochs=1, batch=2, warm_up=1)
    lines = list(compose_lines(sources, settings.lines, settings.seed))
    network = as_litert(trained(lines, settings, tmp_path), small=True, tall=WORDS_HEIGHT)
    assert (tmp_path / "words.1.tflite").exists(), "each epoch leaves the network as it stands"
    assert Greedy(network).scores(lines[0].unpacked()).shape[1] == len(SIGNS) + 1
    counted = figures(network, sources, settings)
    assert counted["clean"]["lines"] == counted["hard"]["lines"] == 2
    assert counted["clean"]["letter_error_rate"] > 0
    begin = tmp_path / "words.tflite"
    begin.write_bytes(network)
    further = trained(lines, Settings(lines=4, epochs=1, batch=2, warm_up=1, begun_with=begin.name), begin=begin)
    assert further.count_params() > 800_000
