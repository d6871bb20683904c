"""The whole site on a small disk that fills up: it says so, loses nothing, and goes on when there is room."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from django.conf import settings

from portal.bench_service import Clerk, png_of, ready, signed_in
from portal.kills_portal import running
from tests.fixtures_servers import SHORT, small_disk

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not settings.EMBEDDED, reason="the database and the queue are not on this disk"),
]

SENTENCE = "The disk of this site is full"


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, wait_for: Callable[..., None]) -> None:
    surroundings = SHORT | {"MAX_UPLOAD_BYTES": "2000000"}
    with small_disk(tmp_path, "30m"), running(tmp_path, surroundings) as portal:
        wait_for(lambda: ready(portal.address), 120, "for the site")
        clerk = signed_in(portal.address, tmp_path)
        clerk.upload_to_result(png_of("351"))
        guest = Clerk(portal.address, tmp_path, requests.Session())
        guest.session.get(f"{portal.address}/accounts/login/", timeout=60)

        filler = fill(tmp_path)
        answer = requests.get(f"{portal.address}/health/ready", timeout=60)
        assert answer.status_code == 503
        assert "The disk is full" in answer.json()["parts"]["disk"]["problem"]
        password = (tmp_path / "demo-accounts.txt").read_text().split()[1]
        signing_in = guest.post("/accounts/login/", data={"login": "clerk@example.com", "password": password})
        sending = clerk.post("/upload/", files={"files": ("number.png", png_of("77"))})
        for refused in (signing_in, sending):
            assert (refused.status_code, SENTENCE in refused.text) == (503, True), refused.text[:2000]
        reading = clerk.session.get(f"{portal.address}/history/", timeout=60)
        assert reading.status_code == 200
        assert "number.png" in reading.text

        filler.unlink()
        wait_for(lambda: ready(portal.address), 60, "for the site to be ready again")
        clerk.upload_to_result(png_of("60972"))
        listed = clerk.session.get(f"{portal.address}/history/export.csv", timeout=60).text
        assert sorted(line["value"] for line in csv.DictReader(io.StringIO(listed))) == ["351", "60972"]
        assert portal.stop() == []
