"""An amount that is the sum of others: all confirmed, one put right, or contradicted."""

from dataclasses import replace
from typing import Any

import pytest

from ml.reading.elements import Box, Hypothesis, Place, Provenance, Reading
from ml.reading.errors import BadLayout
from ml.reading.fields.checks.totals import check_totals
from ml.reading.forms.layout_json import layout_as_json, layout_from_json, shipped_layouts
from ml.reading.forms.layouts import Kind, Layout, LayoutField
from ml.reading.forms.money import NO_CENTS, Convention

DOLLARS = Convention("USD", ".", cents_always=True)
PLACE = Place(0, 0, 1, 1)


def amount(name: str, **settings: Any) -> LayoutField:
    return LayoutField(name, Kind.AMOUNT, PLACE, convention=DOLLARS, **settings)


PARTS = ("wages", "interest", "rent")
TOTAL = amount("total", sum_of=PARTS, label="4  Total income")
LAYOUT = Layout("form", fields=(*map(amount, PARTS), TOTAL))
ENOUGH = 0.93


def reading(field: str, value: str, confidence: float = 0.98, *others: str, checks: tuple[str, ...] = ()) -> Reading:
    """Accepted where it is sure enough; its runners-up share the rest."""
    rest = [Hypothesis(other, (1 - confidence) / len(others)) for other in others]
    accepted = confidence >= ENOUGH and not checks
    told = checks or (() if accepted else ("Read in two ways.",))
    readings = (Hypothesis(value, confidence), *rest)
    return Reading(
        field,
        value,
        value,
        confidence,
        accepted,
        (),
        Box(0, 0, 9, 9),
        Provenance("", ""),
        told,
        readings,
        kind="amount",
    )


def sheet(*changed: Reading, layout: Layout = LAYOUT) -> dict[str, Reading]:
    """After 1000.00 + 20.50 + 3.25 = 1023.75, with some readings in place of these."""
    usual = [
        reading("wages", "1000.00"),
        reading("interest", "20.50"),
        reading("rent", "3.25"),
        reading("total", "1023.75"),
    ]
    own = {one.field: one for one in (*usual, *changed)}
    found = check_totals(list(own.values()), layout, ENOUGH)
    assert [one.field for one in found] == list(own)
    return {one.field: one for one in found}


def test_what_adds_up_makes_a_doubtful_amount_sure() -> None:
    found = sheet(reading("interest", "20.50", 0.6, "26.50"))
    assert all(one.accepted and not one.checks for one in found.values())
    assert found["interest"].confidence > 0.99
    assert found["interest"].value == "20.50"


def test_an_amount_that_is_read_by_nobody_else_is_not_made_less_sure() -> None:
    assert sheet(reading("wages", "1000.00", 0.9999))["wages"].confidence == 0.9999


@pytest.mark.parametrize(("confidence", "sure"), [(0.8, True), (0.99, False)])
def test_the_runner_up_that_adds_up_is_taken_and_a_person_is_told(confidence: float, sure: bool) -> None:
    found = sheet(reading("interest", "26.50", confidence, "29.50", "20.50"))
    put_right = found.pop("interest")
    assert put_right.value == put_right.text == "20.50"
    assert put_right.hypotheses[0] == Hypothesis("20.50", put_right.confidence)
    assert sum(one.probability for one in put_right.hypotheses) == pytest.approx(1)
    assert put_right.accepted == sure == (put_right.confidence >= ENOUGH)
    assert put_right.checks == ("Read as 26.50 at first; with 20.50 the amounts add up to what “4 Total income” says.",)
    assert all(one.accepted and not one.checks for one in found.values())


def test_a_wrong_amount_that_all_hold_likeliest_does_not_pass() -> None:
    found = sheet(reading("interest", "26.50", 0.99, "29.50"))
    assert not any(one.accepted for one in found.values())


def test_two_runners_up_together_may_add_up() -> None:
    found = sheet(reading("interest", "26.50", 0.7, "20.50"), reading("total", "1028.75", 0.7, "1023.75"))
    assert {name: one.value for name, one in found.items() if one.checks} == {"interest": "20.50", "total": "1023.75"}


def test_a_lost_mark_of_cents_is_found_again() -> None:
    lost = reading("interest", "2050.00", 0.9, "20.50", checks=(NO_CENTS,))
    found = sheet(lost)["interest"]
    assert found.value == "20.50"
    assert found.accepted  # one way to mend it, not two that halve its chance
    assert found.confidence > 0.99
    assert found.checks == ("Read as 2050.00 at first; with 20.50 the amounts add up to what “4 Total income” says.",)


def test_an_unlikely_runner_up_is_not_believed() -> None:
    found = sheet(reading("interest", "26.50", 0.9999, "20.50"))
    assert found["interest"].value == "26.50"
    assert not found["total"].accepted
    assert found["total"].checks[0].startswith("The amounts add up to 1029.75")


def test_a_contradiction_sends_all_that_may_be_wrong_to_a_person() -> None:
    found = sheet(reading("total", "1028.75"))
    assert not any(one.accepted for one in found.values())
    told = "The amounts add up to 1023.75, and “4 Total income” says 1028.75: one was misread, or added up wrongly."
    assert all(one.checks[0] == told for one in found.values())
    assert all(one.confidence < ENOUGH for one in found.values())


