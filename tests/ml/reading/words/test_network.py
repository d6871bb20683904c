"""The network of words is the one that its card describes, and reads a line."""

from __future__ import annotations

import numpy as np

from ml.reading.reader import WORDS_NETWORK
from ml.reading.recognisers.line_network import LineNetwork, letters
from ml.reading.words.alphabet import SIGNS
from ml.reading.words.amounts import AmountGrammar
from tests.fixtures_words import paper_with


def test_the_network_of_words_reads_an_amount() -> None:
    picture = paper_with("Five crores ten lakhs only")[40:115, 120:700]
    (frames,) = letters(LineNetwork.load(WORDS_NETWORK), [picture])
    assert frames.shape[1] == len(SIGNS) + 1
    assert np.allclose(np.exp(frames).sum(axis=1), 1)
    best, *_ = AmountGrammar.of("en-india").look(frames).n_best(1)
    assert best.text == "five crores ten lakhs"
