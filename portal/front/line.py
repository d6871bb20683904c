"""One connection, with limits on the time that it may take."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter

import h11
from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol

from accounts.client import network_of

HEADERS_SECONDS = 20.0
"""The time from the first byte of a request, or from the connection, to the end of the headers."""

PIECE_SECONDS = 120.0
"""The time that a reader has for a piece of an answer. It must take about 1 KB a second."""

KERNEL_BYTES = 128 * 1024
"""The system's buffer for each answer. Linux doubles it; left alone it grows to 4 MB for each slow reader."""


class Line(H11Protocol):
    """A connection that is given up where its headers come too slowly, or its answer is not taken."""

    per_address: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Bound the system's buffer, and wait for the headers."""
        super().connection_made(transport)
        self._headers_due: asyncio.TimerHandle | None = None
        self._piece_due: asyncio.TimerHandle | None = None
        line: socket.socket = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        # asyncio does this, but not for the socket that uvicorn's processes share. Else each answer waits 40 ms.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux: give up a reader that takes nothing at all
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(PIECE_SECONDS * 1000))
        self._address = network_of(self.client[0]) if self.client else ""
        self.per_address[self._address] += 1
        if not settings.TRUSTED_PROXIES and self.per_address[self._address] > settings.CONNECTIONS_PER_ADDRESS:
            transport.abort()
            return
        self._watch_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self.per_address[self._address] -= 1
        if not self.per_address[self._address]:
            del self.per_address[self._address]
        for timer in (self._headers_due, self._piece_due):
            if timer is not None:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request, and watch its headers until they are whole."""
        super().data_received(data)
        self._watch_headers()

    def _watch_headers(self) -> None:
        waits = self.conn.their_state is h11.IDLE
        if waits and self._headers_due is None:
            self._headers_due = self.loop.call_later(HEADERS_SECONDS, self.transport.abort)
        elif not waits and self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def pause_writing(self) -> None:
        """Wait for the reader, for a while."""
        super().pause_writing()
        self._piece_due = self.loop.call_later(PIECE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on, because the reader has taken the piece."""
        super().resume_writing()
        if self._piece_due is not None:
            self._piece_due.cancel()
