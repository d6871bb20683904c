"""What the settings of a directory mean, where a claim is looked for, and which mistakes are found at the start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, transaction
from environs import Env

from accounts.directory.grants import Grant
from accounts.directory.groups import NoGroups, groups_in
from accounts.directory.options import Directory, directory_from, ways_in
from accounts.models import Membership
from accounts.roles import Role
from tests.fixtures_people import PASSWORD

WHOLE = {
    "DIRECTORY_NAME": "Example Bank",
    "DIRECTORY_URL": "https://id.bank.example/realms/bank/",
    "DIRECTORY_CLIENT_ID": "countersign",
    "DIRECTORY_CLIENT_SECRET": "secret",
}
GOOGLE = ({"google": {"APPS": []}}, ["https://accounts.google.com"])


@pytest.fixture
def directory(monkeypatch):
    """The directory of an environment that has these settings alone: `directory(DIRECTORY_ONLY="true")`."""

    def read(**given: str) -> Directory:
        others = ("DIRECTORY_ONLY", "DIRECTORY_ROLES", "DIRECTORY_VERIFIES_ADDRESSES", "SAML_METADATA_FILE")
        for name in (*WHOLE, *others):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return directory_from(Env())

    return read


def test_without_settings_there_is_no_directory(directory):
    assert not directory().is_offered
    assert ways_in(directory(), *GOOGLE) == GOOGLE


@pytest.mark.parametrize("missing", WHOLE)
def test_a_directory_of_which_a_part_is_missing_is_not_offered(directory, missing):
    assert not directory(**{name: value for name, value in WHOLE.items() if name != missing}).is_offered


def test_a_whole_directory_comes_before_others_that_speak_the_same_and_forms_may_lead_there(directory):
    linkedin = {"provider_id": "linkedin"}
    providers, origins = ways_in(directory(**WHOLE), {"openid_connect": {"APPS": [linkedin]}}, ["https://linkedin.com"])
    bank, other = providers["openid_connect"]["APPS"]
    assert (bank["provider_id"], bank["name"], other) == ("directory", "Example Bank", linkedin)
    assert bank["settings"]["server_url"] == "https://id.bank.example/realms/bank"
    assert bank["settings"]["oauth_pkce_enabled"]
    assert origins == ["https://id.bank.example", "https://linkedin.com"]


def test_further_origins_and_scopes_can_be_given(directory):
    bank = directory(**WHOLE, DIRECTORY_ORIGINS="https://adfs.bank.example", DIRECTORY_SCOPES="openid email groups")
    assert ways_in(bank, {}, [])[1] == ["https://id.bank.example", "https://adfs.bank.example"]
    assert bank.openid_app["settings"]["scope"] == ["openid", "email", "groups"]


def test_where_the_directory_is_the_only_way_there_is_no_other(directory):
    providers, origins = ways_in(directory(**WHOLE, DIRECTORY_ONLY="true"), *GOOGLE)
    assert list(providers) == ["openid_connect"]
    assert origins == ["https://id.bank.example"]


@pytest.mark.parametrize(
    ("given", "vouches"),
    [
        ({}, False),
        ({"DIRECTORY_ONLY": "true"}, True),
        ({"DIRECTORY_VERIFIES_ADDRESSES": "true"}, True),
        ({"DIRECTORY_ONLY": "true", "DIRECTORY_VERIFIES_ADDRESSES": "false"}, False),
    ],
    ids=str,
)
def test_addresses_of_which_nothing_is_said_count_as_the_settings_say(directory, given, vouches):
    assert directory(**WHOLE, **given).vouches is vouches


@pytest.mark.parametrize(
    ("claims", "claim"),
    [
        ({"groups": ["a", "b"]}, "groups"),
        ({"realm_access": {"roles": ["a", "b"]}}, "realm_access.roles"),
        ({"https://bank.example/groups": ["a", "b"]}, "https://bank.example/groups"),
        ({"realm_access.roles": ["a", "b"], "realm_access": {"roles": ["c"]}}, "realm_access.roles"),
    ],
    ids=str,
)
def test_groups_stand_in_a_claim_or_in_one_within_another(claims, claim):
    assert groups_in(claims, claim) == ["a", "b"]


@pytest.mark.parametrize(
    "claims", [{}, {"realm_access": {}}, {"realm_access": ["roles"]}, {"realm_access": {"roles": "a"}}], ids=str
)
def test_a_claim_that_is_not_there_or_no_list_names_no_groups(claims):
    with pytest.raises(NoGroups):
        groups_in(claims, "realm_access.roles")


@pytest.mark.parametrize(
    ("written", "grant"),
    [
        ("clerk@NY-01", Grant(Role.CLERK, "NY-01")),
        ("checker@1", Grant(Role.CHECKER, "1")),
        ("supervisor@MUM-01", Grant(Role.SUPERVISOR, "MUM-01")),
        ("auditor", Grant(Role.AUDITOR, "")),
        ("administrator", Grant(Role.ADMINISTRATOR, "")),
    ],
)
def test_an_entry_names_a_role_and_its_place(written, grant):
    assert Grant.parse(written) == grant


WRONG = [
    "owner",
    "owner@NY-01",
    "emperor",
    "Clerk@NY-01",
    "clerk",
    "clerk@",
    "clerk@ny-01",
    "clerk@NY-01@MUM-01",
    "auditor@NY-01",
    "auditor@",
    "",
    7,
    None,
    {"role": "clerk"},
]


@pytest.mark.parametrize("written", WRONG, ids=repr)
def test_an_entry_that_names_no_role_or_no_place_that_fits_is_refused(written: Any):
    with pytest.raises(ValueError, match=r"“|text"):
        Grant.parse(written)


@pytest.mark.parametrize("roles", [{"g": written} for written in WRONG] + [["clerk@NY-01"], "clerk@NY-01"], ids=repr)
def test_the_check_finds_a_wrong_entry(settings, roles):
    settings.DIRECTORY = replace(settings.DIRECTORY, roles=roles)
    with pytest.raises(SystemCheckError, match=r"accounts\.E013.*\n.*HINT"):
        call_command("check")


def test_the_check_is_content_with_right_entries(settings, directory):
    roles = '{"a": "clerk@NY-01", "b": ["auditor", "checker@MUM-01"]}'
    settings.DIRECTORY = directory(**WHOLE, DIRECTORY_ROLES=roles)
    call_command("check")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"DIRECTORY_URL": "https://id.bank.example"}, "E010"),
        ({"DIRECTORY_ONLY": "true"}, "E011"),
        ({**WHOLE, "DIRECTORY_URL": "http://id.bank.example"}, "E012"),
    ],
    ids=str,
)
def test_the_check_finds_a_directory_that_is_not_whole_not_there_or_not_private(settings, directory, given, found):
    settings.DIRECTORY = directory(**given)
    with pytest.raises(SystemCheckError, match=rf"accounts\.{found}.*\n.*HINT"):
        call_command("check")


def test_where_the_directory_is_the_only_way_no_password_is_taken(settings, alice):
    assert authenticate(None, email=alice.email, password=PASSWORD) == alice
    settings.AUTHENTICATION_BACKENDS = ["accounts.directory.backend.WithoutPasswords"]
    assert authenticate(None, email=alice.email, password=PASSWORD) is None


def test_the_database_lets_nobody_give_a_role_in_the_directorys_name(alice, dana, branch):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=alice, branch=branch, role=Role.CLERK, given_by=dana, from_directory=True)


@pytest.mark.parametrize("from_directory", [True, False])
def test_the_database_holds_a_role_once_by_hand_and_once_from_the_directory(alice, branch, from_directory):
    facts = {"person": alice, "branch": branch, "role": Role.CLERK, "from_directory": from_directory}
    Membership.objects.create(**facts)
    Membership.objects.create(**{**facts, "from_directory": not from_directory})
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**facts)
