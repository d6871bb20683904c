"""Constants of reading fields, one class for each stage; `ml.reading.constants` says how they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured


@dataclass(frozen=True, slots=True)
class InterpretationConstants(Constants):
    """Which values a text may have in a field, and how probable each is."""

    odd_share: float = by_eye(
        0.05,
        "share",
        (0.01, 0.5),
        "Hypotheses whose marks stand oddly, or that have no value in the field, keep this share of their probability.",
    )
    least_probability: float = by_eye(
        1e-4, "probability", (1e-6, 1e-2), "One recogniser alone cannot rule a value out: it leaves at least this much."
    )
    first_year: int = by_eye(1900, "years", (1800, 2000), "Earlier dates are misread: forms and cheques are younger.")
    end_year: int = by_eye(2100, "years", (2030, 2200), "Dates from this year on are misread.")


@dataclass(frozen=True, slots=True)
class StrokeConstants(Constants):
    """Strokes ("/") that a recogniser takes for a 1."""

    stroke_read_as_one: float = by_eye(
        0.85,
        "probability",
        (0.5, 1.0),
        "Probability that the second reader's 1 is a stroke, where only a stroke makes sense.",
    )


@dataclass(frozen=True, slots=True)
class CandidateLineConstants(Constants):
    """Choosing the line that is the field among a zone's lines and their parts."""

    part_across: float = by_eye(
        0.9, "share of its width", (0.6, 1.0), "So much of a part has to lie beside the longer line's ink."
    )
    part_down: float = by_eye(
        0.7, "share of its height", (0.5, 1.0), "So much of a part has to lie level with the longer line."
    )
    whole_holds: float = by_eye(
        0.1,
        "share of the part's probability",
        (0.02, 0.5),
        "A longer line is the field, rather than a part of it, from this probability on.",
    )
    almost: float = by_eye(
        0.4, "share of the other's score", (0.1, 0.9), "A line is almost as good as another from this score on."
    )
    as_sure: float = by_eye(
        0.95,
        "share of the part's probability",
        (0.7, 1.0),
        "A line is as sure as its part with the same value from this probability on.",
    )
    lacking_digit: float = by_eye(
        0.6, "factor", (0.3, 0.9), "A score is 1 less this to the power of the count of digits: few may be anything."
    )
    doubtful: float = by_eye(0.3, "factor", (0.1, 1.0), "Lowers the score of a line whose value is doubtful.")
    no_currency: float = by_eye(
        0.5, "factor", (0.1, 1.0), "Lowers the score of an amount without a currency's sign before it."
    )
    sign_level: float = by_eye(
        0.5, "share of the lower height", (0.2, 0.9), "A sign's line and the figures' share so much of their height."
    )
    sign_overlap: float = by_eye(
        0.3, "heights of the line", (0.0, 1.0), "A currency's sign alone reaches no further into the figures."
    )


@dataclass(frozen=True, slots=True)
class LineEndConstants(Constants):
    """Digits at a line's ends that were left out at first."""

    longer: float = by_eye(
        0.3, "probability", (0.1, 0.7), "More digits may stand at a line's end if the longer line is this probable."
    )
    surely_longer: float = by_eye(
        0.8, "probability", (0.5, 1.0), "A longer line takes the field's place if it is this probable."
    )
    reach: float = by_eye(
        0.4, "heights of a digit", (0.2, 0.8), "A new digit's ink reaches so far to both sides of its middle."
    )


@dataclass(frozen=True, slots=True)
class RecognitionConstants(Constants):
    """What each recogniser is shown of a line, and how many hypotheses it gives."""

    hypotheses: int = by_eye(12, "hypotheses", (4, 50), "Hypotheses of a line that are interpreted.")
    narrower: float = by_eye(
        0.87, "share of the width", (0.65, 1.1), "A second look at a line: what a network hardly knows changes with it."
    )
    wider: float = by_eye(1.15, "share of the width", (0.86, 1.5), "A third look at a line, wider than it is.")
    closer: float = by_eye(
        0.06, "share of the height", (0.0, 0.2), "A fourth look at a line: so much is cut off above and below."
    )
    room_before: float = by_eye(
        0.6,
        "heights of the line",
        (0.3, 1.2),
        "Readers of digits see so much before the middle of the first digit, where no sign is nearer.",
    )


