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
    ],
}


def changed(field: int, **values: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(FORM))
    told["fields"][field] |= values
    return told


def test_a_layout_comes_back_from_json_as_it_went() -> None:
    layout = layout_from_json(FORM)
    assert layout.version == 3
    assert [field.kind for field in layout.fields] == [Kind.DIGITS, Kind.AMOUNT, Kind.DATE]
    assert layout_from_json(json.loads(json.dumps(layout_as_json(layout)))) == layout


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
