"""A page's HTML as a test compares it: how templates are laid out in lines does not count."""

from __future__ import annotations

import re


def on_one_line(html: str) -> str:
    """The HTML with one space wherever there is white space, and none before a tag's end."""
    return re.sub(r"\s+(/?>)", r"\1", re.sub(r"\s+", " ", html))


def plain(html: str) -> str:
    """The text alone."""
    return " ".join(re.sub("<[^>]*>", " ", html).split())
