"""Which other sites one can sign in with follows from the environment."""

from __future__ import annotations

import pytest
from environs import Env

from accounts.providers import providers_from

KEYS = ("GOOGLE", "FACEBOOK", "LINKEDIN")


@pytest.fixture
def environment(monkeypatch):
    for key in KEYS:
        for part in ("CLIENT_ID", "CLIENT_SECRET", "URL"):
            monkeypatch.delenv(f"{key}_{part}", raising=False)
    return monkeypatch


def test_without_keys_there_is_no_site(environment):
    assert providers_from(Env()) == ({}, [])


@pytest.mark.parametrize("key", KEYS)
def test_half_a_key_shows_nothing(environment, key):
    environment.setenv(f"{key}_CLIENT_ID", "id")
    assert providers_from(Env()) == ({}, [])


@pytest.mark.parametrize(
    ("key", "provider", "origin"),
    [
        ("GOOGLE", "google", "https://accounts.google.com"),
        ("FACEBOOK", "facebook", "https://www.facebook.com"),
        ("LINKEDIN", "openid_connect", "https://www.linkedin.com"),
    ],
)
def test_a_whole_key_shows_its_site_and_lets_forms_lead_there(environment, key, provider, origin):
    environment.setenv(f"{key}_CLIENT_ID", "id")
    environment.setenv(f"{key}_CLIENT_SECRET", "secret")
    providers, origins = providers_from(Env())
    assert list(providers) == [provider]
    assert providers[provider]["APPS"][0]["client_id"] == "id"
    assert origin in origins


def test_facebook_never_opens_an_account_by_its_address(environment):
    environment.setenv("FACEBOOK_CLIENT_ID", "id")
    environment.setenv("FACEBOOK_CLIENT_SECRET", "secret")
    facebook = providers_from(Env())[0]["facebook"]
    assert (facebook["VERIFIED_EMAIL"], facebook["EMAIL_AUTHENTICATION"]) == (False, False)


def test_another_server_can_stand_in(environment):
    environment.setenv("GOOGLE_CLIENT_ID", "id")
    environment.setenv("GOOGLE_CLIENT_SECRET", "secret")
    environment.setenv("GOOGLE_URL", "http://127.0.0.1:9999/")
    providers, origins = providers_from(Env())
    assert providers["google"]["ACCESS_TOKEN_URL"] == "http://127.0.0.1:9999/token"
    assert origins == ["http://127.0.0.1:9999"]
