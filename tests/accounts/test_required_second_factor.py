"""People whose role asks for a second factor set one up before they reach anything else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from accounts.middleware import SETTING_UP
from accounts.models import Invitation, Membership
from accounts.roles import Role
from tests.accounts.factors import (
    SECOND,
    add_passkey,
    code_of,
    confirm_by_password,
    give_password,
    is_signed_in,
    set_up_app,
    sign_in_by,
)

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_FOR = ["administrator"]


def addresses(patterns=None, before: str = "/") -> Iterator[tuple[str | None, str]]:
    """Each address of the site with its name, filled in with something."""
    for found in get_resolver().url_patterns if patterns is None else patterns:
        path = before + found.pattern._route if hasattr(found.pattern, "_route") else None
        if path is None:
            continue  # written as an expression: allauth's links of mails, which the tests below open
        for name, converter in found.pattern.converters.items():
            filled = {IntConverter: "1", UUIDConverter: str(uuid.UUID(int=1))}.get(type(converter), "x")
            path = path.replace(f"<{name}>", filled)
            for kind in ("int", "uuid", "str", "slug", "path"):
                path = path.replace(f"<{kind}:{name}>", filled)
        if isinstance(found, URLResolver):
            yield from addresses(found.url_patterns, path)
        elif isinstance(found, URLPattern):
            yield found.name, path


def test_the_list_of_addresses_is_whole():
    named = dict(addresses())
    assert len(named) > 80
    assert {"home", "error-rate", "document", "account", "account-close", "index", "mfa_index"} <= set(named)
    assert not [path for path in named.values() if "<" in path]


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_lacks_one_reaches_nothing_but_setting_it_up_and_sign_out(dana, sign_in, method):
    browser = sign_in(dana.email)
    elsewhere = [(name, path) for name, path in addresses() if name not in SETTING_UP]
    assert len(elsewhere) > 80
    let_in = [path for _name, path in elsewhere if getattr(browser, method)(path).get("Location") != SET_UP]
    assert let_in == []


@pytest.mark.parametrize("path", ["/no-such-page", "/accounts/", "/admin/no/such/"])
def test_addresses_that_lead_nowhere_lead_there_too(dana, sign_in, path):
    assert sign_in(dana.email).get(path)["Location"] == SET_UP


def test_health_is_answered_to_everybody(dana, sign_in):
    assert sign_in(dana.email).get("/health/live").status_code == 200


def test_they_set_it_up_and_go_on_to_where_they_wanted_to_go(dana, password, client):
    form = {"login": dana.email, "password": password, "next": "/error-rate/"}
    assert client.post("/accounts/login/", form, follow=True).redirect_chain[-1][0] == SET_UP
    page = client.get(SET_UP).content.decode()
    assert "Your role asks for a second factor" in page
    set_up_app(client)
    assert 'href="/error-rate/"' in client.get(SET_UP).content.decode()
    assert client.get("/error-rate/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_a_passkey_does_as_well(dana, sign_in):
    browser = sign_in(dana.email)
    passkey = add_passkey(browser)
    assert browser.get("/error-rate/").status_code == 200
    alone = Client()
    sign_in_by(passkey, alone)
    assert is_signed_in(alone)


def test_signing_out_works_without_one(dana, sign_in):
    browser = sign_in(dana.email)
    browser.post("/accounts/logout/")
    assert browser.get("/").status_code == 200


def test_who_takes_the_last_one_away_is_led_to_set_up_another(dana, sign_in):
    browser = sign_in(dana.email)
    set_up_app(browser)
    browser.post("/accounts/2fa/totp/deactivate/")
    assert browser.get("/account/")["Location"] == SET_UP


def test_a_part_of_a_page_leads_the_whole_page_there(dana, sign_in):
    answer = sign_in(dana.email).get("/history/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == SET_UP


def test_an_address_that_waits_for_its_confirmation_can_be_taken_care_of_there(dana, sign_in):
    dana.emailaddress_set.create(email="second@example.com", verified=False)
    browser = sign_in(dana.email)
    confirm_by_password(browser)
    refused = browser.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Confirm all of your e-mail addresses first" in refused.content.decode()
    browser.post("/accounts/email/", {"email": "second@example.com", "action_remove": "1"})
    set_up_app(browser)


def test_other_roles_and_guests_are_not_asked(alice, sign_in, client):
    assert sign_in(alice.email).get("/account/").status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("needed", Role.values)
def test_the_named_role_is_asked_and_no_other(join, make_person, settings, needed):
    settings.SECOND_FACTOR_FOR = [needed]
    asked = set()
    for role in Role:
        browser = Client()
        browser.force_login(join(role))
        if browser.get("/account/").get("Location") == SET_UP:
            asked.add(role.value)
    assert asked == {needed}


def test_one_role_that_needs_one_is_enough_and_when_it_ends_nobody_is_asked(alice, branch, sign_in, settings):
    settings.SECOND_FACTOR_FOR = ["supervisor"]
    Membership.give(alice, Role.CLERK, branch)
    supervises = Membership.give(alice, Role.SUPERVISOR, branch)
    browser = sign_in(alice.email)
    assert browser.get("/history/")["Location"] == SET_UP
    supervises.end()
    assert browser.get("/history/").status_code == 200


def test_the_invited_are_led_there_right_after_they_registered(client, dana, branch, settings, password, mailoutbox):
    settings.SECOND_FACTOR_FOR, settings.REGISTRATION = ["supervisor"], "invitation"
    invitation = Invitation.into("erin@example.com", Role.SUPERVISOR, branch, by=dana)
    client.get(invitation.link.removeprefix(settings.SITE_URL))
    form = {"email": "erin@example.com", "password1": password, "password2": password}
    landed = client.post("/accounts/signup/", form, follow=True)
    assert landed.redirect_chain[-1][0] == SET_UP
    set_up_app(client)
    assert client.get("/history/").status_code == 200


def test_who_was_suspended_and_is_let_in_again_still_has_to_set_one_up(dana, join, sign_in, client, password, settings):
    settings.SECOND_FACTOR_FOR = ["supervisor"]
    erin = join(Role.SUPERVISOR, email="erin@example.com")
    erin.emailaddress_set.create(email=erin.email, verified=True, primary=True)
    administrator, suspended = sign_in(dana.email), sign_in(erin.email)
    confirm_by_password(administrator)
    administrator.post(f"/people/{erin.pk}/suspend/")
    assert suspended.get(SET_UP)["Location"].startswith("/accounts/login/")
    administrator.post(f"/people/{erin.pk}/suspend/", {"to": "in"})
    assert sign_in(erin.email).get("/history/")["Location"] == SET_UP


def test_where_nobody_has_to_have_one_nobody_is_asked(dana, sign_in, settings):
    settings.SECOND_FACTOR_FOR = []
    assert sign_in(dana.email).get("/error-rate/").status_code == 200


def test_who_closes_their_account_is_asked_all_the_same(dana, sign_in):
    dana.close()
    browser = sign_in(dana.email)
    assert browser.post("/account/reopen/")["Location"] == SET_UP
    set_up_app(browser)
    browser.post("/account/reopen/")
    dana.refresh_from_db()
    assert dana.close_at is None


def test_who_is_kept_out_cannot_set_one_up(dana, sign_in):
    browser = sign_in(dana.email)
    dana.is_active = False
    dana.save()
    assert browser.get(SET_UP)["Location"].startswith("/accounts/login/")


def test_signing_in_with_one_leads_straight_on(dana, sign_in):
    secret = set_up_app(sign_in(dana.email))
    browser = give_password(dana, next="/error-rate/")
    assert browser.post(SECOND, {"code": code_of(secret, 1)})["Location"] == "/error-rate/"
