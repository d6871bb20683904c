"""Turns a constant of the reader while the program runs, and turns it back at the end."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ml.reading
from ml.evaluation.sensitivity.cases import outcomes_of, screened
from ml.reading.constants import Constant, Constants, Origin

MOVED = 0.2
"""The share of itself by which a constant is moved, down and up."""

KEPT = ("forms", "micr", "sheets", "words")
"""Rooms on whose constants depends what the reader computes once: landmarks, shapes of E-13B, ways to write amounts."""


@dataclass(frozen=True, slots=True)
class Move:
    """A constant with another value.

    Attributes:
        stage: The name of its instance: "ml.reading.ink.constants.FRAMES".
        name: Of the constant.
        value: In place of its default; of the default's type.
    """

    stage: str
    name: str
    value: float


def stages() -> dict[str, Constants]:
    """Every stage's constants, by the name of their instance."""
    found: dict[str, Constants] = {}
    for module in pkgutil.walk_packages(ml.reading.__path__, "ml.reading."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Constants) and not any(value is other for other in found.values()):
                found[f"{module.name}.{name}"] = value
    return found


def set_by_eye() -> Iterator[tuple[str, Constant]]:
    """Every constant set by eye, with its stage."""
    for stage, constants in stages().items():
        yield from ((stage, constant) for constant in constants.each() if constant.origin is Origin.BY_EYE)


def every_move() -> Iterator[Move]:
    """Each constant set by eye a fifth down and a fifth up, within its allowed range; counts by one at least.

    A constant of 0 has no fifth, and is left out.
    """
    for stage, constant in set_by_eye():
        yield from (Move(stage, constant.name, value) for value in _moved_values(constant))


def used_constants() -> set[tuple[str, str]]:
    """Stage and name of every constant that the screened cases make the reader look up."""
    used: set[tuple[str, str]] = set()
    known = stages()
    names = {id(constants): stage for stage, constants in known.items()}

    def watched(constants: Constants, name: str) -> Any:
        if id(constants) in names:
            used.add((names[id(constants)], name))
        return object.__getattribute__(constants, name)

    types = {type(constants) for constants in known.values()}
    for own in types:
        own.__getattribute__ = watched  # type: ignore[method-assign, assignment]
    _forget(KEPT[0])
    try:
        for case in screened():
            outcomes_of(case)
    finally:
        for own in types:
            del own.__getattribute__
    return used


def _moved_values(constant: Constant) -> Iterator[float]:
    least, most = constant.allowed
    for share in (-MOVED, MOVED):
        value = constant.value * (1 + share)
        if isinstance(constant.value, int):
            value = constant.value + round(constant.value * share) if abs(constant.value) > 2 else constant.value
            value = value if value != constant.value else constant.value + (1 if share > 0 else -1)
        value = type(constant.value)(min(max(value, least), most))
        if value != constant.value:
            yield value


@contextmanager
def moved(move: Move | None) -> Iterator[None]:
    """Within, a constant has another value; and nothing that was kept of the reader's work depends on the old one."""
    if move is None:
        yield
        return
    constants, room = stages()[move.stage], move.stage.split(".")[2]
    default = getattr(constants, move.name)
    # They are frozen, and only this report may turn one.
    object.__setattr__(constants, move.name, move.value)
    _forget(room)
    try:
        yield
    finally:
        object.__setattr__(constants, move.name, default)
        _forget(room)


def _forget(room: str) -> None:
    """Empty the reader's caches after a constant of a room was turned, where one may depend on it."""
    for name, module in list(sys.modules.items()) if room in KEPT else []:
        if name.startswith("ml.reading"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
