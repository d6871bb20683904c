"""Layouts: kinds of documents. A layout lists a document's fields, their zones on the sheet, and what each holds.

Layouts are data with versions; `layout_json` reads and writes them. Zones are shares of the sheet, 0 to 1 from its top
left; sizes are in millimetres.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from ml.reading.elements import Place
from ml.reading.errors import BadLayout
from ml.reading.forms.constants import LAYOUT
from ml.reading.forms.dates import Order
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.money import Convention

_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


LANGUAGES = ("en", "en-india")
"""The languages of amounts in words. Each has its table in `ml.reading.words`."""


class Kind(StrEnum):
    """What a field holds."""

    AMOUNT = "amount"
    DATE = "date"
    DIGITS = "digits"
    NUMBER = "number"
    POSTAL_CODE = "postal_code"
    MICR = "micr"
    TABLE = "table"
    SHOW = "show"


class ColumnKind(StrEnum):
    """What a column of a table holds, as far as its layout says."""

    NUMBER = "number"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its heading, in any words.
        kind: Whether a number is read in each of its cells, or none.

    Raises:
        BadLayout: It has no name, or too long a one.
    """

    name: str
    kind: ColumnKind = ColumnKind.NUMBER

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LAYOUT.longest_label:
            raise BadLayout(f"A column of a table has a name, of {LAYOUT.longest_label} characters at most.")


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a layout says of a table. How many rows it has is seen on the page.

    Attributes:
        columns: From the left.
        header_rows: How many rows stand above the first value.

    Raises:
        BadLayout: It has no column or too many, two of one name, or too many rows above its values.
    """

    columns: tuple[Column, ...]
    header_rows: int = 0

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not 1 <= len(names) <= LAYOUT.most_columns:
            raise BadLayout(f"A table has 1 to {LAYOUT.most_columns} columns.")
        if len(set(names)) < len(names):
            raise BadLayout("Two columns of a table have the same name.")
        if not 0 <= self.header_rows <= LAYOUT.most_header_rows:
            raise BadLayout(f"Above a table's values stand 0 to {LAYOUT.most_header_rows} rows.")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, from the left."""
        return tuple(column.name for column in self.columns)

    def is_read(self, rows: range, columns: range) -> bool:
        """Whether a number is looked for in a cell that spans these rows and columns, both from 0."""
        in_columns = any(self.columns[at].kind is ColumnKind.NUMBER for at in columns)
        return rows.stop > self.header_rows and in_columns


