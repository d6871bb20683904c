"""What changes much asks for the second factor again, and what was sent before it was given is not done."""

from __future__ import annotations

import time

import pytest
from django.conf import settings as site_settings

from recognition.models import ErrorRate
from tests.accounts.factors import SECOND, code_of, give_password, set_up_app

pytestmark = pytest.mark.django_db
PAGE = "/error-rate/"
CHOICE = {"rate": "0.005"}
LATER = 301.0


@pytest.fixture
def later(monkeypatch):
    """Let so much time pass that a second factor no longer counts as given."""

    def pass_time(seconds: float = LATER) -> None:
        moment = time.time() + seconds
        monkeypatch.setattr("time.time", lambda: moment)

    return pass_time


def choose(browser, **headers):
    return browser.post(PAGE, CHOICE, headers={"referer": f"http://testserver{PAGE}", **headers})


def chosen() -> int:
    return ErrorRate.objects.count()


def test_without_a_second_factor_nothing_more_is_asked_than_before(dana, sign_in):
    assert choose(sign_in(dana.email))["Location"] == PAGE
    assert chosen() == 1


def test_a_second_factor_that_was_just_given_counts(dana, sign_in):
    secret = set_up_app(sign_in(dana.email))
    browser = give_password(dana)
    browser.post(SECOND, {"code": code_of(secret, 1)})
    assert choose(browser)["Location"] == PAGE
    assert chosen() == 1


def test_after_some_minutes_it_is_asked_again_and_the_form_is_not_sent_by_itself(dana, sign_in, later):
    secret = set_up_app(sign_in(dana.email))
    browser = give_password(dana)
    browser.post(SECOND, {"code": code_of(secret, 1)})
    later()
    asked = choose(browser)
    assert asked["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert chosen() == 0
    back = browser.post(asked["Location"], {"code": code_of(secret)}, follow=True)
    assert [address for address, _status in back.redirect_chain] == ["/accounts/confirmed/", PAGE]
    assert "Nothing was changed yet" in back.content.decode()
    assert chosen() == 0
    assert choose(browser)["Location"] == PAGE
    assert chosen() == 1


def test_the_password_does_not_do_for_it(dana, sign_in, password, later):
    browser = sign_in(dana.email)
    set_up_app(browser)
    later()
    browser.post("/accounts/reauthenticate/", {"password": password})
    assert "reauthenticate" in choose(browser)["Location"]
    assert chosen() == 0


def test_looking_asks_for_nothing(dana, sign_in, later):
    browser = sign_in(dana.email)
    set_up_app(browser)
    later()
    assert browser.get(PAGE).status_code == 200


def test_where_roles_need_a_second_factor_others_are_asked_for_the_password(dana, sign_in, password, settings):
    settings.SECOND_FACTOR_FOR = ["auditor"]
    browser = sign_in(dana.email)
    asked = choose(browser)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert chosen() == 0
    browser.post(asked["Location"], {"password": password})
    assert choose(browser)["Location"] == PAGE
    assert chosen() == 1


def test_a_part_of_a_page_leads_the_whole_page_there_and_back_to_where_the_person_was(dana, sign_in, later):
    browser = sign_in(dana.email)
    secret = set_up_app(browser)
    later()
    asked = choose(browser, **{"hx-request": "true", "hx-current-url": f"http://testserver{PAGE}?x=1"})
    assert asked.status_code == 200
    back = browser.post(asked["HX-Redirect"], {"code": code_of(secret)}, follow=True)
    assert back.redirect_chain[-1][0] == f"{PAGE}?x=1"


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        ("https://evil.example/", site_settings.LOGIN_REDIRECT_URL),
        ("//evil.example/", site_settings.LOGIN_REDIRECT_URL),
        ("javascript:alert(1)", site_settings.LOGIN_REDIRECT_URL),
        ("", site_settings.LOGIN_REDIRECT_URL),
        ("http://testserver//evil.example/", "/%2Fevil.example/"),
    ],
)
def test_what_a_request_says_of_its_page_leads_to_no_other_site(dana, sign_in, later, said, leads_to):
    browser = sign_in(dana.email)
    secret = set_up_app(browser)
    later()
    asked = choose(browser, referer=said)
    back = browser.post(asked["Location"], {"code": code_of(secret)}, follow=True)
    assert back.redirect_chain[-1][0] == leads_to


def test_the_way_back_opened_by_itself_is_no_dead_end(alice, sign_in):
    assert sign_in(alice.email).get("/accounts/confirmed/")["Location"] == "/account/"


def test_giving_a_role_and_a_large_export_ask_for_it_too(dana, bob, sign_in, later, settings):
    secret = set_up_app(sign_in(dana.email))
    browser = give_password(dana)
    browser.post(SECOND, {"code": code_of(secret, 1)})
    later()
    given = browser.post(f"/people/{bob.pk}/roles/", {"role": "auditor"})
    assert given["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert not bob.memberships.filter(role="auditor").exists()
    assert browser.get("/history/export.csv").status_code == 200, "a small one"
    settings.EXPORT_STEP_UP_DOCUMENTS = -1
    assert browser.get("/history/export.csv")["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