def test_of_a_contradiction_no_more_passes_where_more_errors_may() -> None:
    """Of three that were as sure one was asked about, since the threshold of the others had become 0.88."""
    sure = (("wages", "85.10", 0.9990), ("interest", "12.30", 0.9981), ("total", "28.40", 0.9985))
    layout = Layout("form", fields=(*map(amount, PARTS[:2]), amount("total", sum_of=PARTS[:2])))
    found = check_totals([reading(*one) for one in sure], layout, 0.8)
    assert [one.accepted for one in found] == [False] * 3
    assert all(one.checks for one in found)


def test_what_is_much_surer_than_the_rest_is_not_what_contradicts() -> None:
    found = sheet(reading("total", "1028.75", 0.5), reading("wages", "1000.00", 0.999))
    assert found["wages"].accepted
    assert not found["total"].accepted
    assert found["total"].checks[0].startswith("The amounts add up to 1023.75")


@pytest.mark.parametrize("total", ["1023.75", "1025.75", "1028.75"])
def test_the_likeliest_reading_is_the_value_with_its_confidence(total: str) -> None:
    found = sheet(reading("interest", "20.50", 0.6, "22.50", "29.50"), reading("total", total))
    assert found["interest"].value == ("22.50" if total == "1025.75" else "20.50")
    for one in found.values():
        assert one.hypotheses[0].text == one.value
        assert one.hypotheses[0].probability == pytest.approx(one.confidence)
        assert [other.probability for other in one.hypotheses] == sorted(
            (o.probability for o in one.hypotheses), reverse=True
        )
    whole = sum(one.probability for one in found["interest"].hypotheses)
    assert whole == pytest.approx(1) if total != "1028.75" else whole < 0.9  # of a contradiction, nobody read the rest


def test_where_one_is_not_read_nothing_is_said() -> None:
    doubtful = reading("interest", "20.50", 0.6, "26.50")
    unread = replace(reading("rent", "", 0.0), hypotheses=(), checks=("Nothing was found here.",))
    found = sheet(doubtful, unread)
    assert found["interest"] == doubtful
    assert found["rent"] == unread


def test_an_empty_field_that_may_be_empty_is_nought() -> None:
    layout = Layout("form", fields=(*map(amount, PARTS[:2]), amount("rent", required=False), TOTAL))
    empty = replace(reading("rent", "", 0.0), hypotheses=(), checks=())
    doubtful = reading("total", "1020.50", 0.6)
    found = sheet(empty, doubtful, layout=layout)
    assert found["total"].accepted
    assert found["rent"] == empty


def test_an_empty_field_takes_no_part_in_a_contradiction() -> None:
    layout = Layout("form", fields=(*map(amount, PARTS[:2]), amount("rent", required=False), TOTAL))
    empty = replace(reading("rent", "", 0.0), hypotheses=(), checks=())
    found = sheet(empty, layout=layout)
    assert found["rent"].checks == ()
    assert not found["total"].accepted


def test_where_nothing_is_a_total_nothing_changes() -> None:
    layout = Layout("form", fields=tuple(map(amount, (*PARTS, "total"))))
    given = [reading("wages", "1.00"), reading("interest", "1.00"), reading("rent", "1.00"), reading("total", "9.00")]
    assert check_totals(given, layout, ENOUGH) == tuple(given)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("wages",), "two other amounts or more"),
        (("wages", "wages"), "each named once"),
        (("wages", "total"), "no other amount 'total'"),
        (("wages", "profit"), "no other amount 'profit'"),
        (("wages", "day"), "no other amount 'day'"),
        (("wages", "euros"), "no other amount 'euros' in its currency"),
    ],
)
def test_a_total_adds_up_other_amounts_of_its_layout(parts: tuple[str, ...], why: str) -> None:
    day = LayoutField("day", Kind.DATE, PLACE, order="dmy")
    euros = LayoutField("euros", Kind.AMOUNT, PLACE, convention=Convention("EUR", ",", cents_always=True))
    with pytest.raises(BadLayout, match=why):
        Layout("form", fields=(amount("wages"), day, euros, amount("total", sum_of=parts)))


def test_what_is_no_amount_is_no_total() -> None:
    number = LayoutField("number", Kind.DIGITS, PLACE, sum_of=("wages", "rent"))
    with pytest.raises(BadLayout, match="an amount is the sum"):
        Layout("form", fields=(amount("wages"), amount("rent"), number))


def test_a_total_is_kept_in_a_layouts_json() -> None:
    assert layout_from_json(layout_as_json(LAYOUT)) == LAYOUT
    told = layout_as_json(LAYOUT)
    told["fields"][-1]["sum_of"] = "wages"
    with pytest.raises(BadLayout, match="a list of names"):
        layout_from_json(told)


def test_the_shipped_page_of_amounts_knows_its_total() -> None:
    layout = next(one for one in shipped_layouts() if one.name == "labelled-amounts")
    total = layout.fields[-1]
    assert total.sum_of == tuple(field.name for field in layout.fields[:-1])
