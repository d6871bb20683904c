"""What speaks against paying a cheque, for the pages that show it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template

from recognition.cheques import Objection, objection_to
from recognition.models import FieldReading
from recognition.presented import Flags

register = template.Library()


@register.filter
def objection(field: FieldReading) -> Objection | None:
    """To a cheque with this date; None of any other field."""
    return objection_to(field)


@register.filter
def of(flags: Mapping[UUID, Flags], document: UUID) -> Flags | None:
    """What is said of one document of a list."""
    return flags.get(document) if flags else None
