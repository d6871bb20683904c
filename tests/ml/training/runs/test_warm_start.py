"""A network that learns on from a shipped one reads at first as that one does."""

import numpy as np
import pytest

from ml.reading.forms.signs import SIGNS
from ml.reading.reader import SHIPPED_FIELDS, SHIPPED_STRINGS
from ml.reading.recognisers.transcribe import Transcriber
from ml.training.datasets import Digits
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line
from ml.training.fields.writings import compose_writings
from ml.training.runs.networks import strings_network
from ml.training.runs.string_batches import batches
from ml.training.runs.train_strings import share_right
from ml.training.runs.warm_start import load_shipped_weights

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def lines(digits: Digits) -> list[Line]:
    return compose_writings(Writers(digits), 96, np.random.default_rng(3))


def test_it_reads_as_many_as_the_shipped_one(lines: list[Line]) -> None:
    model = strings_network(len(SIGNS) + 1)
    untrained = share_right(model, lines)
    load_shipped_weights(model, SHIPPED_FIELDS, next(batches(lines, 96, np.random.default_rng(0)))[0])
    found = Transcriber.load(SHIPPED_FIELDS).transcribe([line.unpacked() for line in lines])
    shipped = np.mean([one.text == line.text for one, line in zip(found, lines, strict=True)])
    assert untrained == 0
    assert shipped > 0.3
    assert share_right(model, lines) == pytest.approx(shipped, abs=0.04)


def test_a_network_of_another_shape_is_refused(lines: list[Line]) -> None:
    with pytest.raises(ValueError, match="shape"):
        load_shipped_weights(strings_network(len(SIGNS) + 1), SHIPPED_STRINGS, np.zeros((1, 32, 64, 1), np.float32))
