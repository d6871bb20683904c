"""What the layout of a page asks of a field's value, held against what a person types."""

from __future__ import annotations

from ml.reading.errors import BadLayout
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import Kind, LayoutField
from recognition.models import FieldReading, LayoutVersion

CHECKED = (Kind.DIGITS, Kind.POSTAL_CODE)
"""Amounts and days are typed in a form of their own, whatever stands on the paper."""


def misfit(reading: FieldReading, value: str) -> str | None:
    """A sentence on why a value is not of the length or form that the page's layout asks for; None where it is."""
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
    """As the layout that read the page has it, in that version if it is a taught one; None where it is no more."""
    page = reading.page
    layout = next((one for one in shipped_layouts() if one.name == page.layout), None)
    if layout is None and page.layout_version is not None:
        version = LayoutVersion.objects.filter(layout__name=page.layout, number=page.layout_version).first()
        try:
            layout = version.taught if version is not None else None
        except BadLayout:  # of a time when layouts were told otherwise: it asks for nothing that we know of
            return None
    return next((one for one in layout.fields if one.name == reading.field), None) if layout else None
