"""Lines composed for the network of words."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from ml.reading.ink.lines import FRAME
from ml.reading.recognisers.line_network import WIDEST_WORDS, WORDS_HEIGHT
from ml.reading.words.alphabet import SIGNS
from ml.training.fields.digits import Writers
from ml.training.words.lines import Sources, compose_lines
from ml.training.words.surroundings import printed
from ml.training.words.writing import ABOVE, BELOW, Hand, X, line_of

pytestmark = pytest.mark.training


def test_lines_have_ink_and_frames_enough_for_their_signs(sources: Sources) -> None:
    for line in compose_lines(sources, 12, seed=3):
        assert line.pixels.dtype == np.uint8
        assert line.pixels.shape[0] == WORDS_HEIGHT
        assert line.pixels.shape[1] <= WIDEST_WORDS
        assert set(line.text) <= set(SIGNS)
        repeats = sum(sign == following for sign, following in pairwise(line.text))
        assert line.pixels.shape[1] // FRAME > len(line.text) + repeats
        assert line.unpacked().max() > 0.5, "there is ink on it"


def test_the_same_seed_draws_the_same_lines(sources: Sources) -> None:
    one, other = (list(compose_lines(sources, 4, seed=5)) for _ in range(2))
    assert [line.text for line in one] == [line.text for line in other]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one, other, strict=True))


def test_clean_lines_are_paper_and_ink_alone(sources: Sources) -> None:
    for line in compose_lines(sources, 4, seed=1, clean=True):
        grey = np.sort(np.abs(line.unpacked()).ravel())
        assert grey[len(grey) // 2] < 0.1, "most of a clean line is paper"


def hand_of(sources: Sources, **how: object) -> Hand:
    usual: dict[str, object] = {"gap": 0.0, "space": 1.0, "jitter": 0.0, "pen": 0.0, "fractions": "font"}
    return Hand(fonts=tuple(sources.fonts), **{"apart": False, "scribe": None, **usual, **how})  # type: ignore[arg-type]


def test_a_word_stands_on_the_base_line(sources: Sources) -> None:
    rng = np.random.default_rng(0)
    for apart in (False, True):
        piece = hand_of(sources, apart=apart).write("Thousand", rng)
        rows = np.flatnonzero(piece.ink.max(axis=1) > 0.5)
        assert piece.text == "thousand"
        assert piece.ink.shape[0] == ABOVE + BELOW
        assert abs(int(rows[-1]) + 1 - ABOVE) <= 2
        assert ABOVE - 2.2 * X < rows[0] < ABOVE - X


def test_a_pen_is_broader_or_finer(sources: Sources) -> None:
    own = sources.fonts[0].pen
    fine, usual, broad = (
        hand_of(sources, pen=own * factor).write("seven", np.random.default_rng(2)).ink.sum()
        for factor in (0.7, 1.0, 1.5)
    )
    assert fine < usual < broad


@pytest.mark.parametrize("fractions", ["font", "digits", "stacked", "raised"])
def test_fractions_in_any_form_have_one_text(sources: Sources, writers: Writers, fractions: str) -> None:
    rng = np.random.default_rng(6)
    scribe = Hand.random(list(sources.fonts), writers, rng).scribe
    while scribe is None:
        scribe = Hand.random(list(sources.fonts), writers, rng).scribe
    hand = hand_of(sources, fractions=fractions, scribe=None if fractions == "font" else scribe)
    piece = hand.write("50/100", rng)
    assert piece.text == "50/100"
    assert piece.ink.max() > 0.9
    count, _ = cv2.connectedComponents((piece.ink > 0.5).astype(np.uint8))
    assert count > 3, "several digits and a stroke are to be seen"


def test_cut_print_is_named_by_the_letters_that_are_left(sources: Sources) -> None:
    whole, cut = (printed("RUPEES", sources.faces[0], 0.8, letters) for letters in (0, 2))
    assert (whole.text, cut.text) == ("rupees", "pees")
    assert cut.ink.shape[1] < whole.ink.shape[1]
    assert cut.advance < whole.advance


def test_pieces_stand_in_their_order(sources: Sources) -> None:
    hand, rng = hand_of(sources), np.random.default_rng(1)
    pieces = [hand.write(word, rng) for word in ("ten", "lakh")]
    ink, places = line_of(pieces, [20.0, 0.0], margin=30)
    assert places[0][0] == 30
    assert places[1][0] == places[0][1] + 20
    gap = ink[:, places[0][1] + 5 : places[1][0] - 5]
    assert gap.max() < 0.2
