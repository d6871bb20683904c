"""Where a field's line ends: a pale digit belongs to it, the paper's pattern does not."""

from dataclasses import replace

import numpy as np
import pytest

from ml.reading.elements import Box, Page, Place
from ml.reading.fields import line_ends
from ml.reading.fields.candidate_lines import CandidateLine
from ml.reading.fields.interpret import FieldPosterior, interpret
from ml.reading.fields.line_ends import extend_to_ends
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Kind, LayoutField
from ml.reading.forms.money import Convention
from ml.reading.forms.signs import SIGNS
from ml.reading.ink.zones import Zone
from ml.reading.read import read_page
from ml.reading.reader import Reader
from ml.reading.recognisers.transcribe import Transcript
from ml.training.sheets.filled import fill_in

LAYOUTS = {layout.name: layout for layout in shipped_layouts()}
AMOUNT = LayoutField("amount", Kind.AMOUNT, Place(0, 0, 1, 1), convention=Convention("USD", ".", cents_always=True))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.shipped()


@pytest.mark.parametrize(
    ("layout", "seed", "name"), [("labelled-amounts", 15004, "pensions"), ("cheque-india", 15006, "amount")]
)
def test_a_digit_that_was_left_out_at_the_end_is_read(layout: str, seed: int, name: str, reader: Reader) -> None:
    """46.35 with a pale 5, and 8946 in two words: each was read without its end, and only noticed."""
    filled = fill_in(LAYOUTS[layout], None, np.random.default_rng(seed))
    by_figures = replace(reader, acceptance={})  # this cheque has no words
    page = read_page(Page(np.repeat(filled.picture[:, :, None], 3, axis=2), 1, None, ""), LAYOUTS[layout], by_figures)
    found = {one.field: one for one in page.fields}[name]
    assert (found.value, found.accepted) == (filled.values[name], True)
    right = found.digits[-1].box.right
    assert found.box.right >= right - 0.3 * found.box.height


@pytest.mark.parametrize(
    ("longer", "chance", "read", "more"),
    [
        ("745.453", 0.35, "745.45", False),  # nobody writes a third digit there
        ("745.453", 0.9, "745.453", False),  # but where it surely stands, it does
        ("3745.45", 0.35, "745.45", True),
        ("3745.45", 0.9, "3745.45", False),
        ("3745.45", 0.2, "745.45", False),
        ("1745.45", 0.9, "745.45", True),  # it may be a box's edge
    ],
)
def test_what_stands_beside_complete_cents_is_a_digit_only_where_it_is_surely_read(
    longer: str, chance: float, read: str, more: bool, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = Zone.of(Page(np.full((60, 400, 3), 235, np.uint8), 1, None, ""), Box(0, 0, 400, 60), 8.0)
    line = replace(zone.line(Box(100, 15, 240, 45)), digit_height=30.0)

    def seen(text: str, chance: float) -> CandidateLine:
        interpretation = interpret(text, AMOUNT)
        assert interpretation is not None
        frames = np.full((160, len(SIGNS) + 1), np.log(1 / (len(SIGNS) + 1)))
        return CandidateLine(
            line,
            Transcript.of(frames),
            FieldPosterior(
                interpretation.value, {interpretation.value: chance}, {interpretation.value: (text, interpretation)}
            ),
        )

    monkeypatch.setattr(line_ends, "read_lines", lambda *_: [seen(longer, chance)])
    found, goes_on = extend_to_ends(seen("745.45", 0.98), zone, AMOUNT, reader)
    text, _ = found.posterior.texts[found.posterior.best]
    assert (text, goes_on) == (read, more)
