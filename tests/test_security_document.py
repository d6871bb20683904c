"""What docs/security.md names is there, and its counts are those of its rows."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs/security.md").read_text("utf-8")
ROOT_FILES = r"[.\w-]+\.(?:md|yml|toml|lock|example)|Caddyfile|Dockerfile|\.dockerignore"
NAMED = re.compile(rf"`([.\w-]+(?:/[.\w-]+)+|{ROOT_FILES})(?:::(\w+))?`")
LINKED = re.compile(r"\]\(([^)#:]+\.md)\)")
COUNTED = re.compile(r"of (\d+) requirements, (\d+) are met, (\d+) partly met, (\d+) not met, and (\d+) do not apply")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| [12] \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
STATES = ("met", "partly", "not met", "does not apply")


def has(path: str, test: str) -> bool:
    file = ROOT / path
    return file.exists() and (not test or f"def {test}(" in file.read_text("utf-8"))


def test_every_file_and_test_that_it_names_exists() -> None:
    named = NAMED.findall(TEXT)
    assert len(named) > 300
    assert [name for name in named if not has(*name)] == []
    assert [path for path in LINKED.findall(TEXT) if not (ROOT / "docs" / path).exists()] == []


def test_its_counts_are_those_of_its_rows() -> None:
    rows = ROW.findall(TEXT)
    numbers = [tuple(map(int, number.split("."))) for number, _state, _shown in rows]
    assert numbers == sorted(set(numbers)), "each once, in their order"
    states = Counter(state for _number, state, _shown in rows)
    counted = COUNTED.search(" ".join(TEXT.split()))
    assert counted is not None
    assert [int(count) for count in counted.groups()] == [len(rows), *(states[state] for state in STATES)]
    assert len(rows) == 253, "as many has the standard in levels 1 and 2"


def test_what_is_met_names_a_file_that_shows_it() -> None:
    met = [(number, shown) for number, state, shown in ROW.findall(TEXT) if state == "met"]
    assert [number for number, shown in met if not re.search(r"[`\[/]|Here: |The same test", shown)] == []
