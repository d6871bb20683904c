"""Constants of amounts in words: what wrong, missing and additional letters cost, and how wide the search is."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured


@dataclass(frozen=True, slots=True)
class NoiseConstants(Constants):
    """How far the recogniser's frames are trusted.

    Counted with the second reader's frames on the lines of 12 US and 33 Indian cheques, which are also those by which
    they were chosen. With any one a third less or half more, 37 or 38 lines of these 45 are read alone; a greater
    `cut` makes wrong amounts seem surer.
    """

    wrong: float = measured(5.0, "nats", (2.0, 9.0), "A letter costs no more in a frame, however unlikely it is there.")
    alike: float = measured(2.5, "nats", (1.0, 6.0), "A letter is as likely as one that looks like it, less this.")
    missing: float = measured(4.0, "nats", (2.0, 9.0), "The cost of each letter of a word that no frame shows.")
    figure: float = measured(
        3.0,
        "nats",
        (0.0, 6.0),
        "A wrong or missing figure costs so much more than a letter: no other letter of its word speaks for it.",
    )
    lost: float = measured(
        12.0,
        "nats",
        (6.0, 40.0),
        "A whole word that no frame shows costs no more: it stands on a second line, or the paper's pattern hides it.",
    )
    cut: float = measured(
        8.0,
        "nats",
        (4.0, 40.0),
        "The amount's beginning, or its end, or all of it cannot be read; how much that is does not count.",
    )
    stray: float = measured(4.0, "nats", (2.0, 9.0), "A frame within the amount costs no more when it is passed over.")
    around: float = measured(
        2.5, "nats", (0.5, 6.0), "The same before and behind the amount, where print and dashes stand."
    )
    blank_doubt: float = by_eye(
        1e-3, "probability", (1e-8, 1e-2), "A frame that is blank but for this doubt is left out after another like it."
    )


@dataclass(frozen=True, slots=True)
class SearchConstants(Constants):
    """The search for the likeliest amounts."""

    longest: int = by_eye(
        48, "frames", (24, 96), "A word takes no more frames, the ones that are passed over before it included."
    )
    tokens: int = by_eye(4, "amounts", (2, 12), "Amounts that the search keeps in each place, at each frame.")
    scored: int = by_eye(16, "amounts", (4, 64), "Amounts of the search whose likelihood is then computed in full.")


@dataclass(frozen=True, slots=True)
class HabitConstants(Constants):
    """How rare ways of writing an amount are, against the usual one, whatever the language. By eye, on cheques."""

    join_inside: float = by_eye(2.5, "nats", (0.5, 6.0), "The word for and stands before a greater unit's number.")
    join_last: float = by_eye(0.5, "nats", (0.0, 3.0), "It stands after a hundred, or before the last part.")
    no_one: float = by_eye(3.0, "nats", (1.0, 6.0), "A unit stands without its one: hundred ten crores.")
    many_hundreds: float = by_eye(2.0, "nats", (0.5, 5.0), "More than nine hundreds: eleven hundred.")
    figures: float = by_eye(3.0, "nats", (1.0, 6.0), "A number among the words is written in figures: 5 lakh.")
    zero: float = by_eye(4.0, "nats", (1.0, 8.0), "Nothing or a zero is said before the cents.")
    before: float = by_eye(1.0, "nats", (0.0, 4.0), "A word such as rupees stands before the amount.")
    currency: float = by_eye(1.0, "nats", (0.0, 4.0), "The currency stands behind the amount.")
    after: float = by_eye(0.5, "nats", (0.0, 4.0), "A word such as only stands at the end.")
    again: float = by_eye(3.0, "nats", (0.0, 6.0), "A second or a third such word stands beside the first.")
    no_join: float = by_eye(1.0, "nats", (0.0, 4.0), "No word for and stands before the cents.")
    no_cents: float = by_eye(1.0, "nats", (0.0, 4.0), "That there are no cents is written: and 00/100.")
    cents: float = by_eye(0.3, "nats", (0.0, 4.0), "Cents are written in the usual form.")
    rare_cents: float = by_eye(2.5, "nats", (0.0, 6.0), "Cents are written in another than the usual form.")


@dataclass(frozen=True, slots=True)
class LineConstants(Constants):
    """The written line in its zone: `ml.reading.words.line`."""

    tallest: float = by_eye(0.75, "heights of the zone", (0.5, 1.0), "What is taller is a frame or a bar code.")
    near_edge: float = by_eye(
        0.3, "heights of the zone", (0.15, 0.45), "A cut word whose middle lies so near the edge is of another line."
    )
    room: float = by_eye(3.0, "mm", (1.0, 6.0), "A zone whose edge cuts the writing gets so much more room.")
    around: float = by_eye(4.0, "mm", (2.0, 10.0), "Paper is what stands so far around: wider than any stroke.")
    full: float = by_eye(0.985, "share of the pixels", (0.9, 0.999), "So many are paler than the ink's full depth.")
    least_depth: float = by_eye(30.0, "grey levels", (10.0, 80.0), "Ink is at least so much darker than its paper.")
    paper: float = by_eye(0.35, "share of the ink's depth", (0.1, 0.6), "What is paler is paper: pattern, or shade.")
    ink: float = by_eye(170.0, "grey levels", (64.0, 200.0), "Darker is ink, in a picture of its ink alone.")
    another: float = by_eye(0.3, "share", (0.1, 0.8), "Another line with so much writing may be a part of the amount.")
    beside: float = by_eye(1.0, "heights of a word", (0.3, 2.0), "Room at both ends of the line.")
    above: float = by_eye(
        0.25, "heights of a word", (0.1, 0.8), "Room above and below: writing reaches out of its box."
    )


@dataclass(frozen=True, slots=True)
class FractionConstants(Constants):
    """Fractions on a written line: `ml.reading.words.fractions`. By eye, on drawn cheques."""

    shortest: float = by_eye(0.7, "heights of a word", (0.4, 1.2), "A stroke between cents and their whole is as long.")
    longest: float = by_eye(4.0, "heights of a word", (2.0, 8.0), "It is no longer.")
    thickest: float = by_eye(0.4, "heights of a word", (0.2, 0.8), "It is no thicker, its slope included.")
    reach: float = by_eye(1.3, "heights of a word", (0.8, 2.0), "Cents stand within so much of it.")
    beside: float = by_eye(0.2, "heights of a word", (0.0, 0.5), "They reach no farther beyond its ends.")
    near: float = by_eye(0.5, "heights of a word", (0.2, 1.0), "They begin so close to it.")
    lowest: float = by_eye(0.3, "heights of a word", (0.15, 0.6), "They are at least so high.")
    narrowest: float = by_eye(0.15, "share of their room", (0.05, 0.5), "They are at least so wide.")
    line_gap: float = by_eye(0.2, "heights of a word", (0.1, 0.5), "What stands so far behind them is of another line.")
    least_high: float = by_eye(1.2, "heights of a word", (1.0, 1.6), "Cents over their whole are at least so high.")
    apart: float = by_eye(0.1, "heights of a word", (0.05, 0.4), "No letter stands so close beside them.")
    behind: float = by_eye(3.0, "heights of a word", (1.0, 6.0), "They begin so close behind the last word.")
    highest: float = by_eye(3.5, "heights of a word", (2.0, 5.0), "A raised fraction is no higher.")
    written: float = by_eye(1.0, "heights of a word", (0.6, 1.4), "So high each part is written anew.")
    widest: float = by_eye(7.0, "heights of a word", (4.0, 10.0), "And no wider.")
    drop: float = by_eye(0.5, "heights of a word", (0.0, 1.0), "It ends no higher above the line.")
    covered: float = by_eye(0.3, "share of the fullest row", (0.1, 0.6), "A row of its digits has so much ink.")
    gap: float = by_eye(0.35, "heights of a word", (0.1, 0.8), "So far apart.")
    pen: float = by_eye(0.1, "heights of a word", (0.05, 0.2), "The slash between them is so thick.")
    darkness: float = by_eye(5.0, "percentile of the pixels", (1.0, 20.0), "It is as dark.")


@dataclass(frozen=True, slots=True)
class AgreementConstants(Constants):
    """Words held against figures: `ml.reading.fields.legal_amount`."""

    hypotheses: int = by_eye(5, "amounts", (1, 20), "Amounts that the words propose, for each look at their line.")
    own_share: float = measured(
        0.35,
        "share",
        (0.1, 0.9),
        "What the network of words counts for beside the second reader. On the lines of 45 real cheques and 60 drawn "
        "ones 88 are exact with it, 82 by the second reader alone, and 80 by the network alone.",
    )
    says: float = measured(
        0.4,
        "share",
        (0.3, 0.6),
        "An amount explains at least this share of what stands on the line. On 45 cheques to build on, all but two of "
        "the amounts in words are above it, and the lines of payees at 0.29 at most.",
    )
    weight: float = by_eye(0.7, "share", (0.2, 1.0), "Frames side by side repeat each other: their logs count so much.")
    most: float = measured(
        2.5,
        "nats",
        (1.0, 4.0),
        "Words move the choice among the figures' values by no more. On 785 drawn and real cheques, where they had to "
        "move it further, three amounts were right, and five were of a cheque that contradicts itself.",
    )
    contradicts: float = measured(
        9.0,
        "nats",
        (8.5, 30.0),
        "Words contradict figures that they explain so much worse. More than what a hidden end costs. On 45 cheques to "
        "build on, right figures are at most 7 behind where the words say the same, and misread ones 26 or more.",
    )


NOISE = NoiseConstants()
AGREEMENT = AgreementConstants()
LINE = LineConstants()
FRACTIONS = FractionConstants()
HABITS = HabitConstants()
SEARCH = SearchConstants()