@dataclass(frozen=True, slots=True)
class CellConstants(Constants):
    """Digits one in each printed box: the row as a line, and box by box."""

    beside: float = by_eye(0.1, "heights of the row", (0.0, 0.4), "Kept to both sides of a row of boxes.")
    above: float = by_eye(0.12, "heights of the row", (0.0, 0.4), "Kept above and below a row of boxes.")
    least_cells: int = by_eye(2, "boxes", (1, 4), "A field without a length has at least so many boxes.")
    least_found: float = by_eye(
        0.5, "share of the boxes", (0.3, 1.0), "A row is read as boxes if so many of them were found."
    )
    ways: int = by_eye(200, "ways", (50, 1000), "Ways to fill all boxes that are followed up.")
    word_level: float = by_eye(
        0.5, "share of the word's height", (0.2, 0.9), "A word belongs to a box if so much of it stands level with it."
    )
    widest_word: float = by_eye(
        1.6, "widths of the box", (1.0, 3.0), "A wider word is several digits: the box is then cut at its edges."
    )
    paper: int = by_eye(75, "percentile", (50, 95), "The brightness of a box's paper.")
    faint: float = by_eye(
        0.25,
        "share of the paper's brightness",
        (0.1, 0.6),
        "The darkest ink counts as so much darker, or grain is ink.",
    )
    pale: float = by_eye(
        0.25,
        "share of the darkest ink",
        (0.05, 0.4),
        "Paler is paper, and what is so near to the darkest is all ink.",
    )
    ink: float = by_eye(0.5, "share of full ink", (0.2, 0.8), "A pixel belongs to a digit's pieces from here on.")
    speck: float = by_eye(
        0.08, "share of the largest piece's area", (0.01, 0.3), "Smaller pieces of ink are no part of a digit."
    )
    room: float = by_eye(0.3, "heights of the digit", (0.1, 0.8), "Paper kept around a digit.")
    least_probability: float = by_eye(
        1e-4, "probability", (1e-6, 1e-2), "Neither network rules a digit out: it leaves at least this much."
    )


@dataclass(frozen=True, slots=True)
class DecisionConstants(Constants):
    """Where each digit of a reading stands."""

    digit_reach: float = by_eye(
        0.4, "heights of the line", (0.2, 0.8), "A digit's box reaches no further to both sides of its middle."
    )


@dataclass(frozen=True, slots=True)
class VerdictConstants(Constants):
    """How sure a value is."""

    widest_margin: float = by_eye(
        40.0, "nats", (15.0, 100.0), "Words that explain an amount so much better than any other are clear."
    )
    least_by_figures: float = measured(
        0.1,
        "probability",
        (0.05, 0.5),
        "Words let no amount pass that the figures alone hold less likely. Of 785 drawn and real cheques three right "
        "amounts were below, and five of a cheque that contradicts itself.",
    )


@dataclass(frozen=True, slots=True)
class MicrFieldConstants(Constants):
    """Fields in the MICR line."""

    least_confidence: float = by_eye(
        0.9, "probability", (0.5, 1.0), "Below, the print is not clear enough to pass without a person."
    )


@dataclass(frozen=True, slots=True)
class RepeatConstants(Constants):
    """A number that stands in two places."""

    runner_up: float = by_eye(
        0.05,
        "probability",
        (0.01, 0.3),
        "A runner-up that the other place confirms is taken from here on; below, the two contradict each other.",
    )
    believed: float = by_eye(0.5, "probability", (0.2, 0.9), "A less sure reading does not contradict the other place.")


@dataclass(frozen=True, slots=True)
class TotalConstants(Constants):
    """A total and its parts."""

    by_chance: float = measured(
        0.002,
        "probability",
        (0.0005, 0.02),
        "A sum holds by chance with a misread amount. On drawn pages 0.01 sent each runner-up to a person, and all of "
        "these were right (decision 0010).",
    )
    added_wrongly: float = by_eye(0.01, "odds", (0.001, 0.1), "The writer added up wrongly.")
    looks_misread: float = by_eye(
        0.1, "probability", (0.02, 0.5), "A sum that was added up wrongly looks like one misread digit."
    )
    believed: float = by_eye(
        0.5, "probability", (0.25, 0.9), "Less probable runners-up do not take the place of what was read."
    )
    blameless: float = by_eye(
        0.95,
        "probability",
        (0.7, 1.0),
        "Where a sum does not hold, an amount passes from here on, whatever the error rate: one is wrong for certain.",
    )
    least_confidence: float = by_eye(1e-6, "probability", (1e-9, 1e-3), "No amount is less sure than this.")
    most_confidence: float = by_eye(1 - 1e-6, "probability", (0.999, 1 - 1e-9), "No amount is surer than this.")
    most_changed: int = by_eye(2, "amounts", (1, 3), "Amounts of one sum that a runner-up may replace.")


INTERPRETATION = InterpretationConstants()
STROKES = StrokeConstants()
CANDIDATE_LINES = CandidateLineConstants()
LINE_ENDS = LineEndConstants()
RECOGNITION = RecognitionConstants()
CELLS = CellConstants()
DECISION = DecisionConstants()
VERDICT = VerdictConstants()
MICR_FIELDS = MicrFieldConstants()
REPEATS = RepeatConstants()
TOTALS = TotalConstants()
