"""Layouts as data: what they may say, and that nothing is lost on the way to JSON and back."""

import json
from typing import Any

import pytest

from ml.reading.errors import BadLayout
from ml.reading.forms.layout_json import (
    layout_as_json,
    layout_from_file,
    layout_from_json,
    shipped_layouts,
    storable_json,
)
from ml.reading.forms.layouts import Kind, Layout

FORM: dict[str, Any] = {
    "name": "deposit-slip",
    "title": "Deposit slip",
    "version": 3,
    "size_mm": [210, 99],
    "fields": [
        {"name": "account", "kind": "digits", "place": [0.1, 0.1, 0.5, 0.2], "length": [8, 10], "boxed": True},
        {
            "name": "total",
            "kind": "amount",
            "place": [0.6, 0.7, 0.95, 0.8],
            "currency": "EUR",
            "decimal": ",",
            "cents_always": True,
        },
        {"name": "day", "kind": "date", "place": [0.6, 0.1, 0.95, 0.2], "order": "dmy", "required": False},
        {
            "name": "marks",
            "kind": "table",
            "place": [0.1, 0.3, 0.5, 0.9],
            "columns": [{"name": "Pupil", "kind": "unread"}, {"name": "Maths, of 50", "kind": "number"}],
            "header_rows": 1,
        },
        {
            "name": "total_in_words",
            "kind": "show",
            "place": [0.1, 0.7, 0.5, 0.8],
            "words_of": "total",
            "language": "en",
        },
    ],
}


def changed(field: int, **values: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(FORM))
    told["fields"][field] |= values
    return told


def test_a_layout_comes_back_from_json_as_it_went() -> None:
    layout = layout_from_json(FORM)
    assert layout.version == 3
    assert [field.kind for field in layout.fields] == [Kind.DIGITS, Kind.AMOUNT, Kind.DATE, Kind.TABLE, Kind.SHOW]
    assert layout_from_json(json.loads(json.dumps(layout_as_json(layout)))) == layout


def test_a_table_says_which_cells_are_read() -> None:
    shape = layout_from_json(FORM).fields[3].table
    assert shape is not None
    assert shape.names == ("Pupil", "Maths, of 50")
    assert shape.is_read(range(1, 2), range(1, 2))
    assert not shape.is_read(range(1), range(1, 2)), "a row above the values"
    assert not shape.is_read(range(1, 2), range(1)), "a column that is not to be read"
    assert shape.is_read(range(2), range(2)), "a cell that also spans one that is read"


@pytest.mark.parametrize("layout", shipped_layouts(), ids=lambda layout: layout.name)
def test_every_shipped_layout_has_a_title_and_comes_back_from_json(layout: Layout) -> None:
    assert layout.title
    assert layout.fields
    assert layout_from_json(layout_as_json(layout)) == layout


def test_the_kinds_of_cheques_that_the_readme_names_are_shipped() -> None:
    assert {"cheque-us", "cheque-india", "cheque-europe"} <= {layout.name for layout in shipped_layouts()}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"name": "x", "fields": [{"name": "a", "kind": "digits"}]}, "place"),
        (changed(0, kind="telephone"), "telephone"),
        (changed(0, place=[0.5, 0.1, 0.1, 0.2]), "shares of the sheet"),
        (changed(0, place=[0.1, 0.1, 1.5, 0.2]), "shares of the sheet"),
        (changed(0, length=[9, 2]), "least first"),
        (changed(0, format="("), "regular expression"),
        (changed(0, name="Account No."), "small letters"),
        (changed(0, name="total"), "same name"),
        (changed(0, order="dmy"), "a date has an order"),
        (changed(0, in_micr="account"), "no MICR line"),
        (changed(1, decimal=";"), "decimal mark"),
        ({**FORM, "name": "../../etc"}, "small letters"),
        ({**FORM, "fields": FORM["fields"] * 40}, "same name"),
        ({**FORM, "fields": 3}, "no layout"),
        ([], "no layout"),
        ({"name": "a"}, "'fields' is missing"),
        (changed(0, length=[1, 1e999]), "no layout"),
        (changed(0, format="a{99999999999}"), "regular expression"),
        (changed(2, order="dmx"), "an order is dmy, mdy, ymd"),
        (changed(0, kind="table"), "a table has columns"),
        (changed(0, columns=[{"name": "a", "kind": "number"}]), "a table has columns"),
        (changed(0, words_of="total", language="en"), "an amount in words is shown"),
        (changed(4, language="xx"), "in a language: en, en-india"),
        (changed(4, words_of="day"), "there is no amount 'day'"),
        (changed(3, columns=[]), "1 to 60 columns"),
        (changed(3, columns=[{"name": str(at), "kind": "number"} for at in range(61)]), "1 to 60 columns"),
        (changed(3, columns=[{"name": "a", "kind": "number"}] * 2), "same name"),
        (changed(3, columns=[{"name": " \n", "kind": "number"}]), "has a name"),
        (changed(3, columns=[{"name": "a" * 81, "kind": "number"}]), "80 characters at most"),
        (changed(3, columns=[{"name": "a", "kind": "letters"}]), "'letters' is not a valid ColumnKind"),
        (changed(3, columns=[{"name": "a"}]), "'kind' is missing"),
        (changed(3, columns="ab"), "are a list"),
        (changed(3, columns=[1]), "no layout"),
        (changed(3, header_rows=-1), "0 to 9 rows"),
        (changed(3, header_rows=10), "0 to 9 rows"),
        (changed(3, header_rows="x"), "no layout"),
        ({**FORM, "printable": True}, "has no table"),
        ({**FORM, "size_mm": [0, 99]}, "wide and high"),
        ({**FORM, "size_mm": [1e999, 99]}, "wide and high"),
        ({**FORM, "micr": {"pattern": "(", "anchor": "⑆", "at_mm": [1, 2]}}, "regular expression"),
        ({**FORM, "micr": {"pattern": "⑆", "anchor": " ", "at_mm": [1, 2]}}, "begins with one symbol"),
        ({**FORM, "micr": {"pattern": "⑆", "anchor": 3, "at_mm": [1, 2]}}, "no layout"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said(told: Any, reason: str) -> None:
    with pytest.raises(BadLayout, match=reason):
        layout_from_json(told)


@pytest.mark.parametrize("told", ["[", "[" * 100_000, '{"a": NaN}', '{"a": 1e999}', '"\\u0000"', '"\\ud800"', "\x80"])
def test_what_a_database_could_not_keep_is_no_json(told: str) -> None:
    with pytest.raises(BadLayout):
        storable_json(told.encode("latin-1"))


def test_a_file_that_was_exported_is_a_layout() -> None:
    assert layout_from_file(json.dumps(FORM).encode()) == layout_from_json(FORM)
    with pytest.raises(BadLayout, match="no JSON"):
        layout_from_file(b"PK\x03\x04")
