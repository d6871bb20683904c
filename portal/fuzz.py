"""Damaged files through the whole service, over HTTP: `python -m portal.fuzz --files 10000`.

It starts the embedded default in a new folder, and uploads damaged files as the demo clerk, a batch at a time. Every
answer must be a page, and every file read or refused in a sentence, at the first attempt and in time.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from ml.evaluation.hostile.mutations import MOST_SECONDS, mutated
from portal.bench_service import Clerk, running_portal

BATCH = 50
PATIENCE_SECONDS = 120.0
"""How long a batch may take to be read: a worker that hangs is an error too."""

_UNREAD = "SELECT count(*) FROM recognition_document WHERE state IN ('queued', 'reading')"
_ENDINGS = "SELECT state, reason, attempts, name FROM recognition_document"
_SECONDS = "SELECT (julianday(finished_at) - julianday(claimed_at)) * 86400, name FROM recognition_document"


def main() -> int:
    """Upload the files, print what became of them, and return the process's exit status."""
    parser = argparse.ArgumentParser(description="Upload damaged files to a site of its own.")
    parser.add_argument("--files", type=int, default=300, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    chosen = parser.parse_args()
    os.environ |= {"MAX_WAITING_DOCUMENTS": "0", "MAX_UPLOADS_AN_HOUR": "0", "MAX_KEPT_BYTES": "0"}
    with tempfile.TemporaryDirectory(prefix="countersign-fuzz-") as folder:
        place = Path(folder)
        with running_portal(place) as clerk:
            statuses = uploaded(clerk, place, range(chosen.seed, chosen.seed + chosen.files))
        return told(statuses, place)


def uploaded(clerk: Clerk, place: Path, seeds: range) -> Counter[int]:
    """Upload the files of these seeds; how often the site answered with each status.

    Raises:
        TimeoutError: A batch was not read in time.
    """
    statuses: Counter[int] = Counter()
    for first in range(seeds.start, seeds.stop, BATCH):
        files = [("files", mutated(seed)) for seed in range(first, min(first + BATCH, seeds.stop))]
        statuses[clerk.post("/upload/", files=files).status_code] += 1
        end = time.monotonic() + PATIENCE_SECONDS
        while asked(place, _UNREAD)[0][0]:
            if time.monotonic() > end:
                raise TimeoutError(f"the files from seed {first} on are not read")
            time.sleep(0.2)
    return statuses


def told(statuses: Counter[int], place: Path) -> int:
    """Print what became of the files; 1 where any of it is an error of ours, else 0."""
    rows = asked(place, _ENDINGS)
    states = Counter(state for state, *_ in rows)
    seconds, slowest = max(asked(place, _SECONDS), default=(0.0, "none"))
    print("answers: " + ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items())))
    print(f"taken in: {len(rows):,}; " + ", ".join(f"{state} {count:,}" for state, count in states.most_common()))
    print(f"slowest: {seconds:.1f} s ({slowest})")
    bad = [name for state, reason, _, name in rows if state == "failed" and _is_ours(reason)]
    again = [name for _, _, attempts, name in rows if attempts > 1]
    print(f"errors of ours: {bad or 'none'}; read more than once: {again or 'none'}")
    is_bad = bad or again or seconds > MOST_SECONDS or any(status >= 500 for status in statuses)
    return 1 if is_bad else 0


def _is_ours(reason: str) -> bool:
    return not reason or reason.startswith(("Something went wrong on our side", "Reading this was begun several times"))


def asked(place: Path, query: str) -> list[tuple[Any, ...]]:
    """The answer of the site's database."""
    with closing(sqlite3.connect(place / "countersign.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


if __name__ == "__main__":
    sys.exit(main())
