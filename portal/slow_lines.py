"""Attack our own site with slow lines, and measure what another person notices: `python -m portal.slow_lines`.

It starts the site as shipped, on 127.0.0.1 alone: the embedded default, the command of `web` in docker-compose.yml
where DATABASE_URL and REDIS_URL name servers, and the same behind Caddy with our Caddyfile where Caddy is installed. It
holds slow connections of one kind after the other, each from an address of its own, and asks for a history page ten
times a second meanwhile. Like an attacker, it opens a connection again whenever the site closes it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from portal.slow_lines_site import Site, sites

PAGE_SECONDS = 0.1
"""How often the ordinary page is asked for."""

PATIENCE_SECONDS = 10.0
"""After this long the ordinary page counts as failed."""

SETTLE_SECONDS = 10.0
"""How long the lines have to stand before the page is asked for."""

SIGN_IN_BYTES = 1_000_000
"""The announced length of a slow body. Nobody needs an account to send one."""

READ_BYTES = 1024
"""What a slow reader takes each second."""


@dataclass(slots=True)
class Lines:
    """The slow connections of one kind: how many are held now, and how often the site closed one."""

    site: Site
    pace_seconds: float
    held: int = 0
    closed: int = 0
    streams: set[asyncio.StreamWriter] = field(default_factory=set)

    async def hold(self, kind: Kind, number: int) -> None:
        """Keep one slow connection until cancelled, opening it again when it is closed."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await connect(self.site.address, number)
                self.held += 1
                self.streams.add(writer)
                try:
                    await kind(self, reader, writer)
                finally:
                    self.held -= 1
                    self.streams.discard(writer)
                    writer.transport.abort()
            self.closed += 1
            await asyncio.sleep(1)

    async def dribble(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send a byte after each pause, until the site answers or closes."""
        answer = asyncio.create_task(reader.read(1))
        while not answer.done():
            writer.write(b"x")
            await writer.drain()
            await asyncio.wait([answer], timeout=self.pace_seconds)
        await answer


Kind = Callable[[Lines, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def slow_headers(lines: Lines, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin a request and never finish its headers."""
    writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    await lines.dribble(reader, writer)


async def slow_body(lines: Lines, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sign in without an account, with a body that comes byte by byte."""
    head = (
        "POST /accounts/login/ HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {lines.site.guest_cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {SIGN_IN_BYTES}",
    )
    writer.write("\r\n".join([*head, "", ""]).encode())
    await lines.dribble(reader, writer)


async def slow_download(lines: Lines, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take an original of 20 MB, a kilobyte a second."""
    writer.write(lines.site.request(lines.site.original))
    while await reader.readexactly(READ_BYTES):
        await asyncio.sleep(1)


async def idle(lines: Lines, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask once, then stay connected."""
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    while await reader.read(1024):
        pass


KINDS: dict[str, Kind] = {"headers": slow_headers, "bodies": slow_body, "downloads": slow_download, "idle": idle}


async def connect(address: str, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect from an address of 127.0.0.0/8 that depends on the number, with a small window for what comes."""
    place = urlsplit(address)
    line = socket.socket()
    line.setblocking(False)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    try:
        line.bind((f"127.0.{1 + number // 250 % 250}.{1 + number % 250}", 0))
        await asyncio.get_running_loop().sock_connect(line, (place.hostname, place.port))
    except BaseException:
        line.close()
        raise
    return await asyncio.open_connection(sock=line, limit=READ_BYTES)


async def page_wait(site: Site) -> float | None:
    """The seconds that the ordinary page takes on a new connection, or None where it does not come."""
    begun = time.perf_counter()
    place = urlsplit(site.address)
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            try:
                writer.write(site.request("/history/", "Connection: close"))
                answer = await reader.read()
            finally:
                writer.transport.abort()
        if answer.startswith(b"HTTP/1.1 200 "):
            return time.perf_counter() - begun
    return None


async def attack(
    site: Site, kinds: Mapping[str, int], seconds: float, pace_seconds: float, page_seconds: float = PAGE_SECONDS
) -> Outcome:
    """Hold the slow connections, and ask for the ordinary page meanwhile, each `page_seconds`."""
    lines = Lines(site, pace_seconds)
    before = site.megabytes()
    wanted = list(Counter(kinds).elements())
    holding = [asyncio.create_task(lines.hold(KINDS[kind], number)) for number, kind in enumerate(wanted)]
    try:
        await asyncio.sleep(SETTLE_SECONDS if wanted else 0)
        busy = site.processor_seconds()
        asked = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            asked.append(asyncio.create_task(page_wait(site)))
            await asyncio.sleep(page_seconds)
        held, after, busy = lines.held, site.megabytes(), (site.processor_seconds() - busy) / seconds
        waits = await asyncio.gather(*asked)
    finally:
        for line in holding:
            line.cancel()
        await asyncio.gather(*holding, return_exceptions=True)
    return Outcome(" and ".join(kinds), len(wanted), held, lines.closed, tuple(waits), busy, before, after)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an ordinary person noticed while the slow connections were held, and what they cost the web server."""

    kind: str
    connections: int
    held: int
    closed: int
    waits: tuple[float | None, ...]
    processors: float
    megabytes_before: float
    megabytes_after: float

    @property
    def seconds(self) -> list[float]:
        """Each page's time; a page that did not come counts with all the patience."""
        return [PATIENCE_SECONDS if wait is None else wait for wait in self.waits]

    @property
    def failed(self) -> int:
        """How many pages did not come."""
        return Counter(self.waits)[None]

    def __str__(self) -> str:
        middle, high = np.percentile(self.seconds, [50, 95])
        return (
            f"{self.connections:>6} {self.kind:<10} page p50 {middle * 1000:6,.0f} ms  p95 {high * 1000:6,.0f} ms  "
            f"max {max(self.seconds) * 1000:6,.0f} ms  failed {self.failed}/{len(self.waits)}  "
            f"held {self.held}, closed {self.closed}  processors {self.processors:.2f}  "
            f"memory {self.megabytes_before:,.0f} → {self.megabytes_after:,.0f} MB"
        )


@contextmanager
def many_files() -> Iterator[None]:
    """Let this process open as many files as the system allows, for each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def main() -> None:
    """Attack each site with each kind and number of connections, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[100, 400])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seconds", type=float, default=30, help="how long each attack lasts")
    parser.add_argument("--pace", type=float, default=5, help="seconds between two bytes of a slow sender")
    parser.add_argument("--sites", nargs="+", default=["embedded", "compose", "caddy"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="countersign-slow-") as folder, many_files():
        for site in sites(given.sites, Path(folder)):
            print(f"{site.name}: {' '.join(site.command)}  (load {os.getloadavg()[0]:.1f})", flush=True)
            print(asyncio.run(attack(site, {"idle": 0}, 5, given.pace)), flush=True)
            for kind in given.kinds:
                for connections in given.connections:
                    print(asyncio.run(attack(site, {kind: connections}, given.seconds, given.pace)), flush=True)
                    time.sleep(3)


if __name__ == "__main__":
    main()
