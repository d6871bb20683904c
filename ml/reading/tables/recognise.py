"""Ask all recognisers about the cells of a table: the writing of all cells in, posteriors of each cell's value out.

The lines of all cells go through each network together. The second reader is asked about the cells of which the
project's own networks are not sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ml.reading.cells.writing import CellWriting
from ml.reading.elements import Hypothesis
from ml.reading.fields.candidate_lines import CandidateLine, transcribe_lines
from ml.reading.fields.constants import RECOGNITION
from ml.reading.fields.decide import candidate_scores
from ml.reading.fields.interpret import FieldPosterior, likeliest
from ml.reading.forms.layouts import ANY_NUMBER
from ml.reading.forms.written import digit_strings
from ml.reading.ink.zones import ZoneLine
from ml.reading.numbers.ask import decoded_strips
from ml.reading.reader import Reader
from ml.reading.recognisers import combine
from ml.reading.recognisers.combine import Number
from ml.reading.recognisers.decode import Decoded
from ml.reading.recognisers.transcribe import Transcript
from ml.reading.tables.constants import CELLS
from ml.reading.tables.values import posterior_of


@dataclass(frozen=True, slots=True, eq=False)
class ReadCell:
    """The writing in a cell as each recogniser read it.

    Attributes:
        writing: The writing.
        line: What the network of notes made of it; its boxes are in ink pixels of the page.
        decoded: Digit by digit; None where that finds no number.
        posteriors: Of the network of notes, of the recognisers of digits, and of the second reader if it was asked.
    """

    writing: CellWriting
    line: CandidateLine
    decoded: Decoded | None
    posteriors: tuple[FieldPosterior, ...]

    @property
    def holds_number(self) -> bool:
        """Whether the network of notes reads a number rather than words."""
        return sum(self.posteriors[0].probabilities.values()) >= CELLS.no_number

    @property
    def is_agreed(self) -> bool:
        """Whether it holds a number that all recognisers read alike."""
        return self.holds_number and len({posterior.best for posterior in self.posteriors}) == 1


def read_cells(written: Sequence[CellWriting], scale: float, reader: Reader) -> list[ReadCell]:
    """Ask all recognisers about cells.

    Args:
        written: The writing of each cell.
        scale: Pixels of the page to one ink pixel.
        reader: Its networks are asked.
    """
    lines = [_zone_line(writing) for writing in written]
    transcripts = transcribe_lines(lines, reader.field_network.notes)
    strips = [writing.cutting.strip for writing in written]
    _, found = decoded_strips(strips, scale, ANY_NUMBER, reader)
    by_digits = [decoded if decoded is not None and decoded.is_number else None for decoded in found]
    strings = reader.transcriber.transcribe([writing.cutting.line for writing in written])
    cells = []
    for at, writing in enumerate(written):
        fields = posterior_of(transcripts[at].hypotheses, points=writing.has_points)
        digits = _digits_alone(by_digits[at], strings[at], writing, fields, reader)
        line = CandidateLine(lines[at], transcripts[at], fields)
        cells.append(ReadCell(writing, line, by_digits[at], (fields, digits)))
    return _ask_second_reader(cells, reader)


def _zone_line(writing: CellWriting) -> ZoneLine:
    return ZoneLine(writing.box, writing.picture, writing.corner, writing.digit_height)


def _digits_alone(
    decoded: Decoded | None, string: Transcript, writing: CellWriting, fields: FieldPosterior, reader: Reader
) -> FieldPosterior:
    """The posterior of the recognisers of digits alone: each value that was proposed has that of its digits."""
    hypotheses = _digit_hypotheses(decoded, string, writing, reader)
    probabilities = {hypothesis.text: hypothesis.probability for hypothesis in hypotheses}
    ways = {value: digit_strings(value) for value in fields.texts}
    known = {value: sum(probabilities.get(way, 0.0) for way in strings) for value, strings in ways.items()}
    best_digits = likeliest(probabilities)
    fitting = [value for value, strings in ways.items() if best_digits in strings]
    best = max(fitting, key=fields.probability_of, default=best_digits)
    return FieldPosterior(best, {value: probability for value, probability in known.items() if probability}, {})


def _digit_hypotheses(
    decoded: Decoded | None, string: Transcript, writing: CellWriting, reader: Reader
) -> tuple[Hypothesis, ...]:
    """The likeliest strings of digits, of the reading by digits and the network of strings together."""
    if decoded is None:
        return ()
    scores = combine.candidate_scores(Number(decoded, string, writing.cutting))
    if not scores.values:
        return ()
    calibration = reader.rule_alone.calibration
    _, evidence = calibration.evidence(scores)
    return combine.ranked_hypotheses(scores, calibration.posterior(scores), calibration.confidence(evidence))


def _ask_second_reader(cells: list[ReadCell], reader: Reader) -> list[ReadCell]:
    """Ask the second reader where the project's own networks are not sure, or a digit alone may be a letter."""
    if reader.second is None:
        return cells
    asked = [at for at, cell in enumerate(cells) if _is_asked(cell, reader, reader.second.asked_below)]
    pictures = [cells[at].writing.picture for at in asked]
    transcripts = reader.second.reader.transcribe_fields(pictures, RECOGNITION.hypotheses)
    answers = dict(zip(asked, transcripts, strict=True))
    return [_with_second(cell, answers[at]) if at in answers else cell for at, cell in enumerate(cells)]


def _is_asked(cell: ReadCell, reader: Reader, sure: float) -> bool:
    if not cell.holds_number:
        return False
    fields, digits = cell.posteriors
    calibration = reader.field_network.rule_alone.calibration
    value, evidence = calibration.evidence(candidate_scores(cell.posteriors))
    differ = {fields.best, digits.best} != {value}
    return differ or len(value) == 1 or calibration.confidence(evidence) < sure


def _with_second(cell: ReadCell, transcript: Transcript) -> ReadCell:
    """A cell with the second reader's posterior. A mark that it overlooked is taken from the network of notes."""
    fields = cell.posteriors[0]
    second = posterior_of(transcript.hypotheses, points=cell.writing.has_points)
    return replace(cell, posteriors=(*cell.posteriors, second)) if fields.texts else cell
