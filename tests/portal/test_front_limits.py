"""The limits of the front that would take long to meet through a real line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from itertools import count
from typing import Any

import pytest
from django.conf import settings

from portal.front import app, load
from portal.front.environ import Receive, environ_of
from portal.front.load import FORM_BYTES, FORMS, FORMS_OF_ADDRESS, GUESTS, Load, Place, Refusal
from portal.middleware import GUEST_BYTES
from tests.fixtures_loops import run_apart

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "scheme": "http",
    "client": ("127.0.0.1", 1),
}


def answer_to(receive: Receive, site: Any, *headers: tuple[bytes, bytes]) -> int:
    """The status that a front of this site gives to one request."""
    return status_of(app.Front(site), receive, *headers)


def status_of(front: app.Front, receive: Receive, *headers: tuple[bytes, bytes]) -> int:
    """The status that the front gives to one request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    run_apart(front({**SCOPE, "headers": list(headers)}, receive, send))
    status: int = sent[0]["status"]
    return status


def test_a_body_that_comes_too_slowly_is_refused_before_the_site_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "BODY_SECONDS", 0.3)

    async def dribble() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    def site(environ: Any, start: Any) -> list[bytes]:
        raise AssertionError("the site saw half a request")

    assert answer_to(dribble, site, (b"content-length", b"1000000")) == HTTPStatus.REQUEST_TIMEOUT


def test_what_keeps_coming_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "BODY_SECONDS", 0.3)
    came = 0

    async def steady() -> dict[str, Any]:
        nonlocal came
        await asyncio.sleep(0.05)
        came += 1
        return {"type": "http.request", "body": bytes(10_000), "more_body": came < 20}

    def site(environ: Any, start: Any) -> list[bytes]:
        assert len(environ["wsgi.input"].read()) == int(environ["CONTENT_LENGTH"]) == 200_000
        start("200 OK", [])
        return []

    assert answer_to(steady, site) == HTTPStatus.OK


LONG = 100


