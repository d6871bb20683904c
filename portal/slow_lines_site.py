"""The sites that `portal.slow_lines` attacks, each as shipped, on a free port of 127.0.0.1, and a clerk."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import requests
from PIL import Image

from portal.bench_service import ROOT, Clerk, clerk_of, free_port, running_portal, wait_for

COMPOSE_FILE = ROOT / "docker-compose.yml"
CADDYFILE = ROOT / "Caddyfile"
ORIGINAL_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: where it is, the process that answers, the clerk's and a guest's cookies, a big original."""

    name: str
    address: str
    command: tuple[str, ...]
    process: int
    cookie: str
    guest_cookie: str
    original: str

    def request(self, path: str, *headers: str) -> bytes:
        """The head of a GET by the clerk."""
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {self.cookie}", *headers]
        return "\r\n".join([*lines, "", ""]).encode()

    def megabytes(self) -> float:
        """The memory of the web server's processes. Each counts its part of what several share (Linux's PSS)."""
        return sum(_pss_kilobytes(process) for process in _family(self.process)) / 1024

    def processor_seconds(self) -> float:
        """The processor's time that the web server's processes have used."""
        return sum(_clock_ticks(process) for process in _family(self.process)) / os.sysconf("SC_CLK_TCK")


def sites(names: Sequence[str], folder: Path) -> Iterator[Site]:
    """Each named site in turn, or a line that says what it needs."""
    makers = {"embedded": embedded, "compose": compose, "caddy": behind_caddy}
    for name in names:
        place = folder / name
        place.mkdir()
        try:
            with makers[name](place) as site:
                yield site
        except LookupError as missing:
            print(f"{name}: {missing}", flush=True)


@contextmanager
def embedded(place: Path) -> Iterator[Site]:
    """What `make run` starts."""
    with running_portal(place) as clerk:
        yield _site("embedded", clerk, clerk.address, _listener(clerk.address), ("make", "run"))


@contextmanager
def compose(place: Path) -> Iterator[Site]:
    """The command of `web` in docker-compose.yml, on the PostgreSQL and Redis that the environment names."""
    with _web_of_compose(place) as (clerk, process, command):
        yield _site("compose", clerk, clerk.address, process.pid, command)


@contextmanager
def behind_caddy(place: Path) -> Iterator[Site]:
    """The same behind Caddy, with our Caddyfile.

    Raises:
        LookupError: There is no Caddy on this machine.
    """
    caddy = shutil.which("caddy")
    if caddy is None:
        raise LookupError("needs Caddy (Debian: apt install caddy)")
    address = f"http://127.0.0.1:{free_port()}"
    with _web_of_compose(place, TRUSTED_PROXIES="1") as (clerk, process, command):
        facts = {
            "SITE_URL": address,
            "WEB": clerk.address.removeprefix("http://"),
            "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
            "XDG_DATA_HOME": str(place),
            "XDG_CONFIG_HOME": str(place),
        }
        with _running((caddy, "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)), place, facts):
            wait_for(lambda: _answers(address))
            yield _site("caddy", clerk, address, process.pid, command)


Started = subprocess.Popen[bytes]


@contextmanager
def _web_of_compose(place: Path, **more: str) -> Iterator[tuple[Clerk, Started, tuple[str, ...]]]:
    """The web server of docker-compose.yml with its clerk signed in, its process, and its command.

    Raises:
        LookupError: The environment names no servers.
    """
    if not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        raise LookupError("needs DATABASE_URL and REDIS_URL, of servers to try on")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    facts = {"SITE_URL": address, "COUNTERSIGN_VAR": str(place), "SECRET_KEY": "slow" * 20} | more
    prepare = (
        "import django; django.setup(); from django.core.management import call_command as call; "
        "call('migrate', verbosity=0); call('collectstatic', verbosity=0, interactive=False); "
        "from portal.management.commands.demo import demo_accounts; demo_accounts()"
    )
    with ExitStack() as stack:
        command = web_command(port)
        preparing = stack.enter_context(_running((sys.executable, "-c", prepare), place, facts))
        if preparing.wait(timeout=120):
            raise RuntimeError((place / "log").read_text())
        process = stack.enter_context(_running((sys.executable, "-m", *command), place, facts))
        wait_for(lambda: _answers(address))
        yield clerk_of(address, place), process, command


def web_command(port: int) -> tuple[str, ...]:
    """The command of `web` as docker-compose.yml has it, on 127.0.0.1 and this port. It begins with a module."""
    listed = re.search(r"\n  web:\n.*?    command:\n((?:      - [^\n]+\n)+)", COMPOSE_FILE.read_text(), re.DOTALL)
    assert listed, "docker-compose.yml lists the words of web's command"  # noqa: S101
    words = re.findall(r"- (.+)", listed.group(1))
    words = [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in words]
    words = [word.replace("0.0.0.0", "127.0.0.1").replace("=8000", f"={port}") for word in words]  # noqa: S104
    return tuple(words[2:] if words[:2] == ["python", "-m"] else words)


@contextmanager
def _running(command: Sequence[str], place: Path, facts: dict[str, str]) -> Iterator[Started]:
    """A process with these facts in its environment. It is ended with SIGTERM, and after 20 seconds killed."""
    settings = {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    with (place / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings | facts, stdout=log, stderr=log)  # noqa: S603  # our command
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            print(f"{' '.join(command)} ignored SIGTERM for 20 s", flush=True)
            for one in _family(process.pid):
                os.kill(one, signal.SIGKILL)
            process.wait()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/health/live", timeout=5).ok
    except requests.RequestException:
        return False


def _site(name: str, clerk: Clerk, address: str, process: int, command: tuple[str, ...]) -> Site:
    """The site with a big original in it."""
    progress = clerk.send(big_picture(), "big.png")
    guest = requests.Session()
    guest.get(f"{address}/accounts/login/", timeout=60)
    return Site(
        name,
        address,
        command,
        process,
        cookie=_cookie(clerk.session),
        guest_cookie=_cookie(guest),
        original=progress.replace("/progress/", "/original/"),
    )


def _cookie(session: requests.Session) -> str:
    return "; ".join(f"{one.name}={one.value}" for one in session.cookies)


def big_picture() -> bytes:
    """A PNG of noise, of about `ORIGINAL_BYTES`, because noise cannot be compressed."""
    side = round((ORIGINAL_BYTES / 3) ** 0.5)
    noise = np.random.default_rng(27).integers(0, 256, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _listener(address: str) -> int:
    """The process that listens at the address, found in /proc (on Linux only).

    Raises:
        LookupError: None does.
    """
    port = f":{int(address.rsplit(':', 1)[1]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(port) and row[3] == "0A"}
    found = []
    for place in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(place.readlink()) in sockets:
                found.append(int(place.parts[2]))
        except OSError:
            continue  # it ended meanwhile
    if not found:
        raise LookupError(f"nothing listens at {address}")
    return min(found)


def _family(process: int) -> list[int]:
    """The process and all that descend from it."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(place.parts[2])] = int(place.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it ended meanwhile
    family = [process]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


def _clock_ticks(process: int) -> int:
    try:
        words = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0  # it ended meanwhile
    return int(words[11]) + int(words[12])


def _pss_kilobytes(process: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0  # it ended meanwhile
    return int(found.group(1)) if found else 0
