"""The layouts that a document can be read with: the names that rows keep, and the titles that people see."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ml.reading.errors import BadLayout
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Layout

log = logging.getLogger(__name__)

AUTO = "auto"
"""Each page is read with the layout that fits it best. Where none fits, every number on the page is read."""

WITHOUT_FIELDS = {
    AUTO: "Find out what it is",
    ANY_NUMBER.name: "Any picture: find every number",
    ONE_NUMBER.name: "One number, cut out",
}
"""Titles, by name, of the choices without fields."""


def _rows() -> QuerySet[Any]:
    # The model is looked up by name, because the models import this module.
    return apps.get_model("recognition", "Layout").objects.all()


def _usable_in(branches: Collection[int]) -> QuerySet[Any]:
    """Saved layouts that these branches may read with: theirs, and those that are offered to everybody."""
    return _rows().filter(Q(branch__in=branches) | Q(offered=True), versions__isnull=False).distinct()


def forms(branches: Collection[int] = ()) -> dict[str, str]:
    """Titles, by name, of the layouts that these branches may read with: taught layouts first."""
    taught = {row.name: row.title for row in _usable_in(branches)}
    return taught | {layout.name: layout.title or layout.name for layout in shipped_layouts()}


def layouts_for(branches: Collection[int]) -> tuple[Layout, ...]:
    """The layouts among which the reader chooses for these branches: theirs, those offered, and the shipped ones."""
    rows = (_taught(row) for row in _usable_in(branches).prefetch_related("versions"))
    return (*filter(None, rows), *shipped_layouts())


def layout_for(branches: Collection[int], name: str) -> Layout | None:
    """The newest version of the layout with this name; None where these branches have none that can read."""
    known = {layout.name: layout for layout in (ANY_NUMBER, ONE_NUMBER, *shipped_layouts())}
    if name in known:
        return known[name]
    row = _usable_in(branches).filter(name=name).first()
    return _taught(row) if row is not None else None


def _taught(row: Any) -> Layout | None:
    """The newest version of a saved layout.

    None where its definition has an older format that can no longer be used: the other layouts still read.
    """
    newest = row.versions.all()[0]
    try:
        taught: Layout = newest.taught
    except BadLayout as error:
        log.warning("Layout %s, version %d, cannot be read with: %s", row.pk, newest.number, error)
        return None
    return taught


def layouts_that_read(used: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int | None], Layout | None]:
    """The layouts with which pages were read.

    Args:
        used: Name and version of each. Of a shipped layout the newest version stands for all.

    Returns:
        For each the layout; None where it no longer exists, or its definition can no longer be used.
    """
    asked = set(used)
    found: dict[tuple[str, int | None], Layout | None] = dict.fromkeys(asked)
    shipped = {layout.name: layout for layout in shipped_layouts()}
    taught = Q()
    for name, version in asked:
        if name in shipped:
            found[name, version] = shipped[name]
        elif version is not None:
            taught |= Q(layout__name=name, number=version)
    versions = apps.get_model("recognition", "LayoutVersion").objects.select_related("layout")
    for row in versions.filter(taught) if taught else ():
        with suppress(BadLayout):
            found[row.layout.name, row.number] = row.taught
    return found


def title_of(name: str, taught: str | None = None) -> str:
    """The title that people see; for a layout that no longer exists, its name.

    Args:
        name: Name of the layout.
        taught: Title of the layout if it is a taught one, where the caller fetched the titles of many at once.
    """
    known = WITHOUT_FIELDS | {layout.name: layout.title or layout.name for layout in shipped_layouts()}
    return known.get(name) or taught or _rows().filter(name=name).values_list("title", flat=True).first() or name


def taught_title() -> Coalesce:
    """The title of the outer row's `layout` if it is a taught one, else its name.

    The query that fetches the rows also fetches this, and `title_of` takes it as `taught`.
    """
    return Coalesce(Subquery(_rows().filter(name=OuterRef("layout")).values("title")[:1]), F("layout"))