@pytest.fixture
def small(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Two bodies of 100 bytes of one address may wait, and four of all; up to 9 bytes are a form."""
    settings.MAX_REQUEST_BYTES = LONG
    monkeypatch.setattr(load, "FORM_BYTES", 9)
    return Load()


@contextmanager
def person(front: Load, address: str) -> Iterator[Place]:
    """A request of somebody who has signed in."""
    with front.place(address) as place:
        place.is_signed_in = True
        yield place


def test_bodies_that_wait_have_a_limit_by_address_and_together(small: Load) -> None:
    with person(small, "a") as first, person(small, "b") as second, person(small, "c") as third:
        first.hold(200)
        with pytest.raises(Refusal), person(small, "a") as more:
            more.hold(10)
        second.hold(150)
        second.hold(200)
        with pytest.raises(Refusal):
            third.hold(10)
    assert not small.requests
    with person(small, "a") as again:
        again.hold(200)


def test_a_form_is_taken_while_long_bodies_fill_their_room(small: Load) -> None:
    with person(small, "a") as first, person(small, "b") as second, person(small, "a") as form:
        first.hold(200)
        second.hold(200)
        form.hold(9)
        with pytest.raises(Refusal):
            form.hold(10)


def test_forms_that_wait_have_a_limit_by_address_and_together() -> None:
    front = Load()
    addresses = [str(number) for number in range(FORMS // FORMS_OF_ADDRESS)]
    with ExitStack() as waiting:

        def send(address: str) -> None:
            waiting.enter_context(front.place(address)).hold(FORM_BYTES)

        for address in addresses:
            for _ in range(FORMS_OF_ADDRESS // FORM_BYTES):
                send(address)
            with pytest.raises(Refusal):
                send(address)
        with pytest.raises(Refusal):
            send("another")


def fill(front: Load, waiting: ExitStack, size: int) -> int:
    """Let guests from ever more addresses send bodies of this size until one more is refused; the bytes that wait."""
    held = 0
    for number in count():
        try:
            waiting.enter_context(front.place(str(number))).hold(size)
        except Refusal:
            return held
        held += size
    raise AssertionError


def test_guests_of_any_number_of_addresses_fill_their_room_and_leave_the_others_theirs() -> None:
    front, longest = Load(), settings.MAX_REQUEST_BYTES
    with ExitStack() as waiting:
        assert fill(front, waiting, FORM_BYTES) == FORMS == 512 * 64 * 1024
        assert fill(front, waiting, GUEST_BYTES) == GUESTS == 16 * 4 * 1024 * 1024
        for address in ("a", "a", "b", "b"):  # four of the longest, 1 GB, as if no guest were there
            waiting.enter_context(person(front, address)).hold(longest)
        with pytest.raises(Refusal):
            waiting.enter_context(person(front, "c")).hold(1)
    assert longest / 2 > FORMS + GUESTS, "what guests fill is little beside what all may"


def test_a_body_of_somebody_signed_in_counts_as_theirs_from_its_first_byte(small: Load) -> None:
    with small.place("a") as place:
        place.hold(10)
        place.is_signed_in = True
        place.hold(20)
        assert small.people.bytes == {"a": 20}
        assert not small.guests.bytes
    assert not small.people.bytes


def test_whoever_has_64_bits_of_addresses_has_the_requests_of_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONNECTIONS_PER_ADDRESS = 1
    monkeypatch.setattr(app, "REFUSED_SECONDS", 0.1)
    monkeypatch.setitem(SCOPE, "client", ("2001:db8:1:2:ffff::9", 1))

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    front = app.Front(lambda environ, start: [])
    with front.load.place("2001:db8:1:2::/64"):
        assert status_of(front, receive) == HTTPStatus.TOO_MANY_REQUESTS


@pytest.mark.parametrize(("signed_in", "status"), [(True, HTTPStatus.OK), (False, HTTPStatus.TOO_MANY_REQUESTS)])
@pytest.mark.parametrize("size", [100, 200_000])
def test_while_guests_fill_their_room_only_guests_are_refused(
    size: int, signed_in: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "is_signed_in", lambda environ: signed_in)
    monkeypatch.setattr(app, "REFUSED_SECONDS", 0.1)
    body = [{"type": "http.request", "body": bytes(size)}]

    async def receive() -> dict[str, Any]:
        if not body:
            await asyncio.sleep(60)
        return body.pop()

    def site(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [])
        return []

    front = app.Front(site)
    with ExitStack() as waiting:
        fill(front.load, waiting, FORM_BYTES)
        fill(front.load, waiting, GUEST_BYTES)
        assert status_of(front, receive) == status


@pytest.mark.parametrize(
    ("headers", "name", "value"),
    [
        ([(b"x_forwarded_for", b"1.2.3.4")], "HTTP_X_FORWARDED_FOR", None),
        (
            [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"5.6.7.8")],
            "HTTP_X_FORWARDED_FOR",
            "1.2.3.4,5.6.7.8",
        ),
        ([(b"cookie", b"a=1"), (b"cookie", b"b=2")], "HTTP_COOKIE", "a=1; b=2"),
        ([(b"transfer-encoding", b"chunked")], "HTTP_TRANSFER_ENCODING", None),
    ],
)
def test_headers_become_what_django_expects(headers: list[tuple[bytes, bytes]], name: str, value: str | None) -> None:
    assert environ_of({**SCOPE, "headers": headers}).get(name) == value


def test_no_work_is_done_for_a_caller_who_left_while_all_threads_were_busy() -> None:
    begun = []
    free = threading.Event()

    def site(environ: Any, start: Any) -> list[bytes]:
        begun.append(environ["HTTP_NAME"])
        free.wait(10)
        start("200 OK", [])
        return []

    async def caller(front: app.Front, name: bytes, stays: bool) -> None:
        said = [{"type": "http.request"}]

        async def receive() -> Any:
            if not said:
                await asyncio.sleep(60 if stays else 0.1)
                return {"type": "http.disconnect"}
            return said.pop()

        async def send(message: Any) -> None:
            pass

        await front({**SCOPE, "headers": [(b"name", name)]}, receive, send)

    async def both() -> None:
        front = app.Front(site, threads=1)
        first = asyncio.ensure_future(caller(front, b"first", stays=True))
        await asyncio.sleep(0.1)
        await caller(front, b"second", stays=False)
        free.set()
        await first

    run_apart(both())
    assert begun == ["first"]
