"""Keys from the environment, and what is sealed with them."""

from __future__ import annotations

import base64

import pytest

from accounts.keyring import CannotOpen, Keyring

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def test_what_is_sealed_is_opened() -> None:
    ring = Keyring.parse(f"2026:{OLD}")
    sealed = ring.seal(b"JBSWY3DP", "secrets", "7")
    assert sealed.startswith("2026.")
    assert "JBSWY3DP" not in sealed
    assert ring.open(sealed, "secrets", "7") == b"JBSWY3DP"


def test_no_two_seals_are_alike() -> None:
    ring = Keyring.parse(f"2026:{OLD}")
    assert ring.seal(b"x", "secrets", "7") != ring.seal(b"x", "secrets", "7")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    sealed = Keyring.parse(f"2026:{OLD}").seal(b"x", "secrets", "7")
    ring = Keyring.parse(f"2027:{NEW},2026:{OLD}")
    assert ring.seal(b"x", "secrets", "7").startswith("2027.")
    assert ring.open(sealed, "secrets", "7") == b"x"


@pytest.mark.parametrize(("purpose", "about"), [("files", "7"), ("secrets", "8")])
def test_it_opens_for_its_purpose_and_its_row_alone(purpose: str, about: str) -> None:
    ring = Keyring.parse(f"2026:{OLD}")
    with pytest.raises(CannotOpen, match="belongs elsewhere"):
        ring.open(ring.seal(b"x", "secrets", "7"), purpose, about)


def test_a_changed_text_is_not_opened() -> None:
    ring = Keyring.parse(f"2026:{OLD}")
    sealed = ring.seal(b"x", "secrets", "7")
    changed = sealed[:-4] + ("AAA=" if not sealed.endswith("AAA=") else "BBB=")
    with pytest.raises(CannotOpen):
        ring.open(changed, "secrets", "7")


def test_a_missing_key_is_named() -> None:
    sealed = Keyring.parse(f"2026:{OLD}").seal(b"x", "secrets", "7")
    with pytest.raises(CannotOpen, match="“2026” is not in ENCRYPTION_KEYS"):
        Keyring.parse(f"2027:{NEW}").open(sealed, "secrets", "7")


def test_no_keys_is_no_error_until_something_is_sealed() -> None:
    ring = Keyring.parse("")
    assert not ring
    with pytest.raises(CannotOpen, match="ENCRYPTION_KEYS is empty"):
        ring.seal(b"x", "secrets", "7")


@pytest.mark.parametrize("text", ["2026", "2026:AAAA", f"2026:{OLD},2026:{NEW}", f"Ab:{OLD}", f"2026:{OLD}!"])
def test_what_is_no_list_of_keys_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand -base64 32"):
        Keyring.parse(text)
