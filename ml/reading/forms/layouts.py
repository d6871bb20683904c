"""Layouts: a kind of document, its fields, where they stand, and what each has to look like. Data, with versions."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args

from ml.reading.elements import Place
from ml.reading.errors import BadLayout
from ml.reading.forms.dates import Order
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.money import Convention

SHIPPED = Path(__file__).parent / "shipped_layouts"

_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_MOST_FIELDS, _MOST_LENGTH, _MOST_LABEL = 60, 60, 80

_PRINTED = (60, 450)
"""Millimetres: the least and the greatest side of a sheet that can be printed; A3 is 420."""


class Kind(StrEnum):
    """What a field holds."""

    AMOUNT = "amount"
    DATE = "date"
    DIGITS = "digits"
    POSTAL_CODE = "postal_code"
    MICR = "micr"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class LayoutField:
    """A field of a layout.

    Attributes:
        name: Of the field, in small letters: "amount", "cheque_number".
        kind: What it holds.
        place: Where a line of writing is looked for; of a field in the MICR line, where that stands.
        printed: Printed, not written by hand.
        required: Whether a document without it is incomplete.
        boxed: A box for each digit.
        length: Least and most digits, or None.
        pattern: A regular expression that the whole value has to match; empty: none.
        convention: How the amount is written; of amounts alone.
        order: Of day, month and year; of dates alone.
        in_micr: The part of the MICR line that it is, by the name the layout's pattern gives it; empty: none.
        same_as: Another field of the layout that holds the same number; empty: none.
        sum_of: Of an amount that is the sum of other amounts of the layout, these fields; empty: it is not.
        label: For people, as the form prints it; empty: its name does.
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
    in_micr: str = ""
    same_as: str = ""
    sum_of: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > _MOST_LENGTH:
            raise BadLayout(f"A field is named with small letters, digits and underscores, not {self.name!r}.")
        if (self.kind is Kind.AMOUNT) != (self.convention is not None):
            raise BadLayout(f"{self.name}: an amount has a currency and a decimal mark, and nothing else has.")
        if (self.kind is Kind.DATE) != (self.order is not None):
            raise BadLayout(f"{self.name}: a date has an order of day, month and year, and nothing else has.")
        if self.order is not None and self.order not in get_args(Order):
            raise BadLayout(f"{self.name}: an order is {', '.join(get_args(Order))}, not {self.order!r}.")
        if self.length is not None and not 1 <= self.length[0] <= self.length[1] <= _MOST_LENGTH:
            raise BadLayout(f"{self.name}: a length is from 1 to {_MOST_LENGTH} digits, the least first.")
        _check_pattern(f"{self.name}: its format", self.pattern)

    @property
    def spoken(self) -> str:
        """What people call it."""
        return self.label or self.name.replace("_", " ").replace("-", " ").capitalize()

    def fits(self, value: str) -> str | None:
        """A sentence on why a value's form is wrong for the field; None where it is right."""
        if self.length is not None and not self.length[0] <= len(value) <= self.length[1]:
            least, most = self.length
            wanted = f"{least}" if least == most else f"{least} to {most}"
            return f"{len(value)} digits were read, and {wanted} belong here."
        if self.pattern and not re.fullmatch(self.pattern, value):
            return "What was read does not have the form that belongs here."
        return None


@dataclass(frozen=True, slots=True)
class MicrPlace:
    """How a layout's MICR line reads, and where on the sheet it begins.

    Attributes:
        pattern: A regular expression for its text, with names for its parts.
        anchor: The symbol that stands at `at`, the first of its kind in the line.
        at: Millimetres from the sheet's top left to that symbol's lower left corner.

    Raises:
        BadLayout: The pattern is no regular expression, or it is not said where the line begins.
    """

    pattern: str
    anchor: str
    at: tuple[float, float]

    def __post_init__(self) -> None:
        _check_pattern("The MICR line's pattern", self.pattern)
        if not re.fullmatch("[0-9⑆⑇⑈⑉]", self.anchor) or not all(map(math.isfinite, self.at)):
            raise BadLayout("A MICR line begins with one symbol, so many millimetres from the sheet's left and top.")

    def parts(self, text: str) -> dict[str, tuple[int, int]] | None:
        """Where each named part stands in a line's text: first sign and last, exclusive; None where it does not fit."""
        found = re.search(self.pattern, text) if self.anchor in text else None
        return {name: found.span(name) for name in found.groupdict() if found[name]} if found else None


