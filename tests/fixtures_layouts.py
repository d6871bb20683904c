"""Layouts that the people of the tests have taught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray

from accounts.models import User
from recognition.models import Layout
from tests.fixtures_people import home_of
from tests.fixtures_slips import ACCOUNT_MM, AMOUNT_MM, SIZE_MM

Teach = Callable[..., Layout]


def shares(box: tuple[float, ...]) -> list[float]:
    """A box of the slip, two millimetres larger, in shares of the sheet."""
    left, top, right, bottom = box
    return [
        (left - 2) / SIZE_MM[0], (top - 2) / SIZE_MM[1], (right + 2) / SIZE_MM[0], (bottom + 2) / SIZE_MM[1],
    ]  # fmt: skip


def slip_fields() -> list[dict[str, Any]]:
    """The fields of the slip, as a layout's JSON has them."""
    money = {"currency": "USD", "decimal": ".", "cents_always": True}
    return [
        {"name": "amount", "kind": "amount", "place": shares(AMOUNT_MM), **money},
        {"name": "account", "kind": "digits", "place": shares(ACCOUNT_MM), "length": [5, 5]},
    ]


@pytest.fixture
def teach(alice: User, slip: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]) -> Teach:
    """A layout of the slip: `teach()` is Alice's, with its sample; `owner`, `title`, `sample`, `saved` can be given."""

    def begin(owner: User = alice, title: str = "Deposit slip", *, sample: bool = True, saved: bool = True) -> Layout:
        from worker.preview import jpeg_of

        layout = Layout.begin(home_of(owner), owner, title, {"fields": slip_fields()})
        if sample:
            pixels = slip("1250.75", "40961")
            layout.take_sample("sample", as_file(pixels))
            layout.keep_sheet(jpeg_of(np.repeat(pixels[:, :, None], 3, axis=2), 2200))
        if saved:
            layout.save_version()
        return layout

    return begin


SHOWN = ["layout", "layout-state", "layout-sample-image"]
CHANGES = ["layout-draft", "layout-sample", "layout-save", "layout-go-back", "layout-offer", "layout-remove"]
BY_NAME = ["layout-duplicate", "layout-export"]
POSTED = [*CHANGES, "layout-bring-back", "layout-duplicate"]


def address(name: str, layout: Layout) -> str:
    if name in BY_NAME:
        return reverse(name, args=[layout.name])
    return reverse(name, args=[layout.pk, *([1] if name == "layout-go-back" else [])])


def send(client: Client, name: str, layout: Layout) -> Any:
    return client.post(address(name, layout)) if name in POSTED else client.get(address(name, layout))


def offered(layout: Layout) -> Layout:
    Layout.objects.filter(pk=layout.pk).update(offered=True)
    return layout
