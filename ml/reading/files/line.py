"""The line between whoever asks for a file's pages and the child that decodes it.

A message is its length in four bytes, and then so many bytes. The child may be in the hands of its file, so whoever
asks it waits for a bounded time, for the whole of a message.
"""

from __future__ import annotations

import socket
import struct
import time

_LENGTH = struct.Struct("!I")


class Line:
    """One end of the line.

    Args:
        end: A socket of its own, which `close` closes.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def close(self) -> None:
        """Hang up."""
        self._end.close()

    def send(self, message: bytes, seconds: float | None = None) -> None:
        """Send a message.

        Args:
            message: Its bytes.
            seconds: How long the other end may take to make room for it; None is for ever.

        Raises:
            TimeoutError: It made none in that time.
            OSError: It has hung up.
        """
        self._end.settimeout(None if seconds is None else max(0.0, seconds))
        try:
            self._end.sendall(_LENGTH.pack(len(message)) + message)
        except BlockingIOError as error:  # of a send that may take no time at all
            raise TimeoutError from error

    def receive(self, most: int, seconds: float | None = None) -> bytes:
        """Wait for a message.

        Args:
            most: Bytes of the longest one.
            seconds: How long the whole of it may take; None is for ever.

        Raises:
            TimeoutError: Some of it was missing after that time.
            EOFError: The other end has hung up.
            ValueError: It is longer.
        """
        end = None if seconds is None else time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, end))
        if length > most:
            raise ValueError(f"a message of {length} bytes, where {most} are the most")
        return self._exactly(length, end)

    def _exactly(self, count: int, end: float | None) -> bytes:
        received = bytearray()
        while len(received) < count:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            self._end.settimeout(left)
            part = self._end.recv(count - len(received))
            if not part:
                raise EOFError
            received += part
        return bytes(received)
