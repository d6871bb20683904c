"""Filters for pages that show what speaks against paying a cheque."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.urls import reverse

from recognition.amounts import amount_of
from recognition.models import Page
from recognition.presented import Earlier, Flags

register = template.Library()


@register.filter
def of(flags: Mapping[UUID, Flags], document: UUID) -> Flags | None:
    """The flags of one document in a list."""
    return flags.get(document) if flags else None


@register.simple_tag
def amount_on(page: Page | None, earlier: Earlier) -> str:
    """The amount of an earlier presentment, in the way in which this page has amounts of that currency."""
    layout = page.layout_read if page is not None else None
    conventions = [field.convention for field in layout.fields if field.convention] if layout else []
    same = next((one for one in conventions if one.currency == earlier.currency), None)
    return amount_of(earlier.amount, same, earlier.currency)


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
