"""What a layout says of its fields and of its MICR line."""

from ml.reading.elements import Place
from ml.reading.forms.layouts import Kind, LayoutField, MicrPlace


def test_a_micr_line_without_the_symbol_it_begins_with_is_another_forms() -> None:
    place = MicrPlace("(?P<number>[0-9]{4})", "⑈", (1.0, 2.0))
    assert place.parts("⑈1234⑈") == {"number": (1, 5)}
    assert place.parts("⑆1234⑆") is None


def test_a_value_of_the_wrong_length_or_form_is_told() -> None:
    field = LayoutField("account", Kind.DIGITS, Place(0.1, 0.1, 0.5, 0.2), length=(8, 10), pattern="[1-9].*")
    assert field.mismatch("123456789") is None
    assert field.mismatch("1234567") == "7 digits were read, and 8 to 10 belong here."
    assert field.mismatch("012345678") == "What was read does not have the form that belongs here."
