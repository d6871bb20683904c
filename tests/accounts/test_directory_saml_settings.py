"""What the settings of a directory that speaks SAML mean, and which mistakes are found at the start."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from environs import Env

from accounts.directory.options import directory_from, ways_in
from accounts.directory.saml import Saml

INSTALLED = importlib.util.find_spec("xmlsec") is not None
with_the_extra = pytest.mark.skipif(not INSTALLED, reason="SAML needs the extra: uv sync --extra saml")


@pytest.fixture
def refused(settings):
    """Run the checks with this identity provider; the error is expected to match."""

    def refused(saml: Saml, why: str, **others: str) -> None:
        settings.DIRECTORY = replace(settings.DIRECTORY, saml=saml, **{"name": "Example Bank", **others})
        with pytest.raises(SystemCheckError, match=rf"accounts\.E014.*{why}.*\n.*HINT"):
            call_command("check")

    return refused


def test_without_a_file_there_is_no_provider(monkeypatch):
    monkeypatch.delenv("SAML_METADATA_FILE", raising=False)
    assert not directory_from(Env()).speaks_saml


@pytest.mark.skipif(INSTALLED, reason="the extra is installed")
def test_the_check_says_how_to_install_what_is_missing(monkeypatch, refused, tmp_path):
    monkeypatch.setenv("SAML_METADATA_FILE", str(tmp_path / "metadata.xml"))
    refused(directory_from(Env()).saml, "uv sync --extra saml")


@with_the_extra
@pytest.mark.parametrize(
    ("written", "why"),
    [
        (None, "cannot be read: No such file"),
        ("", "is no XML"),
        ("no markup", "is no XML"),
        ("<html/>", "describes no identity provider"),
        (
            '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x">'
            '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>'
            "</md:EntityDescriptor>",
            "describes no identity provider",
        ),
    ],
    ids=str,
)
def test_the_check_finds_a_file_that_describes_no_provider(monkeypatch, refused, tmp_path, written, why):
    file = tmp_path / "metadata.xml"
    if written is not None:
        file.write_text(written)
    monkeypatch.setenv("SAML_METADATA_FILE", str(file))
    refused(directory_from(Env()).saml, why)


def test_the_check_finds_a_provider_without_a_name(refused):
    refused(Saml(Path("/metadata.xml"), "id", "https://id.bank.example/"), "has no name", name="")


def test_the_check_finds_two_directories(refused):
    both = {"url": "https://id.bank.example", "client_id": "id", "secret": "secret"}
    refused(Saml(Path("/metadata.xml"), "id", "https://id.bank.example/"), "two directories", **both)


def test_a_provider_is_asked_strictly_and_forms_may_lead_there(settings):
    saml = Saml(Path("/metadata.xml"), "id", "https://id.bank.example/saml/sign-in")
    directory = replace(settings.DIRECTORY, name="Example Bank", saml=saml, vouches=True)
    providers, origins = ways_in(directory, {}, [])
    [app] = providers["saml"]["APPS"]
    asked = app["settings"]["advanced"]
    assert asked["strict"]
    assert asked["want_assertion_signed"]
    assert asked["reject_idp_initiated_sso"]
    assert app["settings"]["verified_email"] is True
    assert origins == ["https://id.bank.example"]
