"""The format of sealed files: what was changed, cut off, put in another order or moved elsewhere is not opened."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from accounts.keyring import CannotOpen, Keyring
from recognition.sealing import HEADER_BYTES, PIECE_BYTES, Extent, Seal, is_sealed, key_of, sealed

KEYS = Keyring({"2026": bytes(32)})
TAG = 16
WHOLE = PIECE_BYTES + TAG


def opened(file: bytes, name: str = "originals/one", keys: Keyring = KEYS) -> bytes:
    seal, extent = Seal.of(file[:HEADER_BYTES], name, keys), Extent(len(file))
    return b"".join(seal.open(file[HEADER_BYTES:], 0, extent.last))


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_a_file_of_any_size_comes_back_and_its_size_is_known(size: int) -> None:
    data = os.urandom(size)
    file = sealed(data, "originals/one", KEYS)
    assert opened(file) == data
    assert Extent(len(file)).opened == size
    assert (is_sealed(file), key_of(file)) == (True, "2026")


def test_one_file_is_sealed_twice_without_a_byte_in_common() -> None:
    first, second = (sealed(bytes(PIECE_BYTES), "originals/one", KEYS)[HEADER_BYTES:] for _ in range(2))
    assert sum(one == other for one, other in zip(first, second, strict=True)) < len(first) / 100
    assert len({first[begin : begin + 16] for begin in range(0, PIECE_BYTES, 16)}) == PIECE_BYTES / 16


def pieces(file: bytes) -> list[bytes]:
    return [file[begin : begin + WHOLE] for begin in range(HEADER_BYTES, len(file), WHOLE)]


def reordered(*places: int) -> Callable[[bytes], bytes]:
    return lambda file: file[:HEADER_BYTES] + b"".join(pieces(file)[place] for place in places)


def with_a_bit_changed(at: int) -> Callable[[bytes], bytes]:
    return lambda file: file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]


OTHER = sealed(bytes(3 * PIECE_BYTES), "originals/one", KEYS)
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off within a piece": lambda file: file[:-1],
    "cut off between pieces": reordered(0, 1),
    "cut off behind the header": reordered(),
    "longer by a byte": lambda file: file + b"\0",
    "longer by a piece": reordered(0, 1, 2, 2),
    "in another order": reordered(1, 0, 2),
    "with a piece twice": reordered(0, 0, 2),
    "with a bit changed": with_a_bit_changed(HEADER_BYTES + WHOLE + 20),
    "with another salt": with_a_bit_changed(HEADER_BYTES - 1),
    "with another's pieces": lambda file: file[:HEADER_BYTES] + OTHER[HEADER_BYTES:],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_file_is_not_opened(change: Callable[[bytes], bytes]) -> None:
    file = sealed(os.urandom(3 * PIECE_BYTES), "originals/one", KEYS)
    assert opened(file)
    with pytest.raises(CannotOpen):
        opened(change(file))


def test_a_file_is_not_opened_under_another_name() -> None:
    with pytest.raises(CannotOpen, match="originals/two"):
        opened(sealed(b"x", "originals/one", KEYS), "originals/two")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(CannotOpen, match="“2026” is not in ENCRYPTION_KEYS"):
        opened(sealed(b"x", "originals/one", KEYS), keys=Keyring({"2027": bytes(32)}))


def test_a_key_of_the_same_name_and_another_value_opens_nothing() -> None:
    with pytest.raises(CannotOpen, match="another value"):
        opened(sealed(b"x", "originals/one", KEYS), keys=Keyring({"2026": bytes([1]) * 32}))


def test_a_newer_format_is_told_and_not_guessed_at() -> None:
    file = bytearray(sealed(b"x", "originals/one", KEYS))
    file[8] = 2
    with pytest.raises(CannotOpen, match="version 2"):
        opened(bytes(file))


def test_a_header_that_is_cut_off_is_told() -> None:
    with pytest.raises(CannotOpen, match="cut off"):
        Seal.of(sealed(b"x", "originals/one", KEYS)[:20], "originals/one", KEYS)


def test_nothing_repeats_at_the_beginning_so_that_no_database_tries_to_compress_it() -> None:
    file = sealed(b"x", "originals/one", KEYS)
    assert len({file[begin : begin + 3] for begin in range(HEADER_BYTES)}) == HEADER_BYTES


def test_only_the_newest_key_seals() -> None:
    assert key_of(sealed(b"x", "originals/one", Keyring({"2027": bytes([1]) * 32, "2026": bytes(32)}))) == "2027"


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"\xff\xd8\xff\xe0"])
def test_what_was_never_sealed_has_no_key(data: bytes) -> None:
    assert (is_sealed(data), key_of(data)) == (False, "")
