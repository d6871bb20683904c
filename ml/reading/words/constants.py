"""Constants of amounts in words: what wrong, missing and additional letters cost, and how wide the search is."""

from __future__ import annotations

from dataclasses import dataclass

from ml.reading.constants import Constants, by_eye, measured


@dataclass(frozen=True, slots=True)
class NoiseConstants(Constants):
    """How far the recogniser's frames are trusted.

    Counted with the second reader's frames on the lines of 12 US and 33 Indian cheques. Which amounts are right changes
    little between half and twice each value; `cut` and `lost` decide how sure a wrong amount can seem.
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


NOISE = NoiseConstants()
HABITS = HabitConstants()
SEARCH = SearchConstants()
