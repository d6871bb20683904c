"""Counts in the cache of files: of many who add a key at once, one does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.utils.module_loading import import_string

from portal.settings import CACHES


@pytest.fixture
def cache(tmp_path: Path) -> BaseCache:
    """The cache that the embedded default uses."""
    if settings.REDIS_URL:
        pytest.skip("counts stand in Redis")
    made: BaseCache = import_string(CACHES["default"]["BACKEND"])(str(tmp_path / "cache"), {})
    return made


def test_of_many_who_add_at_once_one_does(cache: BaseCache) -> None:
    together = Barrier(12)

    def add(number: int) -> bool:
        together.wait()
        return bool(cache.add("lock", number))

    for _round in range(10):
        with ThreadPoolExecutor(12) as threads:
            assert sum(threads.map(add, range(12))) == 1
        cache.delete("lock")


def test_what_has_expired_is_added_again(cache: BaseCache) -> None:
    assert cache.add("lock", 1, timeout=0.0)
    assert cache.add("lock", 2)
    assert not cache.add("lock", 3)
    assert cache.get("lock") == 2
