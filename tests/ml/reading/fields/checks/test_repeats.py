"""A number that stands in two places: confirmed, found among the runners-up, or contradicted."""

from dataclasses import replace

import pytest

from ml.reading.elements import Box, Hypothesis, Place, Provenance, Reading
from ml.reading.errors import BadLayout
from ml.reading.fields.checks.repeats import check_repeats
from ml.reading.forms.layouts import Kind, Layout, LayoutField

PLACE = Place(0, 0, 1, 1)
BELOW = LayoutField("cheque_number", Kind.DIGITS, PLACE)
ABOVE = LayoutField("number_above", Kind.DIGITS, PLACE, same_as="cheque_number")
LAYOUT = Layout("slip", fields=(ABOVE, BELOW))


def reading(field: str, value: str, confidence: float = 0.99, *others: str, accepted: bool = True) -> Reading:
    rest = [Hypothesis(other, (1 - confidence) / len(others)) for other in others]
    provenance, readings = Provenance("", ""), (Hypothesis(value, confidence), *rest)
    return Reading(field, value, value, confidence, accepted, (), Box(0, 0, 9, 9), provenance, (), readings)


def told(above: Reading, below: Reading) -> tuple[Reading, Reading]:
    one, other = check_repeats([above, below], LAYOUT)
    assert (one.field, other.field) == ("number_above", "cheque_number")
    return one, other


@pytest.mark.parametrize("above", ["1025", "001025"])
def test_the_same_in_both_places_passes(above: str) -> None:
    given = reading("number_above", above), reading("cheque_number", "1025")
    assert told(*given) == given


def test_what_the_other_place_says_too_makes_a_doubtful_reading_sure() -> None:
    doubtful = replace(reading("number_above", "1025", 0.7, accepted=False), checks=("Read in two ways.",))
    above, below = told(doubtful, reading("cheque_number", "1025"))
    assert above.accepted
    assert above.checks == ()
    assert below.accepted


def test_two_doubtful_readings_do_not_make_each_other_sure() -> None:
    given = [reading(name, "1025", 0.7, accepted=False) for name in ("number_above", "cheque_number")]
    assert not any(one.accepted for one in check_repeats(given, LAYOUT))


def test_the_runner_up_that_fits_is_taken_and_a_person_is_told() -> None:
    above, below = told(reading("number_above", "1026", 0.6, "1020", "1025"), reading("cheque_number", "1025"))
    assert above.value == "1025"
    assert not above.accepted
    assert above.checks == (
        "Read as 1026 at first; 1025, the next likeliest, is what stands in the other place: cheque number.",
    )
    assert below.accepted


def test_a_contradiction_sends_both_to_a_person() -> None:
    above, below = told(reading("number_above", "1026"), reading("cheque_number", "1025"))
    assert not above.accepted
    assert not below.accepted
    assert above.checks[0].startswith("Two places contradict each other: here 1026 was read, and 1025 in the other")
    assert below.checks[0].startswith("Two places contradict each other: here 1025 was read, and 1026 in the other")
    assert (above.value, below.value) == ("1026", "1025")


def test_a_sure_reading_is_not_given_up_for_a_runner_up_that_is_next_to_impossible() -> None:
    above, below = told(reading("number_above", "1026", 0.99, "1025"), reading("cheque_number", "1025"))
    assert above.value == "1026"
    assert not above.accepted
    assert not below.accepted
    assert below.checks[0].startswith("Two places contradict each other")


def test_a_reading_that_nobody_believes_does_not_stop_the_other() -> None:
    above, below = told(reading("number_above", "7", 0.2, accepted=False), reading("cheque_number", "1025"))
    assert not above.accepted
    assert below.accepted


def test_an_empty_place_says_nothing_about_the_other() -> None:
    given = reading("number_above", "", 0.0, accepted=False), reading("cheque_number", "1025")
    assert told(*given) == given


@pytest.mark.parametrize("other", ["number_above", "nowhere"])
def test_a_field_is_the_same_as_another_of_its_layout(other: str) -> None:
    with pytest.raises(BadLayout, match="no other field"):
        Layout("slip", fields=(replace(ABOVE, same_as=other), BELOW))
