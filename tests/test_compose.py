"""The compose file is valid, keeps no secret, and starts the programs that we have."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.serve import IDLE_SECONDS

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docker-compose.yml"
OURS = ("web", "worker-documents", "worker-pad", "beat", "migrate")
SECRETS = ("SECRET_KEY", "ENCRYPTION_KEYS", "POSTGRES_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as an administrator prepares it: the compose file and a filled-in `.env`."""
    shutil.copy(FILE, tmp_path)
    filled = re.sub(rf"^({'|'.join(SECRETS)})=$", r"\1=abc123", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(filled)
    return tmp_path


def config(folder: Path) -> subprocess.CompletedProcess[str]:
    """What docker-compose makes of the file, as YAML; it starts nothing."""
    program = shutil.which("docker-compose")
    if program is None:
        missing = "docker-compose is not installed (Debian: apt install docker-compose)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    plain = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run([program, "config"], cwd=folder, env=plain, capture_output=True, text=True, check=False)


@pytest.fixture
def services(folder: Path) -> dict[str, Any]:
    """The services, with every variable filled in."""
    from ruamel.yaml import YAML

    done = config(folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(json.dumps(YAML(typ="safe").load(done.stdout)))["services"]
    return found


def test_published_schema_holds() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_published_schema_is_really_asked(tmp_path: Path) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(FILE.read_text().replace("healthcheck:", "healthchek:", 1))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(broken)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_every_part_of_the_site_is_a_service(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, "proxy", "postgres", "redis"}


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_starts_without_a_secret(folder: Path, name: str) -> None:
    settings = folder / ".env"
    settings.write_text(settings.read_text().replace(f"{name}=abc123", f"{name}="))
    done = config(folder)
    assert done.returncode != 0
    assert "set it in .env" in done.stderr


def test_strangers_do_not_register_unless_it_is_asked_for(folder: Path, services: dict[str, Any]) -> None:
    assert {services[name]["environment"]["REGISTRATION"] for name in OURS} == {"invitation"}
    settings = folder / ".env"
    settings.write_text(settings.read_text() + "REGISTRATION=open\n")
    assert config(folder).stdout.count("REGISTRATION: open") == len(OURS)


def test_who_may_change_much_has_a_second_factor_unless_it_is_asked_otherwise(
    folder: Path, services: dict[str, Any]
) -> None:
    assert {services[name]["environment"]["SECOND_FACTOR_FOR"] for name in OURS} == {"administrator,supervisor"}
    settings = folder / ".env"
    settings.write_text(settings.read_text() + "SECOND_FACTOR_FOR=\n")
    assert "administrator,supervisor" not in config(folder).stdout


def test_compose_file_holds_no_password() -> None:
    text = FILE.read_text()
    for name in SECRETS:
        assert all(use.startswith(f"{name}:?") for use in re.findall(rf"\$\{{({name}[^}}]*)\}}", text)), name


def test_everything_waits_for_the_migrations(services: dict[str, Any]) -> None:
    for name in set(OURS) - {"migrate"}:
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully", name
    assert services["migrate"]["restart"] == "no"


def test_every_lasting_service_is_watched_and_restarted(services: dict[str, Any]) -> None:
    for name in set(services) - {"migrate"}:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped", name


def test_our_processes_may_do_little(services: dict[str, Any]) -> None:
    for name in OURS:
        service = services[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service, name


def test_only_the_proxy_is_open_to_the_world_and_only_it_and_the_web_reach_out(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert {name for name, service in services.items() if "front" in service["networks"]} == {"proxy", "web"}


def test_web_is_bounded_and_keeps_bodies_out_of_memory(services: dict[str, Any]) -> None:
    web = services["web"]
    assert str(web["mem_limit"]) in ("1g", str(1024**3))
    (volume,) = web["volumes"]
    mounted = (
        volume["target"] if isinstance(volume, dict) else volume.split(":")[1]
    )  # as docker-compose's version has it
    assert mounted == web["environment"]["TMPDIR"]
    assert web["environment"]["TMPDIR"] in (ROOT / "Dockerfile").read_text(), "it belongs to our user"
    assert services["proxy"]["environment"]["MAX_REQUEST_BYTES"] == str(settings.MAX_REQUEST_BYTES)


def test_caddy_takes_our_file_and_its_limits(tmp_path: Path) -> None:
    program = shutil.which("caddy")
    if program is None:
        missing = "Caddy is not installed (Debian: apt install caddy)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    plain = {"HOME": str(tmp_path), "SITE_URL": "https://cheques.example.com", "CADDY_TLS": "tls internal"}
    command = [program, "adapt", "--adapter", "caddyfile", "--config", str(ROOT / "Caddyfile")]
    done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (server,) = json.loads(done.stdout)["apps"]["http"]["servers"].values()
    assert {"read_header_timeout", "read_timeout", "write_timeout", "idle_timeout"} <= server.keys()
    handlers = {handler["handler"]: handler for handler in server["routes"][0]["handle"][0]["routes"][0]["handle"]}
    assert handlers["request_body"]["max_size"] == settings.MAX_REQUEST_BYTES
    proxy = handlers["reverse_proxy"]
    assert proxy["upstreams"] == [{"dial": "web:8000"}]
    kept_seconds = proxy["transport"]["keep_alive"]["idle_timeout"] / 1e9
    assert kept_seconds < IDLE_SECONDS, "a request would meet a connection that web is closing"


def test_image_runs_as_nobody_special_and_brings_no_training() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    final = dockerfile.split("\nFROM ")[-1]
    assert re.search(r"^USER (?!0|root)\d+$", final, re.MULTILINE)
    assert "--no-default-groups" in dockerfile
    assert "collectstatic" in dockerfile
    copied = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert all((ROOT / path).exists() for path in copied)
    assert not [
        path for path in copied if "training" in path or "evaluation" in path or path.startswith((".env", "var"))
    ]


def test_the_site_and_its_workers_use_a_role_that_may_not_change_the_record(services: dict[str, Any]) -> None:
    roles = {name: services[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0] for name in OURS}
    assert [name for name in OURS if services[name]["environment"].get("POSTGRES_PASSWORD")] == []
    assert roles == dict.fromkeys(OURS, "countersign_app") | {"migrate": "countersign"}
    assert "manage.py grant countersign_app" in str(services["migrate"]["command"])
