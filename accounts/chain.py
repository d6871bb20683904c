"""Proves that the record of what happened is whole: the chain of its events, and heads that were signed outside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from accounts.models.audit import FIRST, AuditEvent, canonical

FETCHED = 2000
"""How many events are in memory at once."""


class Broken(Exception):
    """The record is not whole; the sentence names the first event at which that shows."""


@dataclass(frozen=True, slots=True)
class Head:
    """The latest event at some time, signed, so that whoever rewrites the whole chain is found out.

    Attributes:
        number: The event's number.
        hash: Its hash.
        at: When it was signed, by ISO 8601.
        signature: Ed25519 (RFC 8032) over the canonical JSON of the three, in hexadecimal.
    """

    number: int
    hash: str
    at: str
    signature: str = ""

    @property
    def text(self) -> bytes:
        """What is signed."""
        return canonical({"number": self.number, "hash": self.hash, "at": self.at}).encode()

    @property
    def line(self) -> str:
        """The head as a line of JSON, to be kept apart from the database."""
        return canonical(asdict(self))


def signing_key() -> Ed25519PrivateKey:
    """The key from the environment: it is derived from AUDIT_KEY or, without that, from SECRET_KEY."""
    secret = settings.AUDIT_KEY or settings.SECRET_KEY
    seed = HKDF(SHA256(), 32, salt=None, info=b"countersign audit heads").derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign_head() -> Head | None:
    """The latest event, signed; None while there is no event."""
    latest = AuditEvent.objects.order_by("-number").first()
    if latest is None:
        return None
    head = Head(latest.number, latest.hash, timezone.now().astimezone(UTC).isoformat(timespec="seconds"))
    return Head(head.number, head.hash, head.at, signing_key().sign(head.text).hex())


def heads_in(lines: Iterable[str], key: Ed25519PublicKey) -> list[Head]:
    """The signed heads of a file.

    Args:
        lines: As `Head.line` writes them.
        key: The public half of the key that signed them.

    Raises:
        Broken: A line is no head, or its signature is wrong.
    """
    heads = []
    for number, line in enumerate(filter(None, map(str.strip, lines)), start=1):
        try:
            head = Head(**json.loads(line))
            key.verify(bytes.fromhex(head.signature), head.text)
        except (TypeError, ValueError, InvalidSignature) as error:
            raise Broken(f"Line {number} of the signed heads is not as it was signed.") from error
        heads.append(head)
    return heads


def verify(heads: Iterable[Head] = ()) -> int:
    """Check every link of the chain, from the first event on. Returns how many there are.

    Args:
        heads: Heads that were signed earlier and kept apart. Each must be in the chain as it was.

    Raises:
        Broken: At the first event that is missing, was changed, or does not follow from the one before.
    """
    signed: dict[int, set[str]] = {}
    for head in heads:
        signed.setdefault(head.number, set()).add(head.hash)
    number, previous = 0, FIRST
    for event in AuditEvent.objects.order_by("number").iterator(FETCHED):
        number += 1
        if event.number != number:
            raise Broken(f"Event {number} is missing: after {number - 1} comes {event.number}.")
        if event.previous != previous:
            raise Broken(f"Event {number} does not follow from the one before: that was changed or removed.")
        if event.hash != event.digest:
            raise Broken(
                f"Event {number} was changed: {event.words}, {event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC."
            )
        if signed.pop(number, {event.hash}) != {event.hash}:
            raise Broken(f"Event {number} is not the one that was signed: the chain was written anew.")
        previous = event.hash
    if signed:
        raise Broken(f"Event {min(signed)} was signed and is missing: the chain ends at {number}.")
    return number
