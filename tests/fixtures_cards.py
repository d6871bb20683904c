"""A document's page and the cards of its fields, as a browser gets them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from recognition.models import FieldReading
from tests.fixtures_html import on_one_line

Cheque = Callable[..., dict[str, FieldReading]]


def address(name: str, field: FieldReading) -> str:
    return reverse(name, args=[field.page.document_id, field.pk])


def page_of(client: Client, fields: dict[str, FieldReading]) -> str:
    document = next(iter(fields.values())).page.document_id
    return on_one_line(client.get(reverse("document", args=[document])).content.decode())


def card_of(text: str, field: FieldReading) -> str:
    found = re.search(rf'<article[^>]* id="number-{field.pk}".*?</article>', text, re.DOTALL)
    assert found
    return found[0]
