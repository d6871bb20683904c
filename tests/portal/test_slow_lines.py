"""Slow lines cost the site next to nothing: the attack of `portal.slow_lines`, small, on each site as shipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median

import pytest
from django.conf import settings

from portal import slow_lines_site
from portal.slow_lines import attack
from tests.fixtures_loops import run_apart
from tests.fixtures_servers import database_address

pytestmark = pytest.mark.servers

SITES = ("compose", "behind_caddy") if not settings.EMBEDDED else ("embedded",)


@pytest.mark.parametrize("name", SITES)
def test_a_page_comes_while_lines_are_slow(
    name: str, transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "behind_caddy" and shutil.which("caddy") is None:
        missing = "Caddy is not installed (Debian: apt install caddy)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    if not settings.EMBEDDED:
        monkeypatch.setenv("DATABASE_URL", database_address())
    with getattr(slow_lines_site, name)(tmp_path) as site:
        lines = {"headers": 20, "bodies": 60, "downloads": 20, "idle": 20}
        outcome = run_apart(attack(site, lines, seconds=8, pace_seconds=2, page_seconds=0.5))
        assert outcome.held == 120, "all lines are held at once"
        assert outcome.failed == 0, str(outcome)
        assert median(outcome.seconds) < 5, str(outcome)
        assert outcome.megabytes_after - outcome.megabytes_before < 100, str(outcome)
