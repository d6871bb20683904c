"""Evidence for the numbers of a table: its cells as all recognisers read them in, what speaks for each value out.

A cell does not stand alone: what its column holds tells a grade from a number, and a point from a speck.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ml.reading.acceptance.evidence import CellFeatures
from ml.reading.acceptance.model import log_odds
from ml.reading.elements import Digit, Hypothesis
from ml.reading.fields.decide import candidate_scores, digits_of
from ml.reading.numbers.constants import VERDICTS
from ml.reading.numbers.features import contrast_and_grain, no_digit_chances
from ml.reading.reader import Reader
from ml.reading.recognisers.calibration import DecisionRule
from ml.reading.recognisers.combine import difference_in, ranked_hypotheses
from ml.reading.recognisers.constants import PRINTED
from ml.reading.tables.agreed import AgreedNumbers, number_of
from ml.reading.tables.constants import CELLS
from ml.reading.tables.printing import BY_HAND, PrintEvidence, print_evidence
from ml.reading.tables.recognise import ReadCell
from ml.reading.tables.settle import with_marks_settled

RINGED = "A ring around the digit touches it: together they may look like another one."

_ODDITIES = ("torn", "on_rule", "parted", "lines")
"""Features that bar a number."""


@dataclass(frozen=True, slots=True, eq=False)
class CellEvidence:
    """The number in a cell with all that tells whether it is right.

    Attributes:
        cell: As each recogniser read it.
        value: The likeliest value.
        text: A text that has it.
        features: What acceptance judges by.
        hypotheses: The likeliest values, best first.
        doubts: Sentences on why the text may have another value.
        difference: A sentence where recognisers read it differently; None where they do not.
        digits: Its digits, their boxes in ink pixels of the page; none where the network of notes saw no room for them.
        printed: The probability that a machine printed it.
    """

    cell: ReadCell
    value: str
    text: str
    features: CellFeatures
    hypotheses: tuple[Hypothesis, ...]
    doubts: tuple[str, ...]
    difference: str | None
    digits: tuple[Digit, ...]
    printed: float

    @property
    def has_weak_digit(self) -> bool:
        """Whether one of its digits is less probable than all others together."""
        return _weakest(self.digits) < VERDICTS.least_digit

    @property
    def is_barred(self) -> bool:
        """Whether a person is asked, however sure the recognisers are: what stands there has no one meaning.

        Drawn tables have too few cells with two numbers, or with writing on a rule, for a model to know them.
        """
        return bool(self.doubts or self.difference or self.oddities) or self.has_weak_digit

    @property
    def is_printed(self) -> bool:
        """Whether a machine surely printed it: then it is the form's own."""
        return self.printed >= PRINTED.surely

    @property
    def oddities(self) -> tuple[str, ...]:
        """Sentences on what is odd about the writing in the cell."""
        names = self.features.names()
        odd = (at for at, name in enumerate(names) if name in _ODDITIES and getattr(self.features, name) > 0)
        return tuple(self.features.reason(at) for at in odd)


def evidence_in(
    read: Sequence[ReadCell], scale: float, reader: Reader, *, are_answers: bool = False
) -> list[CellEvidence | None]:
    """The evidence for the number in each cell of a table; None where a cell holds none.

    Args:
        read: All written cells of the table.
        scale: Pixels of the page to one ink pixel.
        reader: Its decision rules combine the recognisers.
        are_answers: It is known that these cells are filled in by hand, so that print speaks against none.
    """
    chances = reader.print_chances([cell.writing.cutting.line for cell in read])
    settled = with_marks_settled(read)
    agreed = AgreedNumbers.among(settled)
    printing = [BY_HAND] * len(settled) if are_answers else print_evidence(settled, chances)
    return [
        _evidence(cell, agreed, scale, reader, chance, evidence)
        for cell, chance, evidence in zip(settled, chances, printing, strict=True)
    ]


