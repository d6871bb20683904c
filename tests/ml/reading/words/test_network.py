"""The network of words is the one that its card describes, and reads a line."""

from __future__ import annotations

import cv2
import numpy as np

from ml.reading.ink.lines import as_line
from ml.reading.operating_points import MODELS
from ml.reading.recognisers.ctc import log_softmax
from ml.reading.recognisers.line_network import LineNetwork
from ml.reading.words.alphabet import SIGNS
from ml.reading.words.amounts import AmountGrammar
from tests.fixtures_words import paper_with


def test_the_network_of_words_reads_an_amount() -> None:
    network = LineNetwork.load(MODELS / "words.tflite")
    grey = cv2.cvtColor(paper_with("Five crores ten lakhs only"), cv2.COLOR_RGB2GRAY)
    line = as_line(grey[40:115, 120:700].astype(np.uint8), 48, 1536)
    (frames,) = network.scores([line])
    assert frames.shape[1] == len(SIGNS) + 1
    best, *_ = AmountGrammar.of("en-india").look(log_softmax(frames)).n_best(1)
    assert best.text == "five crores ten lakhs"
