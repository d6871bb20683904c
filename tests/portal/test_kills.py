"""Every process of the portal is killed, idle and at work: new documents are read, none is lost, none is doubled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.kills import kills
from portal.kills_portal import BOXED
from tests.fixtures_servers import SHORT, database_address

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

WORKS = "portal.supervised celery -A worker.app --quiet worker --queues"
KILLED = {
    "idle reader": f"{WORKS} documents",
    "reader at work": f"{WORKS} documents",
    "box at work": BOXED,
    "pad": f"{WORKS} pad",
    "beat": "portal.supervised celery -A worker.app --quiet beat",
    "web": "portal.supervised portal.serve",
    "supervisor": "manage.py demo",
}
"""What has to be in the command of each kind of victim."""


def test_whatever_is_killed_nothing_is_lost_or_doubled_and_all_goes_on(
    place: Path, empty_broker: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    surroundings = SHORT | {"SECRET_KEY": settings.SECRET_KEY}
    if not settings.EMBEDDED:
        surroundings["DATABASE_URL"] = database_address()
    found = kills(len(KILLED), minutes=8, seed=1, place=place, surroundings=surroundings, say=print)
    told = "\n".join(found.lines())
    assert {kind: [KILLED[kind] in killed for killed in commands] for kind, commands in found.kills.items()} == {
        kind: [True] for kind in KILLED
    }, found.kills
    assert (found.lost, found.doubled, found.not_read, found.left, found.stuck) == ([], [], [], [], ""), told
    assert max(found.waits) < 60, told
