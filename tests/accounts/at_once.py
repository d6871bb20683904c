"""Doing something many times at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def at_once(times: int, do: Callable[[], object]) -> None:
    """Do something in so many threads that begin together."""
    together = Barrier(times)

    def one(_number: int) -> None:
        together.wait()
        try:
            do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as threads:
        list(threads.map(one, range(times)))
