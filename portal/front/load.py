"""What one address, and all together, may have in work at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings

ADDRESS_BODIES = 2
"""One address may have as many of the longest bodies wait, in each process. They lie in temporary files."""

ALL_BODIES = 4
"""The same for all addresses together."""


class Refusal(Exception):
    """A request that Django does not see. The message tells the person what to do.

    Attributes:
        status: The HTTP status of the answer.
    """

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Load:
    """Counts the requests in work, and the bytes of their bodies, by address."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    @contextmanager
    def place(self, address: str) -> Iterator[Place]:
        """Count a request of this address until its answer is sent.

        Raises:
            Refusal: The address has `CONNECTIONS_PER_ADDRESS` in work.
        """
        if self.requests[address] >= settings.CONNECTIONS_PER_ADDRESS:
            why = "Too many requests from your address are in work. Try again in a minute."
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, why)
        self.requests[address] += 1
        place = Place(self, address)
        try:
            yield place
        finally:
            self.requests[address] -= 1
            self.bytes[address] -= place.bytes
            if not self.requests[address]:
                del self.requests[address], self.bytes[address]


class Place:
    """One request in work."""

    def __init__(self, load: Load, address: str) -> None:
        self._load, self._address = load, address
        self.bytes = 0

    def hold(self, size: int) -> None:
        """Count the bytes of the body that have come.

        Raises:
            Refusal: The address, or all together, would have more bytes wait than there is room for.
        """
        waiting, more = self._load.bytes, size - self.bytes
        longest: int = settings.MAX_REQUEST_BYTES
        if waiting[self._address] + more > ADDRESS_BODIES * longest or waiting.total() + more > ALL_BODIES * longest:
            why = "Too much is being uploaded at once. Wait until something is through, and try again."
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, why)
        waiting[self._address] += more
        self.bytes = size
