"""A page's HTML as a test compares it: how templates are laid out in lines does not count."""

from __future__ import annotations

import re

HTMX = {"HX-Request": "true"}


def on_one_line(html: str) -> str:
    """The HTML with one space wherever there is white space, and none before a tag's end."""
    return re.sub(r"\s+(/?>)", r"\1", re.sub(r"\s+", " ", html))


def plain(html: str) -> str:
    """The text alone."""
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def hidden_in(html: str) -> dict[str, str]:
    """The hidden inputs of a page or a part of it, but for the token: name and value of each."""
    found = re.findall(r'<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def told_in(card: str) -> dict[str, str]:
    """What the button sends that keeps a value against which a check speaks."""
    (told,) = re.findall('name="acknowledged" value="([^"]*)"', on_one_line(card))
    return {"acknowledged": told}
