"""The front, in the web server as it is started: whole requests, limits on what is sent, and a clean end."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from portal.bench_service import png_of
from recognition.models import Document
from tests.fixtures_people import home_of
from tests.fixtures_servers import Process, answers, free_port, running, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@contextmanager
def web(place: Path, **facts: str) -> Iterator[tuple[int, Process]]:
    """The web server alone, and its port."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running("portal.serve", "--port", str(port), place=place, SITE_URL=address, **facts) as process:
        wait_for(lambda: answers(f"{address}/health/live"), 60, f"for the site: see {place / 'processes.log'}")
        yield port, process


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: object, place: Path) -> Iterator[tuple[int, Process]]:
    if not settings.EMBEDDED:
        with running("django", "collectstatic", "--noinput", place=place) as collecting:
            collecting.wait()
    with web(place) as server:
        yield server


@pytest.fixture
def port(server: tuple[int, Process]) -> int:
    return server[0]


@pytest.fixture
def cookies(alice: User, client: Client) -> dict[str, str]:
    """What alice's browser sends with a form."""
    client.force_login(alice)
    client.get("/upload/")
    token = client.cookies["csrftoken"].value
    return {
        "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}",
        "X-CSRFToken": token,
        "HX-Request": "true",
    }


@pytest.fixture
def png() -> bytes:
    return png_of("351")


def ask(port: int, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request(method, path, body, headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def uploaded(data: bytes) -> tuple[bytes, dict[str, str]]:
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n' + data + b"\r\n--x--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=x"}


def pieces(body: bytes) -> Iterator[bytes]:
    """A body without a length: the client sends it in chunks."""
    for begin in range(0, len(body), 1000):
        yield body[begin : begin + 1000]


def test_a_body_in_chunks_arrives_whole(port: int, cookies: dict[str, str], png: bytes) -> None:
    body, kind = uploaded(png)
    status, page = ask(port, "POST", "/upload/", pieces(body), **cookies, **kind)
    assert status == 200, page
    assert Document.objects.get().original.read() == png


def test_endless_chunks_of_a_guest_are_refused_and_take_no_memory(port: int, server: tuple[int, Process]) -> None:
    before = most_megabytes(server[1])
    status, _ = ask(port, "POST", "/accounts/login/", (bytes(1_000_000) for _ in range(1000)))
    assert status == 302
    assert most_megabytes(server[1]) - before < 50


def most_megabytes(process: Process) -> float:
    """The most memory that the process ever had."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
    assert found
    return int(found.group(1)) / 1024


def test_a_long_body_of_a_guest_is_not_read(port: int) -> None:
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(b"POST /upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n")
    answer = line.recv(4096)  # none of the body was sent
    assert answer.startswith(b"HTTP/1.1 302 ")
    assert b"connection: close" in answer.lower()


def test_a_body_over_the_limit_gets_the_page_that_says_so(port: int, cookies: dict[str, str]) -> None:
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    size = settings.MAX_REQUEST_BYTES + 1
    line.sendall(f"POST /upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n".encode())
    line.sendall("".join(f"{name}: {value}\r\n" for name, value in cookies.items()).encode() + b"\r\n")
    assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_download_comes_byte_for_byte(port: int, cookies: dict[str, str], alice: User) -> None:
    data = os.urandom(3_000_000)
    document = Document.upload(
        branch_id=home_of(alice),
        uploaded_by=alice,
        name="a.png",
        data=data,
        media_type="image/png",
        page_count=1,
        sha256="0" * 64,
        layout="",
    )
    assert ask(port, "GET", f"/documents/{document.pk}/original/", **cookies) == (200, data)
    assert ask(port, "HEAD", f"/documents/{document.pk}/original/", **cookies) == (200, b"")


def test_headers_that_never_end_are_given_up(port: int) -> None:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
    begun = time.monotonic()
    with suppress(ConnectionError):
        while time.monotonic() - begun < 60:
            line.sendall(b"x")
            time.sleep(0.5)
    assert time.monotonic() - begun < 45


def test_one_address_has_so_many_connections_and_no_more(port: int, place: Path) -> None:
    with web(place, CONNECTIONS_PER_ADDRESS="5") as (narrow, _):
        held = [socket.create_connection(("127.0.0.1", narrow), timeout=10) for _ in range(5)]
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            ask(narrow, "GET", "/health/live")
        for line in held:
            line.close()
        wait_for(lambda: answers(f"http://127.0.0.1:{narrow}/health/live"), 10)


def test_behind_a_proxy_one_address_has_so_many_requests_and_no_more(port: int, place: Path) -> None:
    body = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 9.9.9.9\r\nContent-Length: 9\r\n\r\n"
    with web(place, CONNECTIONS_PER_ADDRESS="5", TRUSTED_PROXIES="1") as (narrow, _):
        held = [socket.create_connection(("127.0.0.1", narrow), timeout=10) for _ in range(5)]
        for line in held:
            line.sendall(body)
        time.sleep(1)
        assert ask(narrow, "GET", "/health/live", **{"X-Forwarded-For": "9.9.9.9"})[0] == 429
        assert ask(narrow, "GET", "/health/live", **{"X-Forwarded-For": "8.8.8.8"})[0] == 200


def test_one_sigterm_ends_it_and_requests_in_work_are_finished(
    port: int, place: Path, cookies: dict[str, str], png: bytes
) -> None:
    body, kind = uploaded(png)
    head = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **cookies, **kind}
    with web(place) as (ending, process):
        lines = [socket.create_connection(("127.0.0.1", ending), timeout=30) for _ in range(31)]
        for line in lines[:10]:
            line.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        for line in lines[10:30]:
            line.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\nx")
        own = lines[30]
        own.sendall(
            ("POST /upload/ HTTP/1.1\r\n" + "".join(f"{a}: {b}\r\n" for a, b in head.items()) + "\r\n").encode()
        )
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        own.sendall(body)
        assert own.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert process.wait(timeout=15) is not None
    assert Document.objects.count() == 1
