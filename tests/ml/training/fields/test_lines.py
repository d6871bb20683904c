"""Lines packed for training."""

from __future__ import annotations

import numpy as np

from ml.reading.ink.lines import as_line
from ml.training.datasets import Digits
from ml.training.fields.amounts import compose_amount
from ml.training.fields.digits import Writers
from ml.training.fields.lines import Line


def test_a_packed_line_is_what_the_reader_sees(digits: Digits) -> None:
    amount = compose_amount(Writers(digits), np.random.default_rng(4))
    np.testing.assert_allclose(Line.of(amount.image, amount.digits).unpacked(), as_line(amount.image), atol=1.7 / 255)
