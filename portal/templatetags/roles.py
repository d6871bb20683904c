"""What the person who looks at a page may do with a document or a layout on it."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import May
from recognition.access import rights_of
from recognition.models import Document, Layout

register = template.Library()


@register.simple_tag
def may(user: User | AnonymousUser, action: str, row: Document | Layout) -> bool:
    """Whether this person, who sees the document or layout, may do this with it; it takes no query of its own."""
    return May(action) in rights_of(user).on(row.branch_id)


@register.simple_tag
def may_anywhere(user: User | AnonymousUser, action: str) -> bool:
    """Whether this person may do this in any place."""
    return rights_of(user).anywhere(May(action))
