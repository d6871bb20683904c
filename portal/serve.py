"""The web server: `python -m portal.serve --port 8000`. SIGTERM ends it."""

from __future__ import annotations

import argparse
import os
import resource

import uvicorn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from portal.front.line import Line

IDLE_SECONDS = 75
"""How long a connection may wait for its next request. A proxy in front must keep its own shorter."""

ENDING_SECONDS = 5
"""The time that requests in work have when the server is asked to end."""

BACKLOG = 4096
"""Connections that the system holds until the loop accepts them."""


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    given = parser.parse_args()
    allow_many_files()
    uvicorn.run(
        "portal.asgi:application",
        host=given.host,
        port=given.port,
        workers=given.workers,
        http=Line,
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=ENDING_SECONDS,
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,  # Django reads them: see TRUSTED_PROXIES
        server_header=False,
    )


def allow_many_files() -> None:
    """Let the server open as many files as the system allows, because each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()
