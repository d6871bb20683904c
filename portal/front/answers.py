"""An answer of the site, made in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

PIECE_BYTES = 64 * 1024
"""About as much of an answer as is held in memory for one reader."""


class Answer:
    """The status, the headers, and the current piece of the body. All methods are called in a thread.

    Attributes:
        piece: The current piece.
        is_done: Whether the current piece is the last.
    """

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], parts: Iterable[bytes]) -> None:
        self.status, self.headers = status, headers
        self.piece, self.is_done = b"", False
        self._body, self._parts = parts, iter(parts)

    @classmethod
    def of(cls, site: WSGIApplication, environ: WSGIEnvironment) -> Answer:
        """Let the site answer, and make the first piece. The answer to HEAD has no other."""
        heads: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
            heads.append((status, headers))

        body = site(environ, start)
        status, headers = heads[-1]
        sent = [(_bytes(name.lower()), _bytes(value.strip())) for name, value in headers]
        answer = cls(int(status.split(" ")[0]), sent, body)
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.close()
        else:
            answer.make_piece()
        return answer

    def make_piece(self) -> None:
        """Put the next parts together to a piece, and close the site's answer behind the last."""
        parts, size = [], 0
        try:
            for part in self._parts:
                parts.append(part)
                size += len(part)
                if size >= PIECE_BYTES:
                    break
            else:
                self.close()
        except BaseException:
            self.close()
            raise
        self.piece = b"".join(parts)

    def close(self) -> None:
        """Tell the site that its answer is sent, or not wanted any more. No piece follows."""
        self.is_done = True
        if hasattr(self._body, "close"):
            self._body.close()


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
