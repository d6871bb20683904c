"""Compare a value that a person types with the length and form that the layout asks for."""

from __future__ import annotations

from ml.reading.errors import BadLayout
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Kind, LayoutField
from recognition.models import FieldReading, LayoutVersion

CHECKED = (Kind.DIGITS, Kind.POSTAL_CODE)
"""Kinds of fields that are compared. Amounts and dates are typed in a fixed form, however the paper has them."""


def misfit(reading: FieldReading, value: str) -> str | None:
    """A sentence on why a value lacks the length or form that the page's layout asks for; None where it has both."""
    if not reading.of_layout or reading.kind not in CHECKED:
        return None
    field = _field_of(reading)
    if field is None or field.mismatch(value) is None:
        return None
    if field.length is None or field.length[0] <= len(value) <= field.length[1]:
        return "This does not have the form that belongs here."
    least, most = field.length
    wanted = f"{least}" if least == most else f"{least} to {most}"
    return f"This has {len(value)} digit{'' if len(value) == 1 else 's'}, and {wanted} belong here."


def _field_of(reading: FieldReading) -> LayoutField | None:
    """The field in the layout that read the page; None where that layout no longer exists.

    A taught layout counts in the version that read the page.
    """
    page = reading.page
    layout = next((shipped for shipped in shipped_layouts() if shipped.name == page.layout), None)
    if layout is None and page.layout_version is not None:
        version = LayoutVersion.objects.filter(layout__name=page.layout, number=page.layout_version).first()
        try:
            layout = version.taught if version is not None else None
        except BadLayout:  # its definition has an older format, so there is nothing to compare with
            return None
    return next((field for field in layout.fields if field.name == reading.field), None) if layout else None
