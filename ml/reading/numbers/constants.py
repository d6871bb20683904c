"""Constants of reading numbers without a layout; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured, standard


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
        "Where the network of notes reads a number without marks less surely, the second reader looks for them too.",
    )
    low_line: int = by_eye(
        40, "pixels", (0, 100), "In lower lines a point has one or two pixels: the second reader looks for it too."
    )
    fields_beside_second: float = by_eye(
        0.5,
        "weight",
        (0.2, 1.0),
        "Of the network of notes in the logarithmic pool, where the second reader counts 1.",
    )
    stroke_is_stroke: float = by_eye(
        0.85, "probability", (0.5, 1.0), "What a recogniser with signs reads as a stroke between digits is no 1."
    )
    stroke_as_one: float = by_eye(
        0.5, "probability", (0.1, 0.9), "In one number in two the second reader takes strokes for 1s."
    )


@dataclass(frozen=True, slots=True)
class VerdictConstants(Constants):
    """What keeps a number from passing, however sure it is as a whole."""

    least_digit: float = by_eye(
        0.5, "probability", (0.3, 0.9), "A digit that is less probable than all others together is not clear."
    )
    least_marks: float = by_eye(
        0.8, "probability", (0.5, 0.95), "Marks that are less probable are not clear, however sure the digits are."
    )
    least_strokes: float = by_eye(
        0.6, "probability", (0.5, 0.95), "The same of strokes, which the second reader takes for 1s in one of two."
    )
    surely_number: float = by_eye(
        0.6,
        "probability",
        (0.4, 0.95),
        "What looks like a word digit by digit is a number if each network of whole lines is so sure of its digits.",
    )
    least_likely: float = by_eye(
        0.6,
        "probability",
        (0.3, 0.9),
        "The one number of a picture does not pass if all the evidence says it is wrong.",
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
    rim: int = by_eye(2, "ink pixels", (1, 4), "Ink so near the side of a picture runs into it.")
    clear: float = by_eye(0.9, "probability", (0.5, 0.99), "Digits that are less sure are not clear.")
    usual_digits: int = by_eye(6, "digits", (3, 10), "Numbers are seldom longer.")


@dataclass(frozen=True, slots=True)
class ProposalConstants(Constants):
    """Lines that the detector of text proposes where no number was found."""

    room_beside: float = measured(
        0.5, "heights of the line", (0.1, 1.0), "With 0.3, two of 98 small numbers more were misread."
    )
    room_above: float = measured(0.3, "heights of the line", (0.05, 0.6), "Chosen together with `room_beside`.")
    letters: float = measured(
        0.5,
        "probability",
        (0.2, 0.9),
        "Lines with likelier letters are words: without this, 34 pages of words gave 241 numbers, with it none.",
    )
    least_likely: float = measured(
        0.1,
        "probability",
        (0.01, 0.5),
        "What is less likely is not proposed: of 59 small numbers that were right it was none, of 13 misread three.",
    )
    most_lines: int = by_eye(200, "lines", (50, 1000), "No more lines are read on a page.")


@dataclass(frozen=True, slots=True)
class DetectorConstants(Constants):
    """Lines of text found by the detector in the second reader's wheel: `ml.reading.numbers.detector`."""

    least_side: int = standard(736, "pixels", (320, 1472), "Smaller pages are enlarged to this, as RapidOCR does.")
    most_pixels: int = measured(
        600_000,
        "pixels",
        (300_000, 4_000_000),
        "Larger pages shrink. At 1,000,000 the reader takes 258 MB more and not 142, and reads no more small numbers.",
    )
    text: float = standard(0.3, "probability", (0.1, 0.6), "A pixel is in a line from here on, as RapidOCR has it.")
    line: float = standard(0.5, "probability", (0.3, 0.8), "The mean over a line, as RapidOCR has it.")
    grown: float = standard(
        1.6, "areas of the line over its outline", (1.0, 2.5), "The network finds the core of a line (as RapidOCR)."
    )
    thinnest: int = standard(3, "pixels", (1, 8), "A lower or narrower core is no line, as RapidOCR has it.")


MARKS = MarkConstants()
VERDICTS = VerdictConstants()
FEATURES = FeatureConstants()
PROPOSALS = ProposalConstants()
DETECTOR = DetectorConstants()