def _evidence(
    cell: ReadCell, agreed: AgreedNumbers, scale: float, reader: Reader, printed: float, printing: PrintEvidence
) -> CellEvidence | None:
    rule, scores = _rule(cell, reader), candidate_scores(cell.posteriors)
    value, support = rule.calibration.evidence(scores)
    if not value or not cell.holds_number:
        return None
    text, interpretation = next(each.texts[value] for each in cell.posteriors if value in each.texts)
    confidence = rule.calibration.confidence(support)
    digits = digits_of(cell.line, text, lambda box: box)
    return CellEvidence(
        cell,
        value,
        text,
        features_of_cell(cell, value, text, agreed, (confidence, _weakest(digits)), printing, scale),
        ranked_hypotheses(scores, rule.calibration.posterior(scores), confidence),
        (*interpretation.doubts, RINGED) if cell.writing.is_ringed else interpretation.doubts,
        difference_in(scores.best_values, value, none="nothing"),
        digits,
        printed,
    )


def _weakest(digits: Sequence[Digit]) -> float:
    """The probability of the least sure of some digits, 0 to 1; 0.0 where there are none."""
    return min((digit.confidence for digit in digits), default=0.0)


def _rule(cell: ReadCell, reader: Reader) -> DecisionRule:
    """The decision rule for the recognisers that were asked about a cell."""
    rule = reader.field_decision_rule
    asked_all = len(cell.posteriors) == len(rule.calibration.weights)
    return rule if asked_all else reader.field_network.rule_alone


def features_of_cell(
    cell: ReadCell,
    value: str,
    text: str,
    agreed: AgreedNumbers,
    sure: tuple[float, float],
    printing: PrintEvidence,
    scale: float,
) -> CellFeatures:
    """The features of a cell's value.

    Args:
        cell: The cell.
        value: Its likeliest value.
        text: A text that has it.
        agreed: What the written cells of the table hold.
        sure: The probability of the value, and of its least sure digit.
        printing: Whether a machine printed it.
        scale: Pixels of the page to one ink pixel.
    """
    writing, decoded = cell.writing, cell.decoded
    fields, by_digits, *second = cell.posteriors
    column = agreed.column_of(cell)
    values = [other for other in column if other is not None]
    others, others_agreed = agreed.others(cell)
    signs = len(re.sub("[0-9]", "", text))
    contrast, grain = contrast_and_grain(writing.picture)
    return CellFeatures(
        pool=log_odds(sure[0]),
        fields=log_odds(fields.probability_of(value)),
        digits=log_odds(by_digits.probability_of(value)),
        second=log_odds(second[0].probability_of(value) if second else 1.0),
        weakest=log_odds(sure[1]),
        number=log_odds(sum(fields.probabilities.values())),
        no_digit=log_odds(max(no_digit_chances(decoded.digits if decoded else ()))),
        differ=float(sum(posterior.best != value for posterior in cell.posteriors)),
        small=float(min(CELLS.most_small, max(0, writing.small_marks - signs))),
        unclear=float(decoded is None or bool(decoded.checks)),
        torn=float(writing.is_torn),
        on_rule=float(writing.is_on_rule),
        parted=float(writing.is_parted),
        lines=float(writing.line_count - 1),
        height=math.log2(writing.digit_height * scale),
        contrast=contrast,
        grain=grain,
        single=float(sum(sign.isdigit() for sign in value) == 1),
        signs=float(signs),
        minus=float("-" in value),
        column=_share(len(values), len(column)),
        table=_share(others_agreed, others),
        alike=_share(sum(_shape(other) == _shape(value) for other in values), len(values)),
        point=_share(sum(("." in other) == ("." in value) for other in values), len(values)),
        far=_distance(value, values),
        running=agreed.running(cell, value),
        sums=agreed.summed(cell, value),
        print=printing.own,
        print_row=printing.row,
        print_column=printing.column,
    )


def _share(hits: int, count: int) -> float:
    """A share of few, drawn towards one half."""
    return (hits + 1) / (count + 2)


def _shape(value: str) -> tuple[int, int]:
    """How many digits a value has before its point, and behind it."""
    whole, _, rest = value.lstrip("-").partition(".")
    return len(whole), len(rest)


def _distance(value: str, others: Sequence[str]) -> float:
    """How far the nearest of other values is: the logarithm to the base 2 of their ratio, without its sign."""
    numbers = [abs(float(number)) + 1 for each in others if (number := number_of(each)) is not None]
    if (number := number_of(value)) is None or not numbers:
        return 0.0
    own = abs(float(number)) + 1
    return min(CELLS.farthest, min(abs(math.log2(own / other)) for other in numbers))
