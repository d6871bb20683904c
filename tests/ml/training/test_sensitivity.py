"""Constants are turned one at a time, and back."""

from __future__ import annotations

import inspect
import sys
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from ml.evaluation.sensitivity.cases import Outcome
from ml.evaluation.sensitivity.moves import KEPT, MOVED, Move, every_move, moved, set_by_eye, stages
from ml.evaluation.sensitivity.table import _effect
from ml.reading.constants import Origin
from ml.reading.elements import Page
from ml.reading.ink.constants import INK
from ml.reading.ink.ink import find_ink

pytestmark = pytest.mark.training

STAGE = "ml.reading.ink.constants.INK"


def test_a_constant_is_turned_and_turned_back() -> None:
    default = INK.least_darkness
    with moved(Move(STAGE, "least_darkness", 0.5)):
        assert INK.least_darkness == 0.5
    assert INK.least_darkness == default


def test_it_is_turned_back_when_reading_breaks() -> None:
    default = INK.least_darkness
    with pytest.raises(ZeroDivisionError), moved(Move(STAGE, "least_darkness", 0.5)):
        raise ZeroDivisionError
    assert INK.least_darkness == default


def test_nothing_else_can_turn_it() -> None:
    with pytest.raises(FrozenInstanceError):
        INK.least_darkness = 0.5  # type: ignore[misc]


def test_the_reader_works_with_the_turned_value() -> None:
    pixels = np.full((120, 200, 3), 230, np.uint8)
    pixels[40:80, 50:60] = 190  # pale: a sixth darker than its paper
    page = Page(pixels, 1, None, "")
    assert find_ink(page).mask.any()
    with moved(Move(STAGE, "least_darkness", 0.5)):
        assert not find_ink(page).mask.any()


def test_each_constant_set_by_eye_is_moved_down_and_up_within_its_range() -> None:
    constants = {(stage, constant.name): constant for stage, constant in set_by_eye()}
    moves = list(every_move())
    # Of nothing there is no fifth.
    assert {(move.stage, move.name) for move in moves} == {key for key, one in constants.items() if one.value != 0}
    for move in moves:
        constant = constants[move.stage, move.name]
        assert constant.allowed[0] <= move.value <= constant.allowed[1]
        assert type(move.value) is type(constant.value)
        assert abs(move.value - constant.value) <= max(MOVED * abs(constant.value) + 0.5, 1)
        assert move.value != constant.value


def test_no_constant_is_left_out() -> None:
    by_eye = sum(one.origin is Origin.BY_EYE for constants in stages().values() for one in constants.each())
    assert len(list(set_by_eye())) == by_eye > 400


def test_what_the_reader_keeps_hangs_on_no_other_room() -> None:
    """A cache in another room would hide what a constant does: `KEPT` has to name it then."""
    holders = {
        name.split(".")[2]
        for name, module in sys.modules.items()
        if name.startswith("ml.reading.")
        for value in vars(module).values()
        if hasattr(value, "cache_clear") and inspect.getmodule(value) is module
    }
    # `recognisers` keeps the shape of a pen by its size, which is an argument.
    assert holders <= {*KEPT, "recognisers"}


def test_an_effect_counts_values_and_weighs_confidence() -> None:
    base = [Outcome("12", 0.9, True, True), Outcome("7", 0.5, False, True)]
    turned = [Outcome("12", 0.8, False, True), Outcome("7", 0.5, False, True)]
    assert _effect(turned, base) == (1, pytest.approx(0.1))
    assert [outcome.kind for outcome in (*base, turned[0])] == ["right", "asked", "asked"]
