"""Which of a zone's lines is the field."""

import numpy as np
import pytest

from ml.reading.elements import Box, Hypothesis, Page
from ml.reading.fields.fields import _chosen
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.fields.posteriors import CandidateLine
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Kind
from ml.reading.forms.signs import SIGNS
from ml.reading.ink.zones import Zone
from ml.reading.recognisers.transcribe import Transcript

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
ZONE = Zone.of(Page(np.full((160, 600, 3), 220, np.uint8), 1, None, ""), Box(0, 0, 600, 160), 8.0)
FRAMES = Transcript.of(np.log(np.full((6, len(SIGNS) + 1), 1 / (len(SIGNS) + 1))))
"""Of a line of which nothing is known but its opinion."""


@pytest.mark.parametrize(("chance", "chosen"), [(0.6, "39537"), (0.1, "15462")])
def test_a_postal_code_is_the_lowest_of_what_may_be_one(chance: float, chosen: str) -> None:
    """Above it "1546 z" may mean one too: a house's number, and a letter like a 2."""
    (field,) = (one for one in LAYOUTS["postal-code"].fields if one.kind is Kind.POSTAL_CODE)

    def line(text: str, sure: float, top: int) -> CandidateLine:
        posterior = FieldPosterior.of([Hypothesis(text, sure)], field)
        return CandidateLine(ZONE.line(Box(100, top, 250, top + 30)), FRAMES, posterior)

    lines = [line("15462", 0.9, 20), line("39537", chance, 90)]
    found = _chosen(lines, Kind.POSTAL_CODE)
    assert found is not None
    assert found.posterior.best == chosen
    found = _chosen(lines, Kind.DIGITS)
    assert found is not None
    assert found.posterior.best == "15462"


def test_what_looks_like_a_currencys_sign_speaks_for_an_amount_alone() -> None:
    """A date below a cheque's printed number, its strokes cut by the zone's edge, was taken for the number: ¤111."""
    number = next(one for one in LAYOUTS["cheque-us"].fields if one.name == "number_above")
    lines = [
        CandidateLine(ZONE.line(box), FRAMES, FieldPosterior.of([Hypothesis(text, sure)], number))
        for text, sure, box in (("¤111", 0.73, Box(0, 90, 98, 150)), ("2977", 0.99, Box(194, 35, 251, 52)))
    ]
    for kind, chosen in ((Kind.DIGITS, "2977"), (Kind.AMOUNT, "111")):
        found = _chosen(lines, kind)
        assert found is not None
        assert found.posterior.best == chosen


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        # The cents stood a little apart, and 16471.00 passed: it has the sign, which the surest of the whole lacks.
        ({"¤16,471.81": 0.982, "16,471.81": 0.985, "¤16,471": 0.901, "¤16": 0.999}, "¤16,471.81"),
        ({"¤16,471.81": 0.8, "16,471.81": 0.9, "¤16,471": 0.95}, "16,471.81"),
        ({"¤15,008": 0.2, "15,008": 0.25, "¤15.00": 0.76}, "¤15.00"),  # a box's edge behind it was read too
    ],
)
def test_a_part_with_the_sign_and_fewer_digits_is_not_the_amount(texts: dict[str, float], chosen: str) -> None:
    field = LAYOUTS["cheque-us"].fields[0]
    whole = max(texts, key=len)
    lines = []
    for text, sure in texts.items():
        left = 20 + 40 * whole.index(text.replace("15.00", "15,00"))
        box = Box(left, 30, left + 40 * len(text), 60)
        lines.append(CandidateLine(ZONE.line(box), FRAMES, FieldPosterior.of([Hypothesis(text, sure)], field)))
    found = _chosen(lines, Kind.AMOUNT)
    assert found is not None
    assert found.posterior.texts[found.posterior.best][0] == chosen
