"""A field or number as it was read, and what people decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models, transaction

from ml.reading.elements import Cell, Provenance, Reading
from ml.reading.forms.layouts import Kind, LayoutField
from recognition.export import digit_as_json, readings_as_json, words_as_json, writing_as_json
from recognition.models.decision import Decision
from recognition.values import VALUE_LENGTH, check, day_of

AMOUNT_IN_WORDS = "amount_in_words"
"""The field of the legal amount, with which people compare the courtesy amount."""

DIFFERING = (
    "Read in two ways: ",
    "Read in several ways: ",
    "Read as ",
    "Two places contradict each other: ",
    "Figures and words contradict each other: ",
)
"""How the reader's checks begin that tell of two values for one field; a test compares them with the reader's words."""

_ABBREVIATIONS = {"micr": "MICR", "id": "ID"}


def name_in_words(field: str) -> str:
    """A field's name as people see it: "Cheque number"."""
    words = [_ABBREVIATIONS.get(word, word) for word in field.replace("-", "_").split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


class ChangedMeanwhile(Exception):
    """The reading is no longer as the person saw it who decides on it."""


class Outcome(models.TextChoices):
    """What came of a reading: the reader's value holds, or a person's decision does, or neither yet."""

    READ = "read", "Read and accepted"
    CONFIRMED = "confirmed", "Confirmed by a person"
    CORRECTED = "corrected", "Corrected or entered by a person"
    UNREADABLE = "unreadable", "Called unreadable by a person"
    ABSENT = "absent", "Called absent by a person"
    WAITING = "waiting", "Waits for a person"
    NOTHING = "nothing", "Nothing was read, and nobody has to look"

    @property
    def has_final_value(self) -> bool:
        """Whether the value that stands there may be used."""
        return self in (Outcome.READ, Outcome.CONFIRMED, Outcome.CORRECTED)


class FieldReading(models.Model):
    """A field of a page's layout, or on a page without a layout a number or a cell of a table.

    A reading never changes. A person's decision on it is saved beside it, as a `Decision`.
    """

    page = models.ForeignKey("recognition.Page", on_delete=models.CASCADE, related_name="readings")
    position = models.PositiveIntegerField("place in reading order, from 1")
    of_layout = models.BooleanField("a field that the page's layout names", default=False)
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, default=Kind.DIGITS.value)
    currency = models.CharField("of an amount, by ISO 4217", max_length=3, blank=True)
    text = models.CharField("as written", max_length=VALUE_LENGTH, blank=True)
    value = models.CharField("as read; empty where nothing was", max_length=VALUE_LENGTH, blank=True, db_index=True)
    confidence = models.FloatField()
    accepted = models.BooleanField("may pass without a person")
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digits = models.JSONField("each digit: digit, confidence, box [x, y, w, h], alternatives")
    checks = models.JSONField(default=list)
    readings = models.JSONField("the likeliest values: value, confidence", default=list)
    writing = models.JSONField("how it was written: words, and the figures behind them", null=True, default=None)
    words = models.JSONField("the amount in words: text, value, confidence, agreement, box", null=True, default=None)
    model_sha256 = models.CharField(max_length=64)
    settings = models.CharField(max_length=300)
    asked = models.BooleanField("whether a person is asked where it was not accepted", default=True)
    table = models.ForeignKey("recognition.Table", on_delete=models.CASCADE, related_name="cells", null=True)
    row = models.PositiveIntegerField("in its table, from 0", null=True)
    column = models.PositiveIntegerField("in its table, from 0", null=True)
    row_span = models.PositiveIntegerField("rows of its table that its cell spans", default=1)
    column_span = models.PositiveIntegerField("columns of its table that its cell spans", default=1)
    cell_box = models.JSONField("around its cell: [x, y, w, h]", null=True)

    class Meta:
        ordering = ("page__number", "position")
        constraints = (
            models.UniqueConstraint(fields=["page", "position"], name="one_reading_a_place"),
            models.UniqueConstraint(fields=["table", "row", "column"], name="one_reading_a_cell"),
        )

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, page_id: int, position: int, reading: Reading, *, of_layout: bool = False) -> FieldReading:
        """An unsaved row for what was read."""
        left, top, width, height = reading.box.xywh
        return cls(
            page_id=page_id,
            position=position,
            of_layout=of_layout,
            field=reading.field,
            kind=reading.kind,
            currency=reading.currency,
            text=reading.text[:VALUE_LENGTH],
            value=reading.value[:VALUE_LENGTH],
            confidence=reading.confidence,
            accepted=reading.accepted and len(reading.value) <= VALUE_LENGTH,
            left=left,
            top=top,
            width=width,
            height=height,
            digits=[digit_as_json(digit) for digit in reading.digits],
            checks=list(reading.checks),
            asked=not (reading.kind == Kind.TABLE and reading.accepted),  # its cells are told, and asked about
            readings=readings_as_json(reading),
            writing=writing_as_json(reading.writing),
            words=words_as_json(reading.words),
            model_sha256=reading.provenance.model_sha256,
            settings=reading.provenance.settings,
        )

    @classmethod
    def without_number(cls, page_id: int, position: int, cell: Cell, made_by: Provenance) -> FieldReading:
        """An unsaved row for a cell of a table in which no number was read, so that a person can give it one."""
        nothing = Reading("number", "", "", 0.0, False, (), cell.box, made_by, kind=Kind.NUMBER.value)
        return cls.of(page_id, position, cell.reading or nothing)

    def put_in(self, table_id: int, cell: Cell) -> None:
        """Note, before it is saved, in which cell of a table it stands."""
        self.table_id = table_id
        self.row, self.column, self.row_span, self.column_span = cell.row, cell.column, cell.rows, cell.columns
        self.cell_box = list(cell.box.xywh)

    @classmethod
    def in_doubt(cls) -> models.QuerySet[FieldReading]:
        """The readings for which `needs_person` is true."""
        nothing = models.Q(value="", text="", checks=[])
        asked = cls.objects.filter(~models.Exists(_decided()), accepted=False, asked=True)
        return asked.exclude(kind=Kind.SHOW.value).exclude(nothing)

    @classmethod
    def told(cls) -> models.QuerySet[FieldReading]:
        """The readings for which `is_told` is true."""
        return cls.objects.filter(models.Q(asked=True) | models.Exists(_decided()))

    @property
    def is_told(self) -> bool:
        """Whether lists and counts tell of it.

        They do not tell of a cell without a number about which nobody is asked, nor of a table that was read, because
        they tell of its cells.
        """
        return self.asked or self.decision is not None

    @property
    def needs_person(self) -> bool:
        """Whether it was not accepted and nobody has decided on it yet.

        Fields that are only shown need no person. Nor do fields that may be absent and seem to be, nor cells of tables
        that are empty or hold words.
        """
        asks = self.asked and self.kind != Kind.SHOW and not self.is_empty
        return asks and not self.accepted and self.decision is None

    @property
    def is_empty(self) -> bool:
        """Whether the reader saw nothing there."""
        return not (self.value or self.text or self.checks)

    @property
    def label(self) -> str:
        """The name that people see: "Cheque number", "Number 3", "Row 2, column 5", "Row 2, Maths"."""
        if self.table is not None and self.row is not None and self.column is not None:
            columns = self.table.columns[self.column : self.column + self.column_span]
            return f"Row {self.row + 1}, {' and '.join(columns) or f'column {self.column + 1}'}"
        return name_in_words(self.field) if self.of_layout else f"Number {self.position}"

    @property
    def decision(self) -> Decision | None:
        """The latest decision that stands, or None; uses what `prefetch_related("decisions")` fetched."""
        made = self.decisions.all()
        undone = {decision.reverses_id for decision in made}
        standing = (decision for decision in made if decision.reverses_id is None and decision.pk not in undone)
        return max(standing, key=lambda decision: decision.pk, default=None)

    @property
    def version(self) -> int:
        """The key of what was last decided or undone; 0 before. A decision names the version it was made on."""
        return max((decision.pk for decision in self.decisions.all()), default=0)

    @property
    def outcome(self) -> Outcome:
        """What came of it until now."""
        decision = self.decision
        if decision is not None and decision.value:
            return Outcome.CONFIRMED if decision.confirms else Outcome.CORRECTED
        if decision is not None:
            return Outcome(decision.verdict)
        if self.needs_person:
            return Outcome.WAITING
        return Outcome.READ if self.accepted and (self.value or self.kind == Kind.TABLE) else Outcome.NOTHING

    @property
    def readings_differ(self) -> bool:
        """Whether nobody has decided yet between two values that the reader tells of."""
        return self.needs_person and any(check.startswith(DIFFERING) for check in self.checks)

    @property
    def layout_field(self) -> LayoutField | None:
        """The field in the layout that read the page; None without one, and where that layout no longer exists."""
        layout = self.page.layout_read if self.of_layout else None
        return next((field for field in layout.fields if field.name == self.field), None) if layout else None

    @property
    def current_value(self) -> str:
        """The value that holds now: that of the latest decision if there is one, else what was read."""
        decision = self.decision
        return decision.value if decision else self.value

    @property
    def current_day(self) -> date | None:
        """The day that holds now; None where it is no date."""
        return day_of(self.current_value) if self.kind == Kind.DATE else None

    @property
    def day_read(self) -> date | None:
        """The day that was read; None where it is no date."""
        return day_of(self.value) if self.kind == Kind.DATE else None

    @property
    def in_words(self) -> FieldReading | None:
        """For a courtesy amount, the field of the legal amount; uses what `prefetch_related` fetched for the page."""
        if self.kind != Kind.AMOUNT:
            return None
        layout = self.page.layout_read
        fields = layout.fields if layout else ()
        name = next((field.name for field in fields if field.words_of == self.field), AMOUNT_IN_WORDS)
        return next((other for other in self.page.readings.all() if other.field == name), None)

    @property
    def own_box(self) -> list[int]:
        """Its left, top, width and height on the page, in pixels."""
        return [self.left, self.top, self.width, self.height]

    @contextmanager
    def as_seen(self, version: int) -> Iterator[None]:
        """Keep the reading as a person saw it, while their decision on it is saved or undone.

        Decisions on a document wait for each other, and for whoever has it read again.

        Args:
            version: The reading's `version` when the person saw it.

        Raises:
            ChangedMeanwhile: It was decided on since, or its document is being read again, or that failed: the next
                reading would delete the decision.
        """
        with transaction.atomic():
            locked = FieldReading.objects.select_for_update(of=("page__document",)).select_related("page__document")
            # The condition is in the query: PostgreSQL locks no row that may be missing, and former pages have none.
            held = locked.filter(pk=self.pk, page__document__state="read").first()
            if held is None or held.version != version:
                raise ChangedMeanwhile
            yield

    def correct(self, value: str, by: Any, *, overrode: Iterable[str] = ()) -> Decision:
        """Save a person's value beside what was read.

        Args:
            value: As values of this kind are written.
            by: The person.
            overrode: The checks against this value that the person was told of, and kept it all the same.

        Raises:
            ValidationError: A value of this kind is written otherwise; the sentence says how.
        """
        check(self.kind, value)
        return Decision(
            reading=self, value=value, was=self.current_value, decided_by=by, overrode=list(overrode)
        ).keep()

    def set_aside(self, verdict: Decision.Verdict, by: Any) -> Decision:
        """Save a person's decision that there is no value: it cannot be read, or nothing stands there.

        Raises:
            ValueError: The verdict says that there is a value.
        """
        if verdict is Decision.Verdict.VALUE:
            raise ValueError("a value is kept by `correct`")
        return Decision(reading=self, verdict=verdict, was=self.current_value, decided_by=by).keep()

    def undo_correction(self, by: Any) -> None:
        """Undo the latest decision that stands, with a row of its own: the value before it holds again."""
        decision = self.decision
        if decision is not None:
            decision.reversal(by).keep()


def _decided() -> models.QuerySet[Decision]:
    """The decisions that stand on the outer query's reading."""
    return Decision.objects.standing().filter(reading=models.OuterRef("pk"))
