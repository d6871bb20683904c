"""Whole numbers, composed of MNIST's test digits on made-up paper: from an image file's bytes to what passes."""

from __future__ import annotations

from ml.evaluation.reports.report import Table
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.reader import Reader
from ml.training.calibration.acceptance import counts_at
from ml.training.calibration.calibrate import outcomes_on_page
from ml.training.datasets import Digits
from ml.training.synthesis.strings import compose_strings, png

STRINGS = 2_000
SEED = 12


def pages_table(test: Digits, reader: Reader) -> Table:
    """Count how many numbers are right, how many pass, and how many of these are wrong.

    Args:
        test: MNIST's test digits.
        reader: As shipped.
    """
    strings = compose_strings(test, STRINGS, SEED)
    outcomes = [outcomes_on_page(png(string.image), string.digits, reader)[1] for string in strings]
    right = sum(outcome.right for outcome in outcomes)
    threshold = reader.decision_rule.threshold(ANY_NUMBER, reader.error_rate)
    point = counts_at(outcomes, threshold)
    low, high = point.interval
    row = (
        str(len(outcomes)),
        f"{right / len(outcomes):.1%}",
        f"{threshold:.4f}",
        f"{point.read_rate:.1%}",
        f"{point.error_rate:.2%}",
        f"{low:.2%} to {high:.2%}",
    )
    head = ("strings", "right, all read", "threshold", "pass without a person", "wrong among those", "95 % interval")
    note = "Composed strings of three to eight digits on made-up paper, any number on a page: easier than scans."
    return Table("Whole numbers", head, (row,), note)
