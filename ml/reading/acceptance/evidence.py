"""Evidence: what is known of a number, by the kind of place where it stands.

Log-odds are those of probabilities; heights and widths are of pixels of the page, their logarithms to the base 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ml.reading.acceptance.model import Features, better, worse

UNSURE_MARKS = "A point, comma, minus or stroke may have been missed or misread."
WEAK_DIGIT = "One of the digits is not clear."
AT_EDGE = "This stands at the edge of the picture: a part of it may be cut off."
SEEMS_PRINTED = "This seems to be printed: it may be the form's own number, and no answer."


@dataclass(frozen=True, slots=True)
class NumberFeatures(Features):
    """The evidence for a number on a page of which nothing is known.

    Attributes:
        digits: Log-odds of the digits after the recognisers of digits.
        weakest: Log-odds of the least sure digit.
        no_digit: Log-odds that the glyph least like a digit is none.
        string: Log-odds of the digits by the network of strings alone.
        signs: Log-odds of the digits by the recognisers with signs, whatever the marks; the least of them.
        marks: Log-odds of the marks, if the digits are right.
        notes: Log-odds of the number with its marks by the network of notes.
        second: The same by the second reader; those of a sure one where it was not asked.
        letters: The probability that letters or other signs stand with them.
        height: Of a digit, in pixels of the page: the logarithm to the base 2.
        stroke: Of the pen's width, in pixels of the page, likewise.
        contrast: Of the ink against its paper, 0 to 1.
        grain: Of the paper around the ink, as a share of the contrast.
        uneven: Standard deviation of the digits' heights, as a share of the height.
        unexplained: Ink of the strip that belongs to no digit, as a share of a digit's.
        beside: Ink close beside the strip on its line, as a share of a digit's.
        farther: The same, farther from it.
        rim: Distance to the rim of the picture, in heights of a digit, at most 1.
        width: Of a digit, as a share of the height: the logarithm to the base 2, without its sign.
        ones: Share of 1s among the digits: any stroke looks like one.
        tall_one: How much the tallest 1 between other digits is taller than these, as a share of their height: strokes
            between numbers are.
        leaning: Width of the widest 1 between other digits, as a share of its height.
        strokes: 1 where a stroke is read between digits, else 0.
        date: 1 where the digits with strokes in place of two 1s are a day, else 0.
        single: 1 for a single digit, 0 for more.
        many: Digits beyond six: numbers are seldom longer.
        others: The height compared with the page's other numbers: the logarithm to the base 2, without its sign.
        differ: Recognisers of digits that hold another value likeliest.
        odd: 1 where digit by digit it does not read the same, else 0.
        unclear: 1 where small marks were not understood digit by digit, and no point, minus or stroke explains them.
        cut: Strokes that run into the rim of the picture close to the number, in digits' ink.
        print: Log-odds that a machine printed it; in a picture that is one number it is not asked.
        company: Share of the page's other numbers that are clear, digit by digit and as a whole; of few it is drawn
            towards one half.
    """

    digits: float = better("The digits are not clear.")
    weakest: float = better(WEAK_DIGIT)
    no_digit: float = worse("One of the marks may be no digit.")
    string: float = better("Read as a whole, the digits are not clear.")
    signs: float = better("The readers do not all read these digits.")
    marks: float = better(UNSURE_MARKS)
    notes: float = better("Read as a whole, this is not clear.")
    second: float = better("The readers do not all read this number.")
    letters: float = worse("Letters or other signs may stand with these digits.")
    height: float = better("The digits are only {height:.0f} pixels high.")
    stroke: float = better("The strokes are only {stroke:.1f} pixels wide.")
    contrast: float = better("The writing is hardly darker than its paper.")
    grain: float = worse("The paper has a pattern that looks like writing.")
    uneven: float = worse("The digits have different heights.")
    unexplained: float = worse("There is ink here that no digit explains.")
    beside: float = worse("More ink stands close beside this: a digit may have been left out.")
    farther: float = worse("More ink stands beside this: a digit may have been left out.")
    rim: float = better(AT_EDGE)
    width: float = worse("These marks are narrower or wider than digits are.")
    ones: float = worse("Most of these digits are single strokes.")
    tall_one: float = worse("One of the 1s is taller than the other digits: it may be a stroke between two numbers.")
    leaning: float = worse("One of the 1s leans: it may be a stroke between two numbers.")
    strokes: float = worse("A stroke between these digits may be a 1.")
    date: float = worse("This may be a date: two of the 1s may be strokes.")
    single: float = worse("A digit that stands alone on a page may be a letter that looks like one.")
    many: float = worse("This has more digits than numbers usually have.")
    others: float = worse("This is much larger or smaller than the other numbers of the page.")
    differ: float = worse("The readers do not all read these digits.")
    odd: float = worse("Digit by digit, this does not read the same.")
    unclear: float = worse(
        "Small marks beside the digits were not understood: a digit, or a part of one, may have been missed."
    )
    cut: float = worse("A stroke runs into the edge of the picture: a part of this may be cut off.")
    print: float = worse(SEEMS_PRINTED)
    company: float = better("Most of what looks like a number on this page is not clear.")


@dataclass(frozen=True, slots=True)
class CellFeatures(Features):
    """The evidence for a number in a cell of a table.

    A share of few cells is drawn towards one half: one more cell counts for it, and one against.

    Attributes:
        pool: Log-odds of the value after all recognisers.
        fields: Log-odds of the value by the network of notes.
        digits: Log-odds of the value by the recognisers of digits.
        second: Log-odds of the value by the second reader; those of a sure one where it was not asked.
        weakest: Log-odds of the least sure digit.
        number: Log-odds that a number stands there, and no word, by the network of notes.
        no_digit: Log-odds that the glyph least like a digit is none.
        differ: Recognisers that hold another value likeliest.
        small: Small marks that are neither digits nor signs of the text.
        unclear: 1 where marks were not understood digit by digit, or no digits were found so, else 0.
        torn: 1 where a mark stands in a neighbouring cell too, else 0.
        on_rule: 1 where a stroke lies along a rule, else 0.
        parted: 1 where there is a gap as between two numbers, else 0.
        lines: Lines of writing beyond the first.
        height: Of a digit.
        contrast: Of the ink against its paper, 0 to 1.
        grain: Of the paper around the ink, as a share of the contrast.
        single: 1 for a single digit, 0 for more.
        signs: Points, commas and dashes.
        minus: 1 where a minus stands before it, else 0.
        column: Share of the column's other written cells that hold a number that all recognisers read alike.
        table: The same share among all other written cells of the table.
        alike: Share of those of the column that have as many digits before and after the point.
        point: Share of those of the column that have a point if this has one, and none if it has none.
        far: Distance to the nearest value of the column: the logarithm to the base 2 of their ratio, without its sign.
        running: 1 where it continues numbers that run on from row to row in its column, -1 where they run on without
            it, 0 where none do.
        sums: 1 where it is part of a sum of its row or column that adds up, -1 where most other rows or columns of the
            table add up and its own does not, 0 where nothing is known.
        print: Log-odds that a machine printed it.
        print_row: Their mean over the other written cells of its row; that of few is drawn towards 0.
        print_column: The same of its column.
    """

    pool: float = better("The digits are not clear.")
    fields: float = better("Read as a whole, the digits are not clear.")
    digits: float = better("Digit by digit, this is not clear.")
    second: float = better("The readers do not all read this number.")
    weakest: float = better(WEAK_DIGIT)
    number: float = better("This may be a word or a letter.")
    no_digit: float = worse("One of the marks may be no digit.")
    differ: float = worse("The readers do not all read this number.")
    small: float = worse("Small marks beside the digits were not understood: a point may have been missed.")
    unclear: float = worse("There are marks here that were not understood digit by digit.")
    torn: float = worse("Writing reaches over a rule, so a part of it may belong to the cell beside it.")
    on_rule: float = worse("Writing lies on a rule, so a part of it may have gone with the rule.")
    parted: float = worse("There is a wide gap in this cell, so two numbers may stand here.")
    lines: float = worse("More than one line of writing stands in this cell.")
    height: float = better("The digits are only {height:.0f} pixels high.")
    contrast: float = better("The writing is hardly darker than its paper.")
    grain: float = worse("The paper has a pattern that looks like writing.")
    single: float = worse("A digit that stands alone may be a letter that looks like one.")
    signs: float = worse("The marks between the digits may have been misread.")
    minus: float = worse("The stroke before the digits may be no minus.")
    column: float = better("Most of this column seems to hold no numbers, so this may be a letter or a word.")
    table: float = better("Much of this table was not read as numbers.")
    alike: float = better("The other numbers of this column have more or fewer digits.")
    point: float = better("This has a point where the column's other numbers have none, or none where they have one.")
    far: float = worse("This is much larger or smaller than the other numbers of its column.")
    running: float = better(
        "The numbers of this column run on from row to row, but not with this one.", nothing_known=0.0
    )
    sums: float = better(
        "Other rows or columns of this table add up, but not the one with this number.", nothing_known=0.0
    )
    print: float = worse(SEEMS_PRINTED)
    print_row: float = worse("The other cells of this row seem to be printed: it may be the form's own number.")
    print_column: float = worse("The other cells of this column seem to be printed: it may be the form's own number.")


@dataclass(frozen=True, slots=True)
class AmountFeatures(Features):
    """The evidence for an amount in figures beside which the same amount stands in words.

    Attributes:
        figures: Log-odds of the value by the figures alone, calibrated.
        margin: By how many nats the words explain the value better than any with other digits before the cents, at most
            40; below 0 where they explain another one better; 0 where they say nothing.
        cents: The same against amounts with other cents.
        explained: Share of what stands on the words' line that the likeliest amount explains.
        doubts: What makes the figures doubtful: marks in odd places, a mark that may be a digit, recognisers that
            differ.
        height: Of a digit of the figures, in pixels of the page: the logarithm to the base 2.
        contrast: Of the figures' ink against its paper, 0 to 1.
        grain: Of the paper around that ink, as a share of the contrast.
    """

    figures: float = better("The figures are not clear.")
    margin: float = better("The words may say another amount.", nothing_known=0.0)
    cents: float = better("The words may say other cents.", nothing_known=0.0)
    explained: float = better("The words are not clear.")
    doubts: float = worse("The marks in the figures are not clear.")
    height: float = better("The digits are only {height:.0f} pixels high.")
    contrast: float = better("The writing is hardly darker than its paper.")
    grain: float = worse("The paper has a pattern that looks like writing.")


Place = Literal["strip", "box", "cell", "page", "amount"]
"""Where a number stands: in a picture that is one number, in a row of boxes, in a cell of a table, elsewhere on a page
without a layout, or in figures beside the same amount in words."""

EVIDENCE: Mapping[Place, type[Features]] = {
    "strip": NumberFeatures,
    "box": NumberFeatures,
    "cell": CellFeatures,
    "page": NumberFeatures,
}
"""What is known of a number in each place where no layout tells what it is."""
