"""What a document may be said to be: layouts by the names that rows keep, and as people call them."""

from __future__ import annotations

import logging
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ml.reading.errors import BadLayout
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Layout

log = logging.getLogger(__name__)

AUTO = "auto"
"""Each page is what the best fitting layout is; where none fits, a picture with numbers."""

WITHOUT_FIELDS = {
    AUTO: "Find out what it is",
    ANY_NUMBER.name: "Any picture: find every number",
    ONE_NUMBER.name: "One number, cut out",
}
"""What needs no layout, by name, with its title."""


def _rows() -> QuerySet[Any]:
    # By name: rows ask this module what layouts are called.
    return apps.get_model("recognition", "Layout").objects.all()


def _usable_by(owner: Any) -> QuerySet[Any]:
    """Rows with a version that this person may read with: their own, and those offered to everybody."""
    mine = Q(owner=owner) if owner is not None and owner.pk else Q(pk=None)
    return _rows().filter(mine | Q(offered=True), versions__isnull=False).distinct()


def forms(owner: Any = None) -> dict[str, str]:
    """Titles of the layouts that a person may read with, by name: taught ones first."""
    taught = {row.name: row.title for row in _usable_by(owner)}
    return taught | {layout.name: layout.title or layout.name for layout in shipped_layouts()}


def layouts_for(owner: Any) -> tuple[Layout, ...]:
    """What reads a person's documents where they leave it to the reader: their own and offered layouts, the shipped."""
    rows = (_taught(row) for row in _usable_by(owner).prefetch_related("versions"))
    return (*filter(None, rows), *shipped_layouts())


def layout_for(owner: Any, name: str) -> Layout | None:
    """The layout of a name in its newest version; None where this person has none that reads."""
    known = {layout.name: layout for layout in (ANY_NUMBER, ONE_NUMBER, *shipped_layouts())}
    if name in known:
        return known[name]
    row = _usable_by(owner).filter(name=name).first()
    return _taught(row) if row is not None else None


def _taught(row: Any) -> Layout | None:
    """Its newest version; None where that was made when layouts were told otherwise: the others go on reading."""
    newest = row.versions.all()[0]
    try:
        taught: Layout = newest.taught
    except BadLayout as error:
        log.warning("Layout %s, version %d, cannot be read with: %s", row.pk, newest.number, error)
        return None
    return taught


def title_of(name: str, taught: str | None = None) -> str:
    """As people call it; a layout that is no more by its name.

    Args:
        name: Of the layout.
        taught: What it is called if it is a taught one, where that was looked up for many at once.
    """
    known = WITHOUT_FIELDS | {layout.name: layout.title or layout.name for layout in shipped_layouts()}
    return known.get(name) or taught or _rows().filter(name=name).values_list("title", flat=True).first() or name


def taught_title() -> Coalesce:
    """The title of the outer row's `layout` if it is a taught one, else its name: for `title_of`, in the same query."""
    return Coalesce(Subquery(_rows().filter(name=OuterRef("layout")).values("title")[:1]), F("layout"))