@dataclass(frozen=True, slots=True)
class Layout:
    """How to look at a page.

    Attributes:
        name: "any", "one-number", "one-digit", or a form's.
        one_number: The whole picture is one number; marks around and between are not digits.
        one_digit: So it is, and only the digit in its middle is asked for: its neighbours may look in at the sides.
        title: For people.
        version: From 1; a result says which version read it.
        size: The sheet's width and height in millimetres, or None where it may have any.
        micr: Of the forms that have a MICR line.
        landmarks: What the form prints, from a sample of it; None where it is not known by that.
        fields: In the order in which they are shown; a page without any is searched for all its numbers.
        printable: Its blank sheet can be drawn from what stands here, and printed.
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
        names = [field.name for field in self.fields]
        if not _NAME.fullmatch(self.name) or len(self.name) > _MOST_LENGTH:
            raise BadLayout(f"A layout is named with small letters, digits and hyphens, not {self.name!r}.")
        if len(set(names)) < len(names):
            raise BadLayout("Two fields have the same name.")
        if len(names) > _MOST_FIELDS:
            raise BadLayout(f"A layout has at most {_MOST_FIELDS} fields.")
        for field in self.fields:
            if field.in_micr and self.micr is None:
                raise BadLayout(f"{field.name}: this layout has no MICR line that it could be a part of.")
            if field.same_as and (field.same_as == field.name or field.same_as not in names):
                raise BadLayout(f"{field.name}: there is no other field {field.same_as!r} that could say the same.")
            self._check_sum(field)
        if self.size is not None and not all(0 < side < math.inf for side in self.size):
            raise BadLayout(f"A sheet is so many millimetres wide and high, not {self.size[0]} and {self.size[1]}.")
        if self.micr is not None and self.size is None:
            raise BadLayout("A layout with a MICR line says how large its sheet is.")
        if self.printable and not (self.size and _PRINTED[0] <= min(self.size) and max(self.size) <= _PRINTED[1]):
            raise BadLayout(f"A sheet to be printed is {_PRINTED[0]} to {_PRINTED[1]} mm wide and high.")

    def _check_sum(self, field: LayoutField) -> None:
        own = {one.name: one.convention.currency for one in self.fields if one.convention}
        parts = field.sum_of
        if not parts:
            return
        if field.name not in own or len(parts) < 2 or len(set(parts)) < len(parts):
            raise BadLayout(f"{field.name}: an amount is the sum of two other amounts or more, each named once.")
        for part in parts:
            if part == field.name or own.get(part) != own[field.name]:
                raise BadLayout(
                    f"{field.name}: there is no other amount {part!r} in its currency that it could add up."
                )

    @property
    def has_micr(self) -> bool:
        """Whether its sheets have a MICR line."""
        return self.micr is not None or any(field.kind is Kind.MICR for field in self.fields)


ANY_NUMBER = Layout("any", title="Any picture: find every number in it")
"""Find every number on the page."""

ONE_NUMBER = Layout("one-number", one_number=True)
"""The picture is a strip cut from a form: one number."""

ONE_DIGIT = Layout("one-digit", one_number=True, one_digit=True)
"""The picture is a box of a form, or cut around a digit."""


def layout_of(told: Mapping[str, Any]) -> Layout:
    """A layout from its JSON.

    Raises:
        BadLayout: Something in it is missing, unknown or of the wrong kind; the sentence says what.
    """
    try:
        micr = told.get("micr")
        return Layout(
            name=told["name"],
            title=str(told.get("title", "")),
            version=int(told.get("version", 1)),
            size=_pair(told["size_mm"]) if told.get("size_mm") else None,
            micr=MicrPlace(micr["pattern"], micr["anchor"], _pair(micr["at_mm"])) if micr else None,
            landmarks=Landmarks.of_json(told["landmarks"]) if told.get("landmarks") else None,
            fields=tuple(_field_of(field) for field in told["fields"]),
            printable=bool(told.get("printable", False)),
        )
    except BadLayout:
        raise
    except KeyError as error:
        raise BadLayout(f"This is no layout: {error} is missing.") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadLayout(f"This is no layout: {error}.") from error


def layout_of_file(data: bytes) -> Layout:
    """A layout from the bytes of a file that was exported.

    Raises:
        BadLayout: It is no JSON, or no layout; the sentence says why.
    """
    return layout_of(plain_json(data))


def plain_json(data: bytes) -> Any:
    """What JSON holds that every database keeps: without endless numbers, null characters and halves of characters.

    Raises:
        BadLayout: It is something else.
    """
    try:
        told = json.loads(data)
        again = json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadLayout("This is no JSON.") from error
    if rb"\u0000" in again:
        raise BadLayout("A null character is in it.")
    return told


def _check_pattern(whose: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadLayout(f"{whose} is no regular expression: {error}.") from error


def _pair(numbers: Any) -> tuple[float, float]:
    first, second = numbers
    return float(first), float(second)


def _names(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise BadLayout("The amounts that one adds up are a list of names.")
    return tuple(map(str, told))


def _field_of(told: Mapping[str, Any]) -> LayoutField:
    length = told.get("length")
    money = "currency" in told
    return LayoutField(
        name=told["name"],
        kind=Kind(told["kind"]),
        place=Place(*(float(side) for side in told["place"])),
        printed=bool(told.get("printed", False)),
        required=bool(told.get("required", True)),
        boxed=bool(told.get("boxed", False)),
        length=(int(length[0]), int(length[1])) if length else None,
        pattern=str(told.get("format", "")),
        convention=Convention(told["currency"], told["decimal"], bool(told["cents_always"])) if money else None,
        order=told.get("order"),
        in_micr=str(told.get("in_micr", "")),
        same_as=str(told.get("same_as", "")),
        sum_of=_names(told.get("sum_of", [])),
        label=str(told.get("label", ""))[:_MOST_LABEL],
    )


def layout_as_json(layout: Layout) -> dict[str, Any]:
    """A layout as `layout_of` takes it; what is as usual is left out."""
    told: dict[str, Any] = {"name": layout.name, "title": layout.title, "version": layout.version}
    if layout.size:
        told["size_mm"] = list(layout.size)
    if layout.micr:
        told["micr"] = {"pattern": layout.micr.pattern, "anchor": layout.micr.anchor, "at_mm": list(layout.micr.at)}
    if layout.landmarks:
        told["landmarks"] = layout.landmarks.as_json
    if layout.printable:
        told["printable"] = True
    told["fields"] = [_field_as_json(field) for field in layout.fields]
    return told


def _field_as_json(field: LayoutField) -> dict[str, Any]:
    told: dict[str, Any] = {"name": field.name, "kind": field.kind.value, "place": field.place.as_list}
    told |= {name: True for name in ("printed", "boxed") if getattr(field, name)}
    if not field.required:
        told["required"] = False
    if field.length:
        told["length"] = list(field.length)
    if field.convention:
        own = field.convention
        told |= {"currency": own.currency, "decimal": own.decimal, "cents_always": own.cents_always}
    if field.sum_of:
        told["sum_of"] = list(field.sum_of)
    others = {"format": field.pattern, "order": field.order, "in_micr": field.in_micr, "same_as": field.same_as}
    others["label"] = field.label
    return told | {name: value for name, value in others.items() if value}


@cache
def shipped_layouts() -> tuple[Layout, ...]:
    """The forms that come with the project, by name."""
    files = sorted(SHIPPED.glob("*.json"))
    return tuple(layout_of(json.loads(file.read_text("utf-8"))) for file in files)
