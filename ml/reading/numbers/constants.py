"""Constants of reading numbers without a layout; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye


@dataclass(frozen=True, slots=True)
class MarkConstants(Constants):
    """Points, signs and strokes of a number."""

    least_probability: float = by_eye(
        1e-3, "probability", (1e-5, 1e-2), "No recogniser rules out what another reads between digits."
    )
    surely_plain: float = by_eye(
        0.97,
        "probability",
        (0.8, 1.0),
        "Where the networks of fields read a number without marks less surely, the second reader looks for them too.",
    )
    low_line: int = by_eye(
        40, "pixels", (0, 100), "In lower lines a point has one or two pixels: the second reader looks for it too."
    )
    fields_beside_second: float = by_eye(
        0.5,
        "weight",
        (0.2, 1.0),
        "Of the networks of fields in the logarithmic pool, where the second reader counts 1.",
    )
    stroke_is_stroke: float = by_eye(
        0.85, "probability", (0.5, 1.0), "What a recogniser with signs reads as a stroke between digits is no 1."
    )
    most_strokes: int = by_eye(3, "strokes", (1, 8), "Strokes of a text that may each be a 1; their ways double.")


@dataclass(frozen=True, slots=True)
class VerdictConstants(Constants):
    """What keeps a number from passing, however sure it is as a whole."""

    least_digit: float = by_eye(
        0.5, "probability", (0.3, 0.9), "A digit that is less probable than all others together is not clear."
    )


@dataclass(frozen=True, slots=True)
class FeatureConstants(Constants):
    """What is measured around a number."""

    close: float = by_eye(
        0.7, "heights of a digit", (0.3, 1.0), "So far from a number's ends other ink is probably a part of it."
    )
    far: float = by_eye(1.6, "heights of a digit", (1.0, 3.0), "So far from its ends other ink may be a part of it.")
    faintest: int = by_eye(60, "steps of 255", (20, 120), "Ink beside a number counts from here on: full ink is 255.")
    usual_width: float = by_eye(0.6, "heights of a digit", (0.4, 0.9), "Digits but 1 are about so wide.")
    most_beside: float = by_eye(4.0, "digits", (1.0, 10.0), "More ink beside a number makes no difference.")
    usual_digits: int = by_eye(6, "digits", (3, 10), "Numbers are seldom longer.")


MARKS = MarkConstants()
VERDICTS = VerdictConstants()
FEATURES = FeatureConstants()
