"""The grid of a table in a browser: its active cell, and what it tells."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def active(page: Page) -> Locator:
    return page.locator("[aria-selected=true]")


def place_of(page: Page) -> tuple[int, int]:
    place = active(page)
    return int(place.get_attribute("data-row") or -1), int(place.get_attribute("data-column") or -1)


def told(page: Page) -> Locator:
    return page.locator("#cell-status[role=status]")
