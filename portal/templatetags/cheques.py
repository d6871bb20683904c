"""What speaks against paying a cheque, for the pages that show it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.urls import reverse

from recognition.presented import Earlier, Flags

register = template.Library()


@register.filter
def of(flags: Mapping[UUID, Flags], document: UUID) -> Flags | None:
    """The flags of one document of a list."""
    return flags.get(document) if flags else None


@register.filter
def address(earlier: Earlier) -> str:
    """Where a document that was presented before is shown, at its page."""
    shown = reverse("document", args=[earlier.document])
    return f"{shown}?page={earlier.page}" if earlier.page else shown


@register.filter
def called_in(earlier: Earlier, document: UUID) -> str:
    """What people call it beside another document: its name and page; within the same document the page alone."""
    if earlier.document == document:
        return f"Page {earlier.page} of this document"
    return f"{earlier.name}, page {earlier.page}" if earlier.page and earlier.page > 1 else earlier.name
