"""`.env.example` explains every setting that is read, and none that is not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / ".env.example").read_text()
DOCUMENTED = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE)
SOCIAL = {
    f"{site}_{part}": "https://example.com"
    for site in ("GOOGLE", "FACEBOOK", "LINKEDIN")
    for part in ("CLIENT_ID", "CLIENT_SECRET", "URL")
}


@pytest.fixture(scope="module")
def read_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names that the settings ask the environment for, in the branches of production."""
    production = {
        "COUNTERSIGN_VAR": str(tmp_path_factory.mktemp("var")),
        "DATABASE_URL": "postgres://somebody@nowhere.invalid/none",
        "REDIS_URL": "redis://nowhere.invalid",
        "EMAIL_URL": "smtp://nowhere.invalid",
        "SECRET_KEY": "only for this test",
        "SITE_URL": "https://cheques.example.com",
    }
    script = "from portal.settings import env; print(*env.dump())"
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | SOCIAL | production,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(answer.stdout.split())


def test_every_setting_is_explained(read_names: set[str]) -> None:
    assert len(read_names) > 30
    assert read_names - set(DOCUMENTED) == set()


def test_nothing_is_explained_that_nobody_reads(read_names: set[str]) -> None:
    compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(DOCUMENTED) - read_names - compose == set()


def test_every_variable_of_the_compose_file_is_explained() -> None:
    compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert {"ENCRYPTION_KEYS", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "SITE_URL"} <= compose
    assert compose - set(DOCUMENTED) == set()


def test_each_is_named_once_and_secrets_have_no_value() -> None:
    assert sorted(DOCUMENTED) == sorted(set(DOCUMENTED))
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert f"\n{name}=\n" in EXAMPLE


def test_each_setting_stands_below_a_line_that_explains_it() -> None:
    blocks = [block for block in re.split(r"\n\s*\n", EXAMPLE) if "=" in block]
    settings = [block for block in blocks if re.search(r"^#?[A-Z][A-Z0-9_]+=", block, re.MULTILINE)]
    unexplained = [block for block in settings if not block.startswith("# ") and block != "#LOG_LEVEL=INFO\n"]
    assert unexplained == []


def test_defaults_shown_are_those_that_hold(read_names: set[str]) -> None:
    shown = dict(re.findall(r"^#([A-Z][A-Z0-9_]+)=(\d+)$", EXAMPLE, re.MULTILINE))
    source = (ROOT / "portal" / "settings.py").read_text()
    numbers = dict(re.findall(r'env\.int\("([A-Z_]+)", ([\d_* ]+)\)', source))
    assert len(numbers) > 10
    for name, written in numbers.items():
        product = 1
        for factor in written.replace("_", "").split("*"):
            product *= int(factor)
        assert shown[name] == str(product), name