@dataclass(frozen=True, slots=True)
class LayoutField:
    """A field of a layout.

    Attributes:
        name: Small letters, digits and underscores: "amount", "cheque_number".
        kind: What it holds.
        place: Its zone: the reader looks for a line of writing here. A field of the MICR line has that line's zone.
        printed: Whether its value is printed, not written by hand.
        required: Whether a document without it is incomplete.
        boxed: Whether the form has a box for each digit.
        length: Least and most digits, or None.
        pattern: A regular expression that matches each whole value; empty where there is no rule.
        convention: How the amount is written; None for all other kinds.
        order: The date's order of day, month and year; None for all other kinds.
        table: What is known of the table; None for all other kinds.
        in_micr: The part of the MICR line that holds the field, by its name in the layout's pattern; empty for fields
            outside that line.
        same_as: Another field of the layout that holds the same number; empty where there is none.
        sum_of: Other amounts of the layout that add up to this amount; empty where it is no sum.
        words_of: The amount that stands here in words, by its field's name; empty where none does.
        language: Of these words: a name of `LANGUAGES`.
        label: As the form prints it; empty where people see the field's name.

    Raises:
        BadLayout: An attribute breaks a rule; the sentence names it.
    """

    name: str
    kind: Kind
    place: Place
    printed: bool = False
    required: bool = True
    boxed: bool = False
    length: tuple[int, int] | None = None
    pattern: str = ""
    convention: Convention | None = None
    order: Order | None = None
    table: TableShape | None = None
    in_micr: str = ""
    same_as: str = ""
    sum_of: tuple[str, ...] = ()
    words_of: str = ""
    language: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > LAYOUT.longest_name:
            raise BadLayout(f"A field is named with small letters, digits and underscores, not {self.name!r}.")
        if (self.kind is Kind.AMOUNT) != (self.convention is not None):
            raise BadLayout(f"{self.name}: an amount has a currency and a decimal mark, and nothing else has.")
        if (self.kind is Kind.DATE) != (self.order is not None):
            raise BadLayout(f"{self.name}: a date has an order of day, month and year, and nothing else has.")
        if (self.kind is Kind.TABLE) != (self.table is not None):
            raise BadLayout(f"{self.name}: a table has columns, and nothing else has.")
        if self.order is not None and self.order not in get_args(Order):
            raise BadLayout(f"{self.name}: an order is {', '.join(get_args(Order))}, not {self.order!r}.")
        if self.length is not None and not 1 <= self.length[0] <= self.length[1] <= LAYOUT.most_digits:
            raise BadLayout(f"{self.name}: a length is from 1 to {LAYOUT.most_digits} digits, the least first.")
        if self.words_of and (self.kind is not Kind.SHOW or self.language not in LANGUAGES):
            raise BadLayout(f"{self.name}: an amount in words is shown, and in a language: {', '.join(LANGUAGES)}.")
        _check_pattern(f"{self.name}: its format", self.pattern)

    @property
    def display_name(self) -> str:
        """The name that people see: the label, or the field's name with spaces."""
        return self.label or self.name.replace("_", " ").replace("-", " ").capitalize()

    def mismatch(self, value: str) -> str | None:
        """A sentence on why a value breaks the field's rules of length and pattern; None where it keeps them."""
        if self.length is not None and not self.length[0] <= len(value) <= self.length[1]:
            least, most = self.length
            wanted = f"{least}" if least == most else f"{least} to {most}"
            return f"{len(value)} digits were read, and {wanted} belong here."
        if self.pattern and not re.fullmatch(self.pattern, value):
            return "What was read does not have the form that belongs here."
        return None


