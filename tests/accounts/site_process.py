"""This site in a process of its own, behind one proxy, with its mails in an inbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.accounts.mail_server import Inbox
from tests.fixtures_servers import answers, free_port, running, wait_for


@contextmanager
def site_process(place: Path, inbox: Inbox, **more: str) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {"SITE_URL": address, "TRUSTED_PROXIES": "1", "EMAIL_URL": f"smtp://127.0.0.1:{inbox.port}"} | more
    web = ("portal.serve", "--port", str(port))
    if not settings.EMBEDDED:  # production's pages name their files by content
        with running("django", "collectstatic", "--noinput", place=place, **environment) as collecting:
            assert collecting.wait() == 0, f"see {place / 'processes.log'}"
    with running(*web, place=place, **environment):
        wait_for(lambda: answers(f"{address}/health/live"), 60, f"for the site: see {place / 'processes.log'}")
        yield address
