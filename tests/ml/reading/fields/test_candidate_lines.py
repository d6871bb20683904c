"""Which of a zone's lines is the field."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ml.reading.elements import Box, Hypothesis, Page
from ml.reading.fields.candidate_lines import CandidateLine, find_candidates, has_currency_sign, rank_lines
from ml.reading.fields.interpret import FieldPosterior
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Kind
from ml.reading.forms.signs import CURRENCY, SIGNS
from ml.reading.ink.zones import Zone
from ml.reading.reader import Reader
from ml.reading.recognisers.transcribe import Transcript

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
ZONE = Zone.of(Page(np.full((160, 600, 3), 220, np.uint8), 1, None, ""), Box(0, 0, 600, 160), 8.0)
FRAMES = Transcript.of(np.log(np.full((6, len(SIGNS) + 1), 1 / (len(SIGNS) + 1))))
"""The transcript of a line of which only the posterior matters."""

Encode = Callable[..., bytes]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


@pytest.mark.parametrize(("chance", "chosen"), [(0.6, "39537"), (0.1, "15462")])
def test_a_postal_code_is_the_lowest_of_what_may_be_one(chance: float, chosen: str) -> None:
    """Above it "1546 z" may mean one too: a house's number, and a letter like a 2."""
    (field,) = (one for one in LAYOUTS["postal-code"].fields if one.kind is Kind.POSTAL_CODE)

    def line(text: str, sure: float, top: int) -> CandidateLine:
        posterior = FieldPosterior.of([Hypothesis(text, sure)], field)
        return CandidateLine(ZONE.line(Box(100, top, 250, top + 30)), FRAMES, posterior)

    lines = [line("15462", 0.9, 20), line("39537", chance, 90)]
    found, *_ = rank_lines(lines, Kind.POSTAL_CODE)
    assert found.posterior.best == chosen
    found, *_ = rank_lines(lines, Kind.DIGITS)
    assert found.posterior.best == "15462"


def test_what_looks_like_a_currencys_sign_speaks_for_an_amount_alone() -> None:
    """A date below a cheque's printed number, its strokes cut by the zone's edge, was taken for the number: ¤111."""
    number = next(one for one in LAYOUTS["cheque-us"].fields if one.name == "number_above")
    lines = [
        CandidateLine(ZONE.line(box), FRAMES, FieldPosterior.of([Hypothesis(text, sure)], number))
        for text, sure, box in (("¤111", 0.73, Box(0, 90, 98, 150)), ("2977", 0.99, Box(194, 35, 251, 52)))
    ]
    for kind, chosen in ((Kind.DIGITS, "2977"), (Kind.AMOUNT, "111")):
        found, *_ = rank_lines(lines, kind)
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
    found, *_ = rank_lines(lines, Kind.AMOUNT)
    assert found.posterior.texts[found.posterior.best][0] == chosen


def test_a_sign_before_an_amount_is_found_on_another_line_too() -> None:
    """Where it stands too far off to be read with the figures, or the figures alone are surer."""
    zone = Zone.of(Page(np.full((80, 400, 3), 220, np.uint8), 1, None, ""), Box(0, 0, 400, 80), 8.0)

    def line(text: str, left: int, right: int, top: int = 20) -> CandidateLine:
        frames = np.full((2 * len(text) + 1, len(SIGNS) + 1), -20.0)
        frames[:, -1] = -0.01
        for place, sign in enumerate(text):
            frames[2 * place + 1] = -20.0
            frames[2 * place + 1, SIGNS.index(sign)] = -0.01
        own = zone.line(Box(left, top, right, top + 30))
        return CandidateLine(own, Transcript.of(frames), FieldPosterior(text.strip(CURRENCY), {}, {}))

    figures = line("12.34", 150, 300)
    assert not has_currency_sign(figures, figures)
    assert has_currency_sign(line(f"{CURRENCY}12.34", 90, 300), figures)
    assert has_currency_sign(line(CURRENCY, 90, 120), figures)
    assert not has_currency_sign(line(f"{CURRENCY}12.84", 90, 300), figures)
    assert not has_currency_sign(line(CURRENCY, 320, 350), figures)
    assert not has_currency_sign(line(CURRENCY, 90, 120, top=50), figures)


def test_what_else_is_in_an_amounts_box_is_no_part_of_it(reader: Reader, digit_image: Encode) -> None:
    """A blot, or a patch of the paper's screen: the box was read as a whole only, and meant nothing."""
    strip = np.full((160, 800, 3), 235, np.uint8)
    cv2.rectangle(strip, (20, 20), (780, 140), (60, 60, 60), 3)
    end = point = 60
    for text in ("351", "75"):
        ink = digit_image(text, 40)
        inside = strip[50 : 50 + ink.shape[0], end : end + ink.shape[1]]
        np.minimum(inside, ink, out=inside)
        point, end = end - 7, end + ink.shape[1] + 14
    cv2.circle(strip, (point, 96), 4, (20, 20, 20), -1)
    cv2.ellipse(strip, (end + 60, 80), (10, 22), 20, 0, 360, (70, 70, 70), 8)
    field = LAYOUTS["courtesy-amount"].fields[0]
    whole, *parts = find_candidates(Zone.of(Page(strip, 1, None, ""), Box(0, 0, 800, 160), 8.0), field, reader)
    assert whole.line.box.right > end + 40
    assert any(part.line.box.right < end and part.posterior.best == "351.75" for part in parts)
