"""The keys from the environment, and what is sealed with them: secrets of second factors, and files at rest."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID = re.compile("[a-z0-9-]{1,16}")

EXPECTED = (
    "ENCRYPTION_KEYS is a list of NAME:KEY with commas between, the newest first. A name has at most 16 small letters, "
    "digits and hyphens; a key is 32 bytes in base64, as `openssl rand -base64 32` makes it."
)


class CannotOpen(Exception):
    """What was sealed cannot be opened: its key is not there, or it was changed, or it belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by their names.

    Attributes:
        keys: 32 bytes each, by name, the newest first. The newest seals; each opens what it has sealed.
    """

    keys: Mapping[str, bytes]

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """The keys of a setting: "2027:<base64>,2026:<base64>"; none where it is empty.

        Raises:
            ValueError: It is written otherwise; the sentence says how.
        """
        keys: dict[str, bytes] = {}
        for entry in filter(None, map(str.strip, text.split(","))):
            name, _, written = entry.partition(":")
            try:
                key = base64.b64decode(written, validate=True)
            except binascii.Error:
                key = b""
            if not KEY_ID.fullmatch(name) or len(key) != KEY_BYTES or name in keys:
                raise ValueError(EXPECTED)
            keys[name] = key
        return cls(keys)

    def __bool__(self) -> bool:
        return bool(self.keys)

    @property
    def newest(self) -> str:
        """The name of the key that seals.

        Raises:
            CannotOpen: There is no key.
        """
        if not self.keys:
            raise CannotOpen("There is no key: ENCRYPTION_KEYS is empty.")
        return next(iter(self.keys))

    def cipher(self, name: str, purpose: str, salt: bytes | None = None) -> AESGCM:
        """A cipher whose key serves one purpose alone; it is derived by HKDF (RFC 5869) with SHA-256.

        Args:
            name: Of the key from which it is derived.
            purpose: What it is for.
            salt: With one of its own, a thing has a key that nothing else has.

        Raises:
            CannotOpen: There is no key of this name.
        """
        if name not in self.keys:
            raise CannotOpen(f"The key “{name}” is not in ENCRYPTION_KEYS.")
        derived = HKDF(SHA256(), KEY_BYTES, salt=salt, info=f"countersign {purpose}".encode())
        return AESGCM(derived.derive(self.keys[name]))

    def seal(self, data: bytes, purpose: str, about: str) -> str:
        """Seal a short text: its key's name, a dot, and base64 of nonce and AES-GCM's output.

        Args:
            data: What is sealed.
            purpose: What it is for; another purpose cannot open it.
            about: What it belongs to, for example a row's key; elsewhere it cannot be opened.
        """
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self.cipher(self.newest, purpose).encrypt(nonce, data, about.encode())
        return f"{self.newest}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, purpose: str, about: str) -> bytes:
        """Open what `seal` returned.

        Raises:
            CannotOpen: The key is not there, or it was changed, or it is for another purpose or belongs elsewhere.
        """
        name, _, written = sealed.partition(".")
        cipher = self.cipher(name, purpose)
        try:
            data = base64.urlsafe_b64decode(written)
            return cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("This was changed since it was sealed, or belongs elsewhere.") from error
