"""How long a session lasts, and what a person is told when it has ended."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from environs import Env

from accounts.roles import Role
from accounts.session_limits import Limit, SessionLimits, session_limits_from
from tests.accounts.factors import is_signed_in

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60.0, 3600.0


def limits(minutes: int = 0, hours: int = 0, **by_role: int) -> SessionLimits:
    return SessionLimits(Limit(minutes, by_role), Limit(hours, {}))


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved."""

    class Clock:
        now = time.time()

        def move(self, seconds: float) -> None:
            self.now += seconds

    moved = Clock()
    monkeypatch.setattr("time.time", lambda: moved.now)
    return moved


def test_without_limits_nothing_ends_and_nothing_is_noted(alice, sign_in, clock):
    browser = sign_in(alice.email)
    clock.move(100 * HOUR)
    assert is_signed_in(browser)
    assert not [name for name in dict(browser.session) if name.startswith("session.")]


def test_after_idle_minutes_the_session_ends_is_told_so_and_leads_back(alice, sign_in, settings, clock, password):
    settings.SESSION_LIMITS = limits(minutes=30)
    browser = sign_in(alice.email)
    browser.get("/history/")
    clock.move(30 * MINUTE)
    assert is_signed_in(browser)
    clock.move(32 * MINUTE)
    answer = browser.get("/history/?q=351")
    assert answer["Location"] == "/accounts/login/?next=/history/%3Fq%3D351"
    page = browser.get(answer["Location"])
    assert "nothing was done for 30 minutes" in page.content.decode()
    back = browser.post("/accounts/login/", {"login": alice.email, "password": password, "next": "/history/?q=351"})
    assert back["Location"] == "/history/?q=351"
    assert is_signed_in(browser)
    browser.post("/accounts/logout/")
    assert "nothing was done" not in browser.get("/accounts/login/").content.decode()


def test_who_does_something_now_and_then_stays_signed_in(alice, sign_in, settings, clock):
    settings.SESSION_LIMITS = limits(minutes=1)
    browser = sign_in(alice.email)
    for _ in range(10):
        clock.move(59)
        assert is_signed_in(browser)


def test_what_pages_ask_for_by_themselves_keeps_no_session_open(alice, sign_in, settings, clock, upload):
    settings.SESSION_LIMITS = limits(minutes=30)
    document = upload(uploaded_by=alice)
    browser = sign_in(alice.email)
    browser.get("/history/")
    for _ in range(4):
        clock.move(10 * MINUTE)
        browser.get(f"/documents/{document.pk}/progress/", headers={"hx-request": "true"})
    assert not is_signed_in(browser)


def test_what_was_sent_leads_back_to_the_page_that_it_was_sent_from(alice, sign_in, settings, clock):
    settings.SESSION_LIMITS = limits(minutes=30)
    browser = sign_in(alice.email)
    browser.get("/history/")
    clock.move(HOUR)
    answer = browser.post("/account/close/", headers={"referer": "http://testserver/account/close/?a=1"})
    assert answer["Location"] == "/accounts/login/?next=/account/close/%3Fa%3D1"


def test_after_so_many_hours_a_session_ends_whatever_is_done(alice, sign_in, settings, clock):
    settings.SESSION_LIMITS = limits(hours=8)
    browser = sign_in(alice.email)
    for _ in range(16):
        assert is_signed_in(browser)
        clock.move(HOUR / 2)
    clock.move(1)
    assert not is_signed_in(browser)
    assert "it was 8 hours old" in browser.get("/accounts/login/").content.decode()


def test_a_role_has_its_own_limit(dana, alice, sign_in, settings, clock):
    settings.SESSION_LIMITS = limits(minutes=60, administrator=10)
    person, administrator = sign_in(alice.email), sign_in(dana.email)
    assert is_signed_in(person)
    assert is_signed_in(administrator)
    clock.move(20 * MINUTE)
    assert is_signed_in(person)
    assert not is_signed_in(administrator)


def test_a_role_may_be_without_the_limit_of_all_others(join, settings, clock):
    settings.SESSION_LIMITS = limits(minutes=30, auditor=0)
    auditor, alone = Client(), Client()
    auditor.force_login(join(Role.AUDITOR))
    alone.force_login(join(Role.OWNER))
    assert is_signed_in(auditor)
    assert is_signed_in(alone)
    clock.move(HOUR)
    assert is_signed_in(auditor), "the private branch that everybody owns counted"
    assert not is_signed_in(alone)


def test_the_session_that_ended_is_gone_for_whoever_copied_its_cookie(alice, sign_in, settings, clock):
    settings.SESSION_LIMITS = limits(minutes=30)
    browser = sign_in(alice.email)
    browser.get("/history/")
    copied = browser.session.session_key
    clock.move(HOUR)
    browser.get("/history/")
    assert not Session.objects.filter(pk=copied).exists()


def test_a_request_costs_no_query_more_but_one_write_a_minute(alice, sign_in, settings, clock):
    browser = sign_in(alice.email)
    browser.get("/account/close/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/account/close/").status_code == 200
        return len(captured)

    usual = queries()
    settings.SESSION_LIMITS = limits(minutes=30, administrator=10)
    assert queries() > usual, "the first request notes when the session began"
    clock.move(59)
    assert queries() == usual
    clock.move(1)
    assert queries() > usual
    assert queries() == usual


@pytest.mark.parametrize(
    ("roles", "minutes"),
    [((), 60), (("clerk",), 30), (("auditor",), 0), (("supervisor",), 60), (("clerk", "auditor"), 30)],
)
def test_the_strictest_of_a_persons_roles_holds(roles, minutes):
    assert Limit(60, {"clerk": 30, "auditor": 0}).of(roles) == minutes


def test_limits_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("IDLE_MINUTES", "60")
    monkeypatch.setenv("IDLE_MINUTES_BY_ROLE", "clerk=30,auditor=0")
    monkeypatch.setenv("SESSION_HOURS_BY_ROLE", "administrator=8")
    read = session_limits_from(Env())
    assert read == SessionLimits(Limit(60, {"clerk": 30, "auditor": 0}), Limit(0, {"administrator": 8}))
    assert read
    assert not SessionLimits(Limit(0, {}), Limit(0, {"clerk": 0}))


def test_a_guest_has_no_session_that_could_end(settings, db):
    settings.SESSION_LIMITS = limits(minutes=1)
    browser = Client()
    assert browser.get("/").status_code == 200
    assert not browser.cookies.get("sessionid")
