"""Layouts from JSON and to JSON, and the layouts that the project ships.

In goes JSON as `shipped_layouts/` has it, out comes a `Layout`, and back. Zones are shares of the sheet; sizes are in
millimetres.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ml.reading.elements import Place
from ml.reading.errors import BadLayout
from ml.reading.forms.constants import LAYOUT
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.layouts import Column, ColumnKind, Kind, Layout, LayoutField, MicrPlace, TableShape
from ml.reading.forms.money import Convention

SHIPPED = Path(__file__).parent / "shipped_layouts"


def layout_from_json(data: Mapping[str, Any]) -> Layout:
    """A layout from its JSON.

    Raises:
        BadLayout: A part is missing, unknown or of the wrong kind; the sentence names it.
    """
    try:
        micr = data.get("micr")
        return Layout(
            name=data["name"],
            title=str(data.get("title", "")),
            version=int(data.get("version", 1)),
            size=_pair(data["size_mm"]) if data.get("size_mm") else None,
            micr=MicrPlace(micr["pattern"], micr["anchor"], _pair(micr["at_mm"])) if micr else None,
            landmarks=Landmarks.from_json(data["landmarks"]) if data.get("landmarks") else None,
            fields=tuple(_field_from_json(field) for field in data["fields"]),
            printable=bool(data.get("printable", False)),
        )
    except BadLayout:
        raise
    except KeyError as error:
        raise BadLayout(f"This is no layout: {error} is missing.") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadLayout(f"This is no layout: {error}.") from error


def layout_from_file(data: bytes) -> Layout:
    """A layout from the bytes of an exported file.

    Raises:
        BadLayout: The file is no JSON, or no layout; the sentence gives the reason.
    """
    return layout_from_json(storable_json(data))


def storable_json(data: bytes) -> Any:
    """Parses JSON that every database can keep.

    Databases refuse infinite numbers, null characters and unpaired surrogates.

    Raises:
        BadLayout: The bytes are no JSON, or hold one of these.
    """
    try:
        parsed = json.loads(data)
        again = json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadLayout("This is no JSON.") from error
    if rb"\u0000" in again:
        raise BadLayout("A null character is in it.")
    return parsed


def _pair(numbers: Any) -> tuple[float, float]:
    first, second = numbers
    return float(first), float(second)


def _names(data: Any) -> tuple[str, ...]:
    if not isinstance(data, list):
        raise BadLayout("The amounts that one adds up are a list of names.")
    return tuple(map(str, data))


def _table_from_json(data: Mapping[str, Any]) -> TableShape:
    columns = data["columns"]
    if not isinstance(columns, list):
        raise BadLayout("The columns of a table are a list.")
    named = (Column(" ".join(str(column["name"]).split()), ColumnKind(column["kind"])) for column in columns)
    return TableShape(tuple(named), int(data.get("header_rows", 0)))


def _field_from_json(data: Mapping[str, Any]) -> LayoutField:
    length = data.get("length")
    is_money = "currency" in data
    return LayoutField(
        name=data["name"],
        kind=Kind(data["kind"]),
        place=Place(*(float(side) for side in data["place"])),
        printed=bool(data.get("printed", False)),
        required=bool(data.get("required", True)),
        boxed=bool(data.get("boxed", False)),
        length=(int(length[0]), int(length[1])) if length else None,
        pattern=str(data.get("format", "")),
        convention=Convention(data["currency"], data["decimal"], bool(data["cents_always"])) if is_money else None,
        order=data.get("order"),
        table=_table_from_json(data) if "columns" in data else None,
        in_micr=str(data.get("in_micr", "")),
        same_as=str(data.get("same_as", "")),
        sum_of=_names(data.get("sum_of", [])),
        words_of=str(data.get("words_of", "")),
        language=str(data.get("language", "")),
        label=str(data.get("label", ""))[: LAYOUT.longest_label],
    )


def layout_as_json(layout: Layout) -> dict[str, Any]:
    """A layout's JSON, as `layout_from_json` takes it; defaults are left out."""
    data: dict[str, Any] = {"name": layout.name, "title": layout.title, "version": layout.version}
    if layout.size:
        data["size_mm"] = list(layout.size)
    if layout.micr:
        data["micr"] = {"pattern": layout.micr.pattern, "anchor": layout.micr.anchor, "at_mm": list(layout.micr.at)}
    if layout.landmarks:
        data["landmarks"] = layout.landmarks.as_json
    if layout.printable:
        data["printable"] = True
    data["fields"] = [_field_as_json(field) for field in layout.fields]
    return data


def _field_as_json(field: LayoutField) -> dict[str, Any]:
    data: dict[str, Any] = {"name": field.name, "kind": field.kind.value, "place": field.place.as_list}
    data |= {name: True for name in ("printed", "boxed") if getattr(field, name)}
    if not field.required:
        data["required"] = False
    if field.length:
        data["length"] = list(field.length)
    if field.convention:
        convention = field.convention
        data["currency"], data["decimal"] = convention.currency, convention.decimal
        data["cents_always"] = convention.cents_always
    if field.table:
        data["columns"] = [{"name": column.name, "kind": column.kind.value} for column in field.table.columns]
        data["header_rows"] = field.table.header_rows
    if field.sum_of:
        data["sum_of"] = list(field.sum_of)
    texts = {"format": field.pattern, "order": field.order, "in_micr": field.in_micr, "same_as": field.same_as}
    texts |= {"words_of": field.words_of, "language": field.language, "label": field.label}
    return data | {name: value for name, value in texts.items() if value}


@cache
def shipped_layouts() -> tuple[Layout, ...]:
    """The layouts that come with the project, by name."""
    files = sorted(SHIPPED.glob("*.json"))
    return tuple(layout_from_json(json.loads(file.read_text("utf-8"))) for file in files)
