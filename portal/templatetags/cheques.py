"""Filters for pages that show what speaks against paying a cheque."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.urls import reverse

from recognition.presented import Earlier, Flags

register = template.Library()


@register.filter
def of(flags: Mapping[UUID, Flags], document: UUID) -> Flags | None:
    """The flags of one document in a list."""
    return flags.get(document) if flags else None


@register.filter
def address(earlier: Earlier) -> str:
    """The address of an earlier presentment's document, at its page."""
    shown = reverse("document", args=[earlier.document])
    return f"{shown}?page={earlier.page}" if earlier.page else shown


@register.filter
def called_in(earlier: Earlier, document: UUID) -> str:
    """The words for an earlier presentment: document and page, or the page alone within the same document."""
    if earlier.document == document:
        return f"Page {earlier.page} of this document"
    return f"{earlier.name}, page {earlier.page}" if earlier.page and earlier.page > 1 else earlier.name
