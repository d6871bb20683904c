"""A cheque as a reader tells it: fields of every kind, sure and in doubt, found and missing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.reading.elements import (
    Agreement,
    Alternative,
    Box,
    Digit,
    Hypothesis,
    LayoutUsed,
    Page,
    PageReading,
    Provenance,
    Reading,
    Words,
)
from ml.reading.fields import verdict
from recognition.models import Document, FieldReading

CHECK = "The check digit is wrong."
MISSING = "Nothing was found here that could be this field."
PRESENTED = datetime(2026, 2, 2, 12, tzinfo=UTC)
LINE = "⑆122105155⑆ 123456789⑈ 1025"


def field_of(name: str, kind: str, value: str = "", *, sure: bool = False, row: int = 0, **more: Any) -> Reading:
    """A field at a place of its own; where no text is given, it is written as its value."""
    digits = tuple(
        Digit(
            int(sign), 0.9, (Alternative(8, 0.05),), Box(20 + 20 * place, 10 + 40 * row, 38 + 20 * place, 40 + 40 * row)
        )
        for place, sign in enumerate(value)
        if sign.isdigit()
    )
    likely = more.get("hypotheses", (Hypothesis(value, 0.9), Hypothesis("77", 0.1)))
    facts: dict[str, object] = {"text": value, "hypotheses": likely, "confidence": likely[0].probability} | more
    box = Box(20, 10 + 40 * row, 300, 40 + 40 * row)
    provenance = Provenance("b" * 64, "layout=cheque-us version=1")
    return Reading(
        field=name, value=value, accepted=sure, digits=digits, box=box, provenance=provenance,
        kind=kind, **facts,
    )  # type: ignore[arg-type]  # fmt: skip


CONTRADICTED = field_of(
    "amount",
    "amount",
    "42140000.00",
    currency="INR",
    hypotheses=(Hypothesis("42140000.00", 0.8), Hypothesis("77", 0.1)),
    checks=(verdict.CONTRADICTION.format(figures="42140000.00", words="4240000.00"),),
    words=Words("forty two lakh forty thousand", "4240000.00", 0.97, Agreement.CONTRADICTS, Box(20, 90, 300, 120)),
)
"""An amount whose words say another one."""

CHEQUE = (
    field_of("amount", "amount", "1234.50", sure=True, text="¤1,234.50", currency="USD"),
    field_of("date", "date", "2026-01-31", sure=True, row=1, text="1/31/2026"),
    field_of("amount_in_words", "show", row=2),
    field_of("cheque_number", "digits", "1025", sure=True, row=3),
    field_of("routing_number", "digits", "122105155", row=4, checks=(CHECK,)),
    field_of("account", "digits", row=5, checks=()),
    field_of("postal_code", "postal_code", row=6, checks=(MISSING,)),
    field_of("micr_line", "micr", LINE, sure=True, row=7),
    field_of("signature", "show", row=8),
)


@pytest.fixture(scope="session")
def cheque_page() -> Callable[..., PageReading]:
    """A page with the fields of a cheque: `cheque_page(*fields, faults=(), numbers=(), layout=...)`."""

    def make(*fields: Reading, number: int = 1, numbers: tuple[Reading, ...] = (), **given: object) -> PageReading:
        pixels: NDArray[np.uint8] = np.full((400, 640, 3), 240, np.uint8)
        page = Page(pixels, number, None, hashlib.sha256(bytes([number])).hexdigest())
        facts: dict[str, object] = {"layout": LayoutUsed("cheque-us", 1, 0.94), "fields": fields or CHEQUE} | given
        return PageReading(page, numbers, **facts)  # type: ignore[arg-type]

    return make


@pytest.fixture
def read_cheque(
    upload: Callable[..., Document], cheque_page: Callable[..., PageReading]
) -> Callable[..., dict[str, FieldReading]]:
    """A cheque of Alice's that has been read: its fields by name. It takes what `cheque_page` takes.

    Each is presented a minute after the one before, two days after the date of `CHEQUE`; another `uploaded_by`,
    another file's `sha256`, and its `name` can be given.
    """
    presented = count()

    def make(*fields: Reading, name: str = "cheque.png", **given: object) -> dict[str, FieldReading]:
        from worker.preview import jpeg_of

        number = next(presented)
        file: dict[str, object] = {"name": name, "sha256": f"{number:064}"}
        file |= {key: given.pop(key) for key in ("uploaded_by", "sha256") if key in given}
        document = Document.claim(upload(**file).pk)
        assert document is not None
        page = cheque_page(*fields, **given)
        document.record([(page, jpeg_of(page.page.pixels))])
        Document.objects.filter(pk=document.pk).update(created_at=PRESENTED + timedelta(minutes=number))
        return {field.field: field for field in FieldReading.objects.filter(page__document=document)}

    return make
