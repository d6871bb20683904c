from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

import pytest

import ml.reading
from ml.reading.constants import Constants, Origin, by_eye, measured, standard


@dataclass(frozen=True, slots=True)
class PenConstants(Constants):
    thickest: float = by_eye(0.7, "millimetres", (0.4, 1.0), "A pen's stroke is no thicker.")
    dpi: int = standard(200, "dots an inch", (100, 600), "ANSI X9.100-187.")
    sharp: float = measured(22.0, "", (5, 50), "Chosen on drawn lines.")


def every_stage() -> list[Constants]:
    """Every instance of Constants that a module of `ml.reading` makes, once."""
    names = [module.name for module in pkgutil.walk_packages(ml.reading.__path__, "ml.reading.")]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    stages = {id(value): value for value in values if isinstance(value, Constants)}
    return list(stages.values())


def test_a_constant_is_read_by_its_name() -> None:
    pen = PenConstants()
    assert (pen.thickest, pen.dpi, pen.sharp) == (0.7, 200, 22.0)


def test_each_constant_says_what_it_is() -> None:
    thickest, dpi, _ = PenConstants().each()
    assert (thickest.name, thickest.value, thickest.unit) == ("thickest", 0.7, "millimetres")
    assert (thickest.origin, dpi.origin) == (Origin.BY_EYE, Origin.STANDARD)


def test_a_value_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"PenConstants.thickest is 2.0, outside \(0.4, 1.0\)"):
        PenConstants(thickest=2.0)


@pytest.mark.parametrize("stage", every_stage(), ids=lambda stage: type(stage).__name__)
def test_every_constant_of_the_reader_is_explained(stage: Constants) -> None:
    for constant in stage.each():
        assert constant.why.endswith("."), constant.name
        assert constant.allowed[0] < constant.allowed[1], constant.name