@dataclass(frozen=True, slots=True)
class MicrPlace:
    """What a layout's MICR line looks like, and where on the sheet it stands.

    Attributes:
        pattern: A regular expression for its text, with names for its parts.
        anchor: The symbol that stands at `at`: the first of its kind in the line.
        at: Millimetres from the sheet's top left to the anchor's lower left corner.

    Raises:
        BadLayout: The pattern is no regular expression, the anchor is no symbol, or its place is not finite.
    """

    pattern: str
    anchor: str
    at: tuple[float, float]

    def __post_init__(self) -> None:
        _check_pattern("The MICR line's pattern", self.pattern)
        if not re.fullmatch("[0-9⑆⑇⑈⑉]", self.anchor) or not all(map(math.isfinite, self.at)):
            raise BadLayout("A MICR line begins with one symbol, so many millimetres from the sheet's left and top.")

    def parts(self, text: str) -> dict[str, tuple[int, int]] | None:
        """Where each named part stands in a line's text.

        Returns:
            For each name the index of its first symbol, and the index behind its last; None where the line has no
            anchor or does not match the pattern.
        """
        match = re.search(self.pattern, text) if self.anchor in text else None
        return {name: match.span(name) for name in match.groupdict() if match[name]} if match else None


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of document: how its page is read.

    Attributes:
        name: "any", "one-number", "one-digit", or a form's.
        one_number: Whether the whole picture is one number; marks around and between its digits are ignored.
        one_digit: Whether only the digit in the picture's middle is read; its neighbours may reach in at the sides.
        title: The name that people see.
        version: From 1; a result names the version that read it.
        size: The sheet's width and height in millimetres; None where it may have any.
        micr: What its MICR line looks like; None where the form has none.
        landmarks: What the form prints, from a sample of it; None where it is not known by that.
        fields: In the order in which people see them. A page without fields is searched for all its numbers.
        printable: Whether its blank sheet can be drawn from this layout, and printed.

    Raises:
        BadLayout: An attribute breaks a rule; the sentence names it.
    """

    name: str
    one_number: bool = False
    one_digit: bool = False
    title: str = ""
    version: int = 1
    size: tuple[float, float] | None = None
    micr: MicrPlace | None = None
    landmarks: Landmarks | None = None
    fields: tuple[LayoutField, ...] = ()
    printable: bool = False

    def __post_init__(self) -> None:
        self._check_names()
        for field in self.fields:
            self._check_references(field)
            self._check_sum(field)
        self._check_size()

    @property
    def has_micr(self) -> bool:
        """Whether its sheets have a MICR line."""
        return self.micr is not None or any(field.kind is Kind.MICR for field in self.fields)

    def _check_names(self) -> None:
        names = [field.name for field in self.fields]
        if not _NAME.fullmatch(self.name) or len(self.name) > LAYOUT.longest_name:
            raise BadLayout(f"A layout is named with small letters, digits and hyphens, not {self.name!r}.")
        if len(set(names)) < len(names):
            raise BadLayout("Two fields have the same name.")
        if len(names) > LAYOUT.most_fields:
            raise BadLayout(f"A layout has at most {LAYOUT.most_fields} fields.")

    def _check_references(self, field: LayoutField) -> None:
        if field.in_micr and self.micr is None:
            raise BadLayout(f"{field.name}: this layout has no MICR line that it could be a part of.")
        names = [field.name for field in self.fields]
        if field.same_as and (field.same_as == field.name or field.same_as not in names):
            raise BadLayout(f"{field.name}: there is no other field {field.same_as!r} that could say the same.")
        if field.words_of and not any(other.name == field.words_of and other.convention for other in self.fields):
            raise BadLayout(f"{field.name}: there is no amount {field.words_of!r} that could stand here in words.")

    def _check_sum(self, field: LayoutField) -> None:
        parts = field.sum_of
        if not parts:
            return
        currencies = {amount.name: amount.convention.currency for amount in self.fields if amount.convention}
        if field.name not in currencies or len(parts) < 2 or len(set(parts)) < len(parts):
            raise BadLayout(f"{field.name}: an amount is the sum of two other amounts or more, each named once.")
        for part in parts:
            if part == field.name or currencies.get(part) != currencies[field.name]:
                raise BadLayout(
                    f"{field.name}: there is no other amount {part!r} in its currency that it could add up."
                )

    def _check_size(self) -> None:
        least, greatest = LAYOUT.least_printed, LAYOUT.greatest_printed
        if self.size is not None and not all(0 < side < math.inf for side in self.size):
            raise BadLayout(f"A sheet is so many millimetres wide and high, not {self.size[0]} and {self.size[1]}.")
        if self.micr is not None and self.size is None:
            raise BadLayout("A layout with a MICR line says how large its sheet is.")
        if self.printable and not (self.size and least <= min(self.size) and max(self.size) <= greatest):
            raise BadLayout(f"A sheet to be printed is {least} to {greatest} mm wide and high.")
        if self.printable and any(field.kind is Kind.TABLE for field in self.fields):
            raise BadLayout("A sheet to be printed has no table: it is not known how many rows to draw.")


ANY_NUMBER = Layout("any", title="Any picture: find every number in it")
"""Finds every number on the page."""

ONE_NUMBER = Layout("one-number", one_number=True)
"""The picture is a strip cut from a form: one number."""

ONE_DIGIT = Layout("one-digit", one_number=True, one_digit=True)
"""The picture is a box of a form, or cut around a digit."""


def _check_pattern(whose: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadLayout(f"{whose} is no regular expression: {error}.") from error
