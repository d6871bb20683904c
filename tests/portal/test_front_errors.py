"""What breaks while the front takes a request in: the page says so, as it does for what breaks in the site."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from portal.front import app
from portal.middleware import GUEST_BYTES, is_signed_in
from portal.wsgi import application
from tests.fixtures_loops import run_apart

Ask = Callable[[bytes], tuple[int, str]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Post a body to the site through the front: the status and the page of the answer."""
    monkeypatch.setattr(app, "REFUSED_SECONDS", 0.1)

    def post(body: bytes) -> tuple[int, str]:
        waiting: list[Any] = [{"type": "http.request", "body": body}]
        sent: list[Any] = []

        async def receive() -> Any:
            if not waiting:
                await asyncio.sleep(60)
            return waiting.pop()

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"host", b"127.0.0.1"), (b"content-length", str(len(body)).encode())]
        scope = {
            "type": "http", "method": "POST", "path": "/accounts/login/", "query_string": b"", "http_version": "1.1",
            "scheme": "http", "client": ("127.0.0.1", 1), "headers": headers,
        }  # fmt: skip
        run_apart(app.Front(application)(scope, receive, send))
        page = b"".join(message.get("body", b"") for message in sent)
        return sent[0]["status"], page.decode()

    return post


def test_a_database_that_is_away_is_told_on_the_page(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(environ: object) -> bool:
        raise OperationalError("the database does not answer")

    monkeypatch.setattr(app, "is_signed_in", away)
    status, page = ask(bytes(GUEST_BYTES + 1))
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "away for a moment" in page


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no file that is always full")
@pytest.mark.parametrize("size", [1, 100_000])
def test_a_body_that_finds_no_room_on_the_disk_is_told_on_the_page(
    size: int, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SpooledTemporaryFile", lambda most: Path("/dev/full").open("r+b"))  # noqa: SIM115
    status, page = ask(bytes(size))
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "The disk of this site is full" in page


@pytest.mark.django_db
def test_a_cookie_with_the_character_nul_is_no_session_and_asks_no_database(
    django_assert_num_queries: Any,
) -> None:
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(), "HTTP_COOKIE": r'sessionid="abc\000defghijklmnop"'}
    with django_assert_num_queries(0):
        assert not is_signed_in(environ)
