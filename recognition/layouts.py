"""What a document may be said to be: layouts by the names that rows keep, and as people call them."""

from __future__ import annotations

from ml.reading.layouts import ANY_NUMBER, ONE_NUMBER, shipped_layouts

AUTO = "auto"
"""Each page is what the best fitting layout is; where none fits, a picture with numbers."""

WITHOUT_FIELDS = {
    AUTO: "Find out what it is",
    ANY_NUMBER.name: "Any picture: find every number",
    ONE_NUMBER.name: "One number, cut out",
}
"""What needs no layout, by name, with its title."""


def forms() -> dict[str, str]:
    """Titles of the layouts that there are, by name."""
    return {layout.name: layout.title or layout.name for layout in shipped_layouts()}


def title_of(name: str) -> str:
    """As people call it; a layout that is no more by its name."""
    return WITHOUT_FIELDS.get(name) or forms().get(name, name)
