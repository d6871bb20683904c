"""What one address, and all together, may have in work at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings

from portal.middleware import GUEST_BYTES

FORM_BYTES = 64 * 1024
"""A body up to this length lies in memory, and its bytes in a room of their own: no scan stands in a form's way."""

FORMS_OF_ADDRESS, FORMS = 4 * 1024 * 1024, 32 * 1024 * 1024
"""The bytes of forms of one address, and of all together, that may wait in each process."""

GUESTS_OF_ADDRESS, GUESTS = 2 * GUEST_BYTES, 16 * GUEST_BYTES
"""The same of longer bodies of guests, which lie in files. Guests fill these two rooms at the most."""

ADDRESS_BODIES = 2
"""One address may have as many of the longest bodies of people who signed in wait, in each process."""

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


class Room:
    """The bytes of bodies that wait.

    Attributes:
        bytes: By address.
    """

    def __init__(self, of_address: int, of_all: int) -> None:
        self.bytes: Counter[str] = Counter()
        self._of_address, self._of_all = of_address, of_all

    def has(self, address: str, more: int) -> bool:
        """Whether so many more bytes of this address have room."""
        return self.bytes[address] + more <= self._of_address and self.bytes.total() + more <= self._of_all

    def add(self, address: str, more: int) -> None:
        """Count the bytes; a negative number takes them off."""
        self.bytes[address] += more
        if not self.bytes[address]:
            del self.bytes[address]


class Load:
    """Counts the requests in work, and the bytes of their bodies, by address."""

    def __init__(self) -> None:
        longest: int = settings.MAX_REQUEST_BYTES
        self.requests: Counter[str] = Counter()
        self.forms = Room(FORMS_OF_ADDRESS, FORMS)
        self.guests = Room(GUESTS_OF_ADDRESS, GUESTS)
        self.people = Room(ADDRESS_BODIES * longest, ALL_BODIES * longest)

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
            place.leave()
            self.requests[address] -= 1
            if not self.requests[address]:
                del self.requests[address]


class Place:
    """One request in work.

    Attributes:
        is_signed_in: Whether its sender is known to have signed in. It takes a query, so not everybody is asked.
    """

    def __init__(self, load: Load, address: str) -> None:
        self.is_signed_in = False
        self._load, self._address = load, address
        self._room, self._bytes = load.forms, 0

    def hold(self, size: int) -> None:
        """Count the bytes of the body that have come.

        Raises:
            Refusal: The address, or all together, would have more bytes wait than there is room for.
        """
        room = next((room for room in self._rooms(size) if self._fits(room, size)), None)
        if room is None:
            why = "Too much is being uploaded at once. Wait until something is through, and try again."
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, why)
        self.leave()
        room.add(self._address, size)
        self._room, self._bytes = room, size

    def _rooms(self, size: int) -> Iterator[Room]:
        """Where a body of this length may be counted."""
        if size <= FORM_BYTES:
            yield self._load.forms
        elif not self.is_signed_in:
            yield self._load.guests
        if self.is_signed_in:
            yield self._load.people

    def _fits(self, room: Room, size: int) -> bool:
        return room.has(self._address, size - self._bytes if room is self._room else size)

    def leave(self) -> None:
        """Count no bytes any more."""
        self._room.add(self._address, -self._bytes)
        self._bytes = 0
