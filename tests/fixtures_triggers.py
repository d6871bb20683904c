"""Lets tests empty the tables whose triggers refuse just that; the migrations' signal puts the triggers back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connection

from accounts.triggers import RECORD, ROLES
from recognition.triggers import DECISIONS

ALL = (*RECORD, *ROLES, *DECISIONS)


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Drop the triggers before Django empties the tables after a test with transactions of its own."""
    original = flush.sql_flush

    def without_triggers(*arguments: Any, **options: Any) -> list[str]:
        drops = [
            f"DROP TRIGGER IF EXISTS {refusal.name}"
            + (f" ON {refusal.table}" if connection.vendor == "postgresql" else "")
            for refusal in ALL
            if refusal.of_this_database
        ]
        return [*drops, *original(*arguments, **options)]

    flush.sql_flush = without_triggers
    yield
    flush.sql_flush = original
