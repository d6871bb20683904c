"""The map and the documents name what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import draw_map

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    *sorted(ROOT.glob("docs/**/*.md")),
    ROOT / "README.md",
    ROOT / "ml" / "README.md",
    ROOT / "ml/models/README.md",
]
PATH = re.compile(r"`((?:ml|portal|recognition|worker|accounts|docs|tests|templates)/[\w./-]*)`")
MODULE = re.compile(r"`((?:ml|portal|recognition|worker|accounts)(?:\.[a-z_0-9]+)+)[^`]*`")


def exists(name: str) -> bool:
    """Whether a dotted name is a module or a package, or something in one."""
    parts = name.split(".")
    for count in (len(parts), len(parts) - 1):
        path = ROOT.joinpath(*parts[:count])
        if count and (path.with_suffix(".py").exists() or (path / "__init__.py").exists()):
            return count == len(parts) or parts[-1] in (
                path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            ).read_text("utf-8")
    return False


def test_the_picture_shows_the_code_as_it_is() -> None:
    assert draw_map.PICTURE.read_text("utf-8") == draw_map.draw(), "make map draws it anew"


@pytest.mark.parametrize("seed", ["29", "31"])
def test_the_picture_is_the_same_in_whichever_order_sets_come(seed: str) -> None:
    """With these seeds of hashes, sums of places once came out otherwise, and the picture with them."""
    draw = "from docs import draw_map; print(draw_map.draw() == draw_map.PICTURE.read_text('utf-8'))"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    answer = subprocess.run([sys.executable, "-c", draw], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert answer.stdout.strip() == "True", answer.stderr


def test_rooms_in_a_circle_are_named() -> None:
    with pytest.raises(ValueError, match="in a circle: ink → forms → ink"):
        draw_map._reduced({"ink": frozenset({"forms"}), "forms": frozenset({"ink"})})


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    imports = {"fields": frozenset({"ink", "forms"}), "ink": frozenset({"forms"}), "forms": frozenset()}
    assert draw_map._reduced(imports)["fields"] == frozenset({"ink"})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_documents_name_files_and_modules_that_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [name for name in MODULE.findall(text) if not exists(name)]
    assert missing == []
