"""The format of a sealed file: a header, and pieces that are sealed one by one, so that any part can be opened alone.

The header is a mark, the format's version, the name of the key, and a salt. From key and salt HKDF derives a key for
this file alone. So a nonce is only the number of the piece and whether it is the last: no two pieces share both, and a
file that is cut off, goes on, or has pieces in another order is noticed. The storage name is bound to every piece, so
that nobody can put a file in the place of another.

Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance" (2015); a key for each file and the nonce are as in age (age-encryption.org/v1).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.keyring import CannotOpen, Keyring

PIECE_BYTES = 64 * 1024
"""Bytes of a piece before it is sealed. The last piece may be shorter."""

_TAG_BYTES = 16
_COUNTER_BYTES = 11
_SEALED_BYTES = PIECE_BYTES + _TAG_BYTES

_MARK = b"\xc5sealed\n"
"""No kind of file that the portal takes begins so."""

_VERSION = 1
_HEADER = Struct("8sBB32s")
"""Mark, version, length of the key's name, and the salt. The salt begins with the name, which is at most half of it.

A name filled up with zeros would have PostgreSQL try to compress the whole file, which takes half a second for 25 MB.
"""

HEADER_BYTES = _HEADER.size
_SALT_BYTES = 32

_PURPOSE = "files"


def is_sealed(data: bytes) -> bool:
    """Whether a file that begins so is sealed."""
    return data.startswith(_MARK)


def key_of(data: bytes) -> str:
    """The name of the key that sealed a file, from the file's beginning; empty where the file is open."""
    if not is_sealed(data) or len(data) < HEADER_BYTES:
        return ""
    _, _, length, salt = _HEADER.unpack_from(data)
    name: bytes = salt[:length]
    return name.decode("ascii", "replace")


def sealed(data: bytes, name: str, keys: Keyring) -> bytes:
    """A file, sealed with the newest key.

    Args:
        data: The whole file.
        name: Its storage name, under which alone it can be opened.
        keys: The keys.

    Raises:
        CannotOpen: There is no key.
    """
    key = keys.newest.encode()
    header = _HEADER.pack(_MARK, _VERSION, len(key), key + os.urandom(_SALT_BYTES - len(key)))
    return header + b"".join(Seal.of(header, name, keys).close(data))


@dataclass(frozen=True, slots=True)
class Seal:
    """What opens and closes the pieces of one file."""

    _cipher: AESGCM
    _about: bytes

    @classmethod
    def of(cls, header: bytes, name: str, keys: Keyring) -> Seal:
        """The seal of the file that begins with this header.

        Raises:
            CannotOpen: Its key is not there, it is cut off, or a newer version of the portal sealed it.
        """
        if len(header) < HEADER_BYTES:
            raise CannotOpen(f"{name} is cut off.")
        _, version, _, salt = _HEADER.unpack(header)
        if version != _VERSION:
            raise CannotOpen(f"{name} is sealed in version {version} of the format; version {_VERSION} is known here.")
        return cls(keys.cipher(key_of(header), _PURPOSE, salt), header + name.encode())

    def close(self, data: bytes) -> Iterator[bytes]:
        """The sealed pieces of the whole file. An empty file has one, too."""
        last = max(0, len(data) - 1) // PIECE_BYTES
        for number in range(last + 1):
            piece = data[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
            yield self._cipher.encrypt(_nonce(number, is_last=number == last), piece, self._about)

    def open(self, pieces: bytes, first: int, last: int) -> Iterator[bytes]:
        """The bytes of sealed pieces that follow each other.

        Args:
            pieces: As they are stored.
            first: Number of the first of them.
            last: Number of the file's last piece.

        Raises:
            CannotOpen: They were changed, are sealed with another key, or belong elsewhere.
        """
        for number, begin in enumerate(range(0, max(1, len(pieces)), _SEALED_BYTES), first):
            piece = pieces[begin : begin + _SEALED_BYTES]
            try:
                yield self._cipher.decrypt(_nonce(number, is_last=number == last), piece, self._about)
            except InvalidTag:
                name = self._about[HEADER_BYTES:].decode()
                why = "It was changed, or its key has another value"
                raise CannotOpen(f"Piece {number} of {name} cannot be opened. {why}.") from None


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the pieces of a sealed file are, from its size as it is stored."""

    stored: int

    @property
    def last(self) -> int:
        """The number of the last piece."""
        return max(0, self.stored - HEADER_BYTES - 1) // _SEALED_BYTES

    @property
    def opened(self) -> int:
        """The size of the file that was sealed."""
        return max(0, self.stored - HEADER_BYTES - (self.last + 1) * _TAG_BYTES)

    def span(self, begin: int, end: int) -> tuple[int, int, int]:
        """Where the pieces are that have these bytes of the opened file: the first one's number, begin and end."""
        first, last = begin // PIECE_BYTES, max(begin, end - 1) // PIECE_BYTES
        return first, HEADER_BYTES + first * _SEALED_BYTES, HEADER_BYTES + (last + 1) * _SEALED_BYTES


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([is_last])
