"""The front: an event loop that holds the lines, before Django's threads.

A slow sender or reader must not hold a thread, because there are few. So the loop takes in the body of a request,
within limits, and gives the request to a thread once it is whole. A thread makes the next piece of an answer only when
the reader has taken the one before. So a slow reader costs one piece of memory, however long the answer is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, ParamSpec, TypeVar
from wsgiref.types import WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error as DatabaseError

from accounts.client import client_ip, network_of
from portal.front.answers import Answer
from portal.front.environ import Message, Receive, Send, environ_of
from portal.front.load import FORM_BYTES, Load, Place, Refusal
from portal.middleware import FAILURE, GUEST_BYTES, is_signed_in

THREADS = 8
"""Requests that Django works on at once, in each process. Each thread has a connection to the database."""

PIECE_THREADS = 2
"""Threads of their own for all pieces but the first. Else a page would wait behind a piece of each download."""

BODY_SECONDS = 60.0
"""The time that each body has to come. What has come gives more time: see `SLOWEST_BODY`."""

SLOWEST_BODY = 4 * 1024
"""Bytes a second. A telephone with a bad connection sends faster."""

REFUSED_SECONDS = 10.0
"""How long the rest of a refused body is thrown away. Its sender reads the answer only after that, or never."""

P = ParamSpec("P")
R = TypeVar("R")


class Front:
    """An ASGI application that answers with a WSGI application.

    Attributes:
        load: What is in work.
    """

    def __init__(self, site: WSGIApplication, threads: int = THREADS) -> None:
        self._site = site
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._piece_threads = ThreadPoolExecutor(PIECE_THREADS, thread_name_prefix="piece")
        self.load = Load()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        try:
            with (
                self.load.place(network_of(client_ip(WSGIRequest(environ)))) as place,
                _waiting_body() as body,
            ):
                environ["wsgi.input"] = body
                is_whole = await self._take_or_note(environ, receive, place)
                if is_whole:
                    await self._answer(environ, receive, send)
                else:
                    answer = await self._run(self._threads, Answer.of, self._site, environ)
                    await _send_and_close(answer.status, answer.headers, answer.piece, receive, send, REFUSED_SECONDS)
        except Refusal as refusal:
            await _refuse(refusal, receive, send)
        except ConnectionAbortedError:
            return  # nobody is there to read an answer

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: work(*arguments, **named))

    async def _take_or_note(self, environ: WSGIEnvironment, receive: Receive, place: Place) -> bool:
        """Take the body in as `_take` does. Where the disk is full or the database away, note it: the site tells it."""
        try:
            return await self._take(environ, receive, place)
        except ConnectionAbortedError:
            raise
        except (OSError, DatabaseError) as error:
            environ[FAILURE] = error
            return False

    async def _take(self, environ: WSGIEnvironment, receive: Receive, place: Place) -> bool:
        """Take the body in, and note its length. Where it is too long for this caller, stop.

        Returns:
            Whether the body is whole. Where it is not, its noted length makes `portal.middleware.body_limit` refuse it.

        Raises:
            Refusal: The body came too slowly, too many bytes wait already, or the server ends.
            ConnectionAbortedError: The caller left.
        """
        length = int(environ.get("CONTENT_LENGTH") or 0)
        most = await self._most_bytes(environ, length, place)
        begun = asyncio.get_running_loop().time()
        taken, more = 0, length <= most
        while more:
            message = await _next(receive, due=begun + BODY_SECONDS + taken / SLOWEST_BODY)
            if message["type"] == "http.disconnect":
                raise ConnectionAbortedError
            taken += len(message.get("body", b""))
            if taken > most:  # it came in chunks, without a length
                most = await self._most_bytes(environ, taken, place)
            await self._hold(taken, environ, place)
            environ["wsgi.input"].write(message.get("body", b""))
            more = message.get("more_body", False) and taken <= most
        environ["wsgi.input"].seek(0)
        environ["CONTENT_LENGTH"] = str(max(length, taken))
        return max(length, taken) <= most

    async def _most_bytes(self, environ: WSGIEnvironment, length: int, place: Place) -> int:
        """The longest body that this caller may send. Only a body too long for guests takes a query."""
        if GUEST_BYTES < length <= settings.MAX_REQUEST_BYTES:
            place.is_signed_in = await self._run(self._threads, is_signed_in, environ)
        return settings.MAX_REQUEST_BYTES if place.is_signed_in else GUEST_BYTES

    async def _hold(self, taken: int, environ: WSGIEnvironment, place: Place) -> None:
        """Count what has come. Where the room of guests is full, somebody who signed in has another.

        Raises:
            Refusal: There is no room.
        """
        try:
            place.hold(taken)
        except Refusal:
            if place.is_signed_in or not await self._run(self._threads, is_signed_in, environ):
                raise
            place.is_signed_in = True
            place.hold(taken)

    async def _answer(self, environ: WSGIEnvironment, receive: Receive, send: Send) -> None:
        """Let the site answer, and send that. For a caller who left before a thread was free, nothing is done."""
        left = asyncio.ensure_future(receive())  # after a whole request there is nothing else to receive
        work = self._threads.submit(Answer.of, self._site, environ)
        answering = asyncio.wrap_future(work)
        try:
            await asyncio.wait((answering, left), return_when=asyncio.FIRST_COMPLETED)
            if not work.cancel():  # it is done, or has begun
                await self._give(await answering, left, send)
        finally:
            left.cancel()

    async def _give(self, answer: Answer, left: asyncio.Future[Message], send: Send) -> None:
        """Send the answer, each piece when the one before is taken, until the caller leaves."""
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            while not answer.is_done and not left.done():
                await send({"type": "http.response.body", "body": answer.piece, "more_body": True})
                await self._run(self._piece_threads, answer.make_piece)
            await send({"type": "http.response.body", "body": answer.piece})
        finally:
            if not answer.is_done:
                self._piece_threads.submit(answer.close)


@contextmanager
def _waiting_body() -> Iterator[IO[bytes]]:
    """A place for a body that comes. What found no room on the disk finds none when it is closed."""
    body = SpooledTemporaryFile(FORM_BYTES)  # noqa: SIM115  # closed below, where `with` would raise
    try:
        yield body
    finally:
        with suppress(OSError):
            body.close()


async def _next(receive: Receive, due: float) -> Message:
    """The next part of a body.

    Raises:
        Refusal: It did not come until `due`, or the server ends.
    """
    try:
        async with asyncio.timeout_at(due):
            return await receive()
    except TimeoutError:
        why = "This came too slowly. Try again with a better connection."
        raise Refusal(HTTPStatus.REQUEST_TIMEOUT, why) from None
    except asyncio.CancelledError:
        why = "The site is being restarted. Try again in a minute."
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, why) from None


async def _refuse(refusal: Refusal, receive: Receive, send: Send) -> None:
    """Answer a request that Django does not see."""
    why = str(refusal).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(why)).encode())]
    patience = REFUSED_SECONDS if refusal.status == HTTPStatus.TOO_MANY_REQUESTS else 0
    await _send_and_close(refusal.status, headers, why, receive, send, patience)


async def _send_and_close(
    status: int, headers: list[tuple[bytes, bytes]], body: bytes, receive: Receive, send: Send, patience: float
) -> None:
    """Answer a request that is not whole, throw away what still comes for a while, and close the connection.

    A connection that is closed while bytes arrive is reset, and then its sender may never see the answer.
    """
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while (await receive()).get("more_body"):
                pass
    await send({"type": "http.response.body"})
