"""Secrets of second factors in the database: sealed, opened with older keys, and sealed anew."""

from __future__ import annotations

import base64

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.keyring import CannotOpen, Keyring
from accounts.sealing import seal, seal_for_session, unseal, unseal_from_session
from tests.accounts.factors import (
    SECOND,
    code_of,
    confirm_by_password,
    give_password,
    is_signed_in,
    recovery_codes,
    set_up_app,
)

pytestmark = pytest.mark.django_db
OLD, NEW = (f"{name}:{base64.b64encode(bytes([name % 256]) * 32).decode()}" for name in (2026, 2027))


def everything_in_the_database() -> str:
    """Each row of each table as text, and each session as it is read."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return repr(rows) + repr([session.get_decoded() for session in Session.objects.all()])


@pytest.mark.parametrize("keys", ["", OLD])
def test_the_database_holds_no_secret_in_clear_not_even_while_an_app_is_set_up(alice, sign_in, settings, keys):
    settings.ENCRYPTION_KEYS = Keyring.parse(keys)
    browser = sign_in(alice.email)
    confirm_by_password(browser)
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert "mfa.totp.secret" in everything_in_the_database(), "the session was not looked at"
    assert secret not in everything_in_the_database()
    browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    codes = recovery_codes(browser)
    seed = unseal(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["seed"])
    kept = everything_in_the_database()
    assert "secret_key." in kept or "2026." in kept
    assert not [each for each in (secret, seed, *codes) if each in kept]


def test_without_keys_secret_key_seals_and_another_secret_key_opens_nothing(settings):
    settings.ENCRYPTION_KEYS = Keyring.parse("")
    sealed = seal("JBSWY3DP")
    assert unseal(sealed) == "JBSWY3DP"
    settings.SECRET_KEY = "another"
    with pytest.raises(CannotOpen):
        unseal(sealed)


def test_a_first_key_seals_and_what_secret_key_sealed_still_opens(settings):
    settings.ENCRYPTION_KEYS = Keyring.parse("")
    before = seal("JBSWY3DP")
    settings.ENCRYPTION_KEYS = Keyring.parse(OLD)
    assert seal("JBSWY3DP").startswith("2026.")
    assert unseal(before) == "JBSWY3DP"


def test_what_waits_in_a_session_opens_nowhere_else():
    with pytest.raises(CannotOpen):
        unseal(seal_for_session("JBSWY3DP"))
    with pytest.raises(CannotOpen):
        unseal_from_session(seal("JBSWY3DP"))


def test_what_a_stranger_changes_in_the_database_signs_nobody_in(alice, charlie, sign_in):
    secret = set_up_app(sign_in(alice.email))
    found = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP)
    found.data = {"secret": secret}
    found.save()
    browser = give_password(alice)
    page = browser.post(SECOND, {"code": code_of(secret, 1)})
    assert "a key of this site is missing" in page.content.decode()
    assert not is_signed_in(browser)


def test_the_command_seals_anew_and_the_old_key_can_go(alice, sign_in, settings, capsys):
    settings.ENCRYPTION_KEYS = Keyring.parse(OLD)
    browser = sign_in(alice.email)
    secret = set_up_app(browser)
    codes = recovery_codes(browser)
    settings.ENCRYPTION_KEYS = Keyring.parse(f"{NEW},{OLD}")
    call_command("reseal_second_factors")
    assert "Sealed anew: 2." in capsys.readouterr().out
    call_command("reseal_second_factors")
    assert "Sealed anew: 0." in capsys.readouterr().out
    settings.ENCRYPTION_KEYS = Keyring.parse(NEW)
    by_code, by_recovery = give_password(alice), give_password(alice)
    by_code.post(SECOND, {"code": code_of(secret, 1)})
    by_recovery.post(SECOND, {"code": codes[3]})
    assert is_signed_in(by_code)
    assert is_signed_in(by_recovery)


def test_the_command_names_what_it_cannot_open_and_seals_the_rest(alice, charlie, sign_in, settings, capsys):
    settings.ENCRYPTION_KEYS = Keyring.parse(OLD)
    set_up_app(sign_in(alice.email))
    settings.ENCRYPTION_KEYS = Keyring.parse("")
    set_up_app(sign_in(charlie.email))
    settings.ENCRYPTION_KEYS = Keyring.parse(NEW)
    with pytest.raises(CommandError, match="2 cannot be opened"):
        call_command("reseal_second_factors")
    said = capsys.readouterr()
    assert "Sealed anew: 2." in said.out
    assert said.err.count("alice@example.com: The key “2026” is not in ENCRYPTION_KEYS.") == 2


def test_with_a_key_gone_one_is_told_whom_to_ask_and_gets_no_error(alice, sign_in, settings):
    settings.ENCRYPTION_KEYS = Keyring.parse(OLD)
    inside = sign_in(alice.email)
    secret = set_up_app(inside)
    settings.ENCRYPTION_KEYS = Keyring.parse("")
    page = give_password(alice).post(SECOND, {"code": code_of(secret, 1)})
    assert page.status_code == 200
    assert "Ask the people who run it" in page.content.decode()
    assert inside.get("/accounts/2fa/").status_code == 200
