"""A real SMTP server that keeps what arrives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler


class Inbox(MessageHandler):
    """All that was sent, to everybody."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[tuple[str, str]] = []
        self.port = 0

    def handle_message(self, message: Message) -> None:
        parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append((parsed["To"], parsed.get_content()))

    def of(self, address: str) -> list[str]:
        """What was sent to this address, oldest first."""
        return [body for to, body in self.mails if to == address]


@contextmanager
def mail_server() -> Iterator[Inbox]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        inbox.port = int(probe.getsockname()[1])
    server = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    server.start()
    try:
        yield inbox
    finally:
        server.stop()
