"""Documents that have been read, and browsers of the people of the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray

from accounts.models import User
from ml.reading.elements import Alternative, Box, Digit, Page, PageReading, Provenance, Reading
from recognition.models import Document, FieldReading
from tests.fixtures_html import HTMX, hidden_in, told_in
from worker.preview import jpeg_of

Read = Callable[..., Document]


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which this person has signed in."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def owner(alice: User, signed_in: Callable[[User], Client]) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture
def fresh_rates() -> None:
    """Nobody has asked for anything yet."""
    cache.clear()


@pytest.fixture
def at_once() -> Iterator[Callable[[list[Callable[[], Any]]], list[Any]]]:
    """Run calls at the same time, each with a database connection of its own."""

    def closing(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        yield lambda calls: list(threads.map(closing, calls))


@pytest.fixture
def type_in() -> Callable[..., Any]:
    """Type a value on a card that has just been opened, see its echo, and press Enter; the answer's card.

    `type_in(client, reading, "1,500")`; with `all_the_same=True` a check that speaks against it is set aside.
    """

    def enter(client: Client, reading: FieldReading, value: str, *, all_the_same: bool = False) -> Any:
        place = [reading.page.document_id, reading.pk]
        card = client.get(reverse("reading", args=place)).content.decode()
        sent = {name: value for name, value in hidden_in(card).items() if name == "made_on"} | {"value": value}
        echo = client.post(reverse("reading-echo", args=place), sent, headers=HTMX).content.decode()
        sent |= hidden_in(echo)
        answer = client.post(reverse("reading-correct", args=place), sent, headers=HTMX)
        if all_the_same:
            assert answer.status_code == 422
            sent |= told_in(answer.content.decode())
            answer = client.post(reverse("reading-correct", args=place), sent, headers=HTMX)
        return answer

    return enter


def digit_of(mark: str, place: int, sure: bool) -> Digit:
    confidence = 0.9995 if sure else 0.62
    others = (Alternative(8, (1 - confidence) * 0.8), Alternative(None, (1 - confidence) * 0.1))
    left = 10 + 40 * place
    return Digit(int(mark) if mark.isdigit() else None, confidence, others, Box(left, 20, left + 30, 70))


def number_of(value: str, sure: bool) -> Reading:
    digits = tuple(digit_of(mark, place, sure) for place, mark in enumerate(value))
    box = Box(10, 20, 10 + 40 * len(value), 70)
    provenance = Provenance("a" * 64, "any")
    return Reading("number", value, value, digits[0].confidence, sure, digits, box, provenance)


@pytest.fixture
def page_reading(digit_image: Callable[..., NDArray[np.uint8]]) -> Callable[..., PageReading]:
    """What a reader would say of one page."""

    def make(*values: str, number: int = 1, sure: bool = True) -> PageReading:
        pixels = digit_image("351")
        sha256 = hashlib.sha256(pixels.tobytes() + bytes([number])).hexdigest()
        return PageReading(Page(pixels, number, None, sha256), tuple(number_of(value, sure) for value in values))

    return make


@pytest.fixture
def read(upload: Callable[..., Document], page_reading: Callable[..., PageReading]) -> Read:
    """A document that has been read: `read("351", "77", sure=False, pages=2, name="a.png")`."""

    def make(*values: str, sure: bool = True, pages: int = 1, **given: Any) -> Document:
        document = Document.claim(upload(**given).pk)
        assert document is not None
        readings = [page_reading(*values, number=number, sure=sure) for number in range(1, pages + 1)]
        document.record([(reading, jpeg_of(reading.page.pixels)) for reading in readings])
        return document

    return make
