"""A server that speaks clamd's protocol: it takes files as INSTREAM sends them, and finds EICAR's test file in them."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# In two parts, so that no scanner takes this file for the thing itself.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Win.Test.EICAR_HDB-1"


@dataclass
class Clamd:
    """How the server behaves, and what it was given.

    Attributes:
        address: For the setting CLAMD.
        most: The longest stream that it takes.
        answer: What it says whatever it was given; None: what is so.
        given: The files that it was given.
    """

    address: str = ""
    most: int = 25 * 1024 * 1024
    answer: bytes | None = None
    given: list[bytes] = field(default_factory=list)

    def judge(self, line: Any) -> bytes:
        """Take a stream, and say what is in it. A stream that is too long is not taken to its end."""
        data = b""
        while length := struct.unpack(">I", line.read(4))[0]:
            if len(data) + length > self.most:
                return b"INSTREAM size limit exceeded. ERROR"
            data += line.read(length)
        self.given.append(data)
        return f"stream: {FOUND} FOUND".encode() if EICAR in data else b"stream: OK"


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        clamd: Clamd = self.server.clamd  # type: ignore[attr-defined]
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0", command
        answer = clamd.judge(self.rfile)
        self.wfile.write((answer if clamd.answer is None else clamd.answer) + b"\0")


@contextmanager
def _running(server: socketserver.BaseServer, address: str) -> Iterator[Clamd]:
    clamd = Clamd(address)
    server.clamd = clamd  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield clamd
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clamd_over_tcp(settings: Any) -> Iterator[Clamd]:
    """A server at an address, which the setting CLAMD names."""
    with (
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line) as server,
        _running(server, f"127.0.0.1:{server.server_address[1]}") as clamd,
    ):
        settings.CLAMD, settings.CLAMD_SECONDS = clamd.address, 2
        yield clamd


@pytest.fixture
def clamd_at_a_path(settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    """A server at a socket's path, which the setting CLAMD names."""
    path = str(tmp_path / "clamd.ctl")
    with socketserver.ThreadingUnixStreamServer(path, _Line) as server, _running(server, path) as clamd:
        settings.CLAMD, settings.CLAMD_SECONDS = clamd.address, 2
        yield clamd


@pytest.fixture
def clamd(clamd_over_tcp: Clamd) -> Clamd:
    """A server, which the setting CLAMD names."""
    return clamd_over_tcp
