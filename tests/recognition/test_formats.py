"""What people type is held against the length and form that the layout of the page asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from ml.reading.elements import LayoutUsed
from recognition.formats import misfit
from recognition.models import FieldReading, Layout, LayoutVersion
from tests.fixtures_fields import field_of

Cheque = Callable[..., dict[str, FieldReading]]
FORM = "This does not have the form that belongs here."


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("cheque_number", "1025", None),
        ("cheque_number", "1", "This has 1 digit, and 3 to 6 belong here."),
        ("routing_number", "1221051550", "This has 10 digits, and 9 belong here."),
        ("amount", "1.00", None),
        ("micr_line", "1", None),
        ("postal_code", "1", None),
    ],
)
def test_a_length_is_asked_for_where_the_layout_does(
    name: str, value: str, sentence: str | None, read_cheque: Cheque
) -> None:
    assert misfit(read_cheque()[name], value) == sentence


def test_a_number_without_a_layout_may_have_any_length(read_cheque: Cheque) -> None:
    fields = read_cheque(numbers=(field_of("number", "digits", "351", row=9),))
    assert misfit(fields["number"], "1") is None


def test_a_taught_layout_asks_as_the_version_did_that_read_the_page(alice: User, read_cheque: Cheque) -> None:
    def version(number: int, **more: Any) -> None:
        field = {"name": "member", "kind": "digits", "place": [0, 0, 1, 1], **more}
        told = {"name": taught.name, "title": taught.title, "version": number, "fields": [field]}
        LayoutVersion.objects.create(layout=taught, number=number, definition=told, revision=1)

    taught = Layout.begin(alice, "Members")
    version(1, length=[4, 8], format="0[0-9]*")
    version(2, length=[2, 2])
    read = {
        number: read_cheque(field_of("member", "digits", "1"), layout=LayoutUsed(taught.name, number, 1.0))["member"]
        for number in (1, 2, 3)
    }
    assert [misfit(read[1], value) for value in ("0123", "1234", "012")] == [
        None, FORM, "This has 3 digits, and 4 to 8 belong here.",
    ]  # fmt: skip
    assert misfit(read[2], "0123") == "This has 4 digits, and 2 belong here."
    assert misfit(read[3], "0123") is None
    taught.delete_for_owner()
    assert misfit(read[1], "1234") == FORM
