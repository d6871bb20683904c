"""What people type goes through the same checks as what is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from ml.reading.elements import LayoutUsed
from recognition.models import Decision, Document, FieldReading, Layout, LayoutVersion
from recognition.value_checks import (
    CHECK_DIGIT,
    ELSEWHERE,
    IN_LINE,
    NO_FORM,
    NO_LINE,
    NOT_IN_FIELD,
    UNREAD_SYMBOL,
    ZERO,
    checks_of,
    standing_checks,
)
from tests.fixtures_fields import CHECK, CHEQUE, LINE, field_of
from tests.fixtures_marks import cells_of, page_with, table_read
from tests.fixtures_people import home_of

Cheque = Callable[..., dict[str, FieldReading]]
TWO_PLACES = (*CHEQUE, field_of("number_above", "digits", "1025", sure=True, row=9))


@pytest.mark.parametrize(
    ("name", "value", "checks"),
    [
        ("cheque_number", "1025", []),
        ("cheque_number", "1", ["This has 1 digit, and 3 to 6 belong here.", IN_LINE.format(value="1025")]),
        ("cheque_number", "1026", [IN_LINE.format(value="1025")]),
        ("routing_number", "122105155", []),
        ("routing_number", "122105154", [CHECK_DIGIT, IN_LINE.format(value="122105155")]),
        ("amount", "1.00", []),
        ("amount", "0.00", [ZERO]),
        ("date", "2062-12-01", ["This is 36 years after the document was uploaded."]),
        ("date", "1905-12-01", ["This is 121 years before the document was uploaded."]),
        ("date", "1926-12-01", []),
        ("micr_line", LINE, []),
        (
            "micr_line",
            LINE.replace("1025", "1026"),
            [NOT_IN_FIELD.format(here="1026", other="Cheque number", value="1025")],
        ),
        ("micr_line", LINE.replace("155", "156"), [CHECK_DIGIT]),
        ("micr_line", "⑆1", [NO_LINE]),
        ("micr_line", LINE.replace("123", "1?3"), [UNREAD_SYMBOL]),
        ("postal_code", "1", []),
        ("routing_number", "", []),
    ],
)
def test_each_field_is_held_against_what_the_reader_holds_it_against(
    name: str, value: str, checks: list[str], read_cheque: Cheque
) -> None:
    assert checks_of(read_cheque()[name], value) == checks


def test_two_places_of_a_number_are_compared_both_ways(read_cheque: Cheque) -> None:
    fields = read_cheque(*TWO_PLACES)
    assert checks_of(fields["number_above"], "001025") == []
    assert checks_of(fields["number_above"], "1026") == [ELSEWHERE.format(other="Cheque number", value="1025")]
    assert ELSEWHERE.format(other="Number above", value="1025") in checks_of(fields["cheque_number"], "1026")


def test_fields_are_compared_only_with_fields_that_need_no_person(read_cheque: Cheque, alice: User) -> None:
    doubtful = field_of("micr_line", "micr", LINE, row=7, checks=("Not clear.",))
    fields = read_cheque(*(doubtful if field.kind == "micr" else field for field in CHEQUE))
    assert checks_of(fields["cheque_number"], "1026") == []
    fields["micr_line"].correct(LINE, by=alice)
    number = FieldReading.objects.get(pk=fields["cheque_number"].pk)
    assert checks_of(number, "1026") == [IN_LINE.format(value="1025")]


@pytest.fixture
def read_sum(alice: User, read_cheque: Cheque) -> Cheque:
    """A sheet whose total is wages and interest, where interest may be left out: it takes the fields that were read."""
    amounts: list[dict[str, Any]] = [
        {
            "name": name,
            "kind": "amount",
            "place": [0, 0, 1, 1],
            "currency": "INR",
            "decimal": ".",
            "cents_always": False,
        }
        for name in ("wages", "interest", "total")
    ]
    amounts[1]["required"] = False
    amounts[2]["sum_of"] = ["wages", "interest"]
    taught = Layout.begin(home_of(alice), alice, "Sums")
    told = {"name": taught.name, "title": taught.title, "version": 1, "fields": amounts}
    LayoutVersion.objects.create(layout=taught, number=1, definition=told, revision=1)
    return lambda *read: read_cheque(*read, layout=LayoutUsed(taught.name, 1, 1.0))


def test_a_total_is_added_up_once_its_parts_are_settled(read_sum: Cheque) -> None:
    fields = read_sum(
        field_of("wages", "amount", "4200000.00", sure=True),
        field_of("interest", "amount", "40000.00", row=1),
        field_of("total", "amount", "4250000.00", sure=True, row=2),
    )
    assert checks_of(fields["total"], "1.00") == []
    assert checks_of(fields["interest"], "50000.00") == []
    assert checks_of(fields["interest"], "40000.00") == [
        "The amounts add up to 42,40,000.00, and “Total” says 42,50,000.00."
    ]


WAGES, TOTAL = field_of("wages", "amount", "100.00", sure=True), field_of("total", "amount", "700.00", row=2)


def test_a_part_that_may_be_left_out_and_is_adds_nothing_to_the_total(read_sum: Cheque) -> None:
    total = read_sum(WAGES, field_of("interest", "amount", row=1), TOTAL)["total"]
    assert checks_of(total, "700.00") == ["The amounts add up to 100.00, and “Total” says 700.00."]
    assert checks_of(total, "100.00") == []


@pytest.mark.parametrize("name", ["wages", "interest"])
def test_a_part_that_a_person_calls_absent_adds_nothing_to_the_total(name: str, read_sum: Cheque, alice: User) -> None:
    read = {"wages": WAGES, "interest": field_of("interest", "amount", "300.00", sure=True, row=1)}
    fields = read_sum(*read.values(), TOTAL)
    fields[name].set_aside(Decision.Verdict.ABSENT, by=alice)
    total = FieldReading.objects.get(pk=fields["total"].pk)
    left = {"wages": "300.00", "interest": "100.00"}[name]
    assert checks_of(total, "700.00") == [f"The amounts add up to {left}, and “Total” says 700.00."]


@pytest.mark.parametrize(
    "interest",
    [
        field_of("interest", "amount", text="~", row=1),
        field_of("interest", "amount", checks=("Not clear.",), row=1),
        field_of("interest", "amount", text="", checks=("Not clear.",), sure=True, row=1),
    ],
)
def test_with_a_part_that_may_stand_there_the_total_is_not_added_up(interest: Any, read_sum: Cheque) -> None:
    assert checks_of(read_sum(WAGES, interest, TOTAL)["total"], "700.00") == []


def test_with_a_part_that_must_stand_there_or_cannot_be_read_the_total_is_not_added_up(
    read_sum: Cheque, alice: User
) -> None:
    interest = field_of("interest", "amount", "5.00", row=1)
    assert checks_of(read_sum(field_of("wages", "amount"), interest, TOTAL)["total"], "700.00") == []
    fields = read_sum(WAGES, interest, TOTAL)
    fields["interest"].set_aside(Decision.Verdict.UNREADABLE, by=alice)
    assert checks_of(FieldReading.objects.get(pk=fields["total"].pk), "700.00") == []


def test_a_part_is_not_held_against_a_total_that_is_not_there(read_sum: Cheque, alice: User) -> None:
    fields = read_sum(WAGES, field_of("interest", "amount", row=1), TOTAL)
    fields["total"].set_aside(Decision.Verdict.ABSENT, by=alice)
    assert checks_of(FieldReading.objects.get(pk=fields["wages"].pk), "100.00") == []


def test_a_number_without_a_layout_may_have_any_length(read_cheque: Cheque) -> None:
    fields = read_cheque(numbers=(field_of("number", "digits", "351", row=9),))
    assert checks_of(fields["number"], "1") == []


def test_the_checks_of_the_old_value_do_not_stand_against_the_new_one(read_cheque: Cheque, alice: User) -> None:
    pk = read_cheque()["routing_number"].pk

    def standing() -> list[str]:
        return standing_checks(FieldReading.objects.get(pk=pk))

    assert standing() == [CHECK]
    FieldReading.objects.get(pk=pk).correct("122105155", by=alice)
    assert standing() == []
    FieldReading.objects.get(pk=pk).correct("122105154", by=alice, overrode=[CHECK_DIGIT])
    assert standing() == [IN_LINE.format(value="122105155")], "what was set aside is told as set aside"
    FieldReading.objects.get(pk=pk).set_aside(Decision.Verdict.UNREADABLE, by=alice)
    assert standing() == []


def test_a_taught_layout_asks_as_the_version_did_that_read_the_page(alice: User, read_cheque: Cheque) -> None:
    def version(number: int, **more: Any) -> None:
        field = {"name": "member", "kind": "digits", "place": [0, 0, 1, 1], **more}
        told = {"name": taught.name, "title": taught.title, "version": number, "fields": [field]}
        LayoutVersion.objects.create(layout=taught, number=number, definition=told, revision=1)

    taught = Layout.begin(home_of(alice), alice, "Members")
    version(1, length=[4, 8], format="0[0-9]*")
    version(2, length=[2, 2])
    read = {
        number: read_cheque(field_of("member", "digits", "1"), layout=LayoutUsed(taught.name, number, 1.0))["member"]
        for number in (1, 2, 3)
    }
    assert [checks_of(read[1], value) for value in ("0123", "1234", "012")] == [
        [], [NO_FORM], ["This has 3 digits, and 4 to 8 belong here."],
    ]  # fmt: skip
    assert checks_of(read[2], "0123") == ["This has 4 digits, and 2 belong here."]
    assert checks_of(read[3], "0123") == []
    taught.hide()
    assert checks_of(read[1], "1234") == [NO_FORM]


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        pytest.param("72 64 38 91 55", "455", "2 digits", id="a digit too many"),
        pytest.param("72 64 38 91 55", "4", "2 digits", id="a digit too few"),
        pytest.param("20.5 31.0 18.5 22.5 27.0", "205", "2 digits", id="a lost decimal mark"),
        pytest.param("7 6 3 9 5", "45", "1 digit,", id="one digit each"),
        pytest.param("72 64 38 91 55", "45.5", "", id="decimals aside"),
        pytest.param("72 64 38 91 55", "-45", "", id="signs aside"),
        pytest.param("72 64 38 91", "455", "", id="too few to tell"),
        pytest.param("72 64 38 91 100", "455", "", id="a column of several lengths"),
        pytest.param("72 64 38 91 3/4", "455", "", id="a column of other values too"),
        pytest.param("72 64 38 91 55?", "455", "", id="one of them still in doubt"),
        pytest.param("72 64 38 91 55", "3/4", "", id="no plain number"),
    ],
)
def test_a_number_of_another_length_than_all_others_of_its_column_is_told(
    column: str, value: str, told: str, read_pages: Callable[..., Document]
) -> None:
    document = read_pages(page_with(table_read([["unread", "7"], *([text, "8"] for text in column.split())])))
    checks = checks_of(cells_of(document)[0, 0], value)
    assert len(checks) == bool(told)
    assert told in " ".join(checks)


def test_a_kept_number_of_another_length_is_told_no_more(read_pages: Callable[..., Document], alice: User) -> None:
    document = read_pages(page_with(table_read([["unread"], *([text] for text in ["72", "64", "38", "91", "55"])])))
    cell = cells_of(document)[0, 0]
    cell.correct("100", by=alice, overrode=checks_of(cell, "100"))
    assert standing_checks(cells_of(document)[0, 0]) == []
