"""The character NUL, which no text has and PostgreSQL does not keep: refused wherever somebody writes it."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
PATHS = [
    "/%00", "/documents/%00/", f"/documents/{uuid.uuid4()}/%00/", "/layouts/a%00b.json", "/accounts/confirm/%00/",
    "/accounts/oidc/%00/login/", "/accounts/password/reset/key/1-%00/", "/admin/%00/", "/static/%00.css",
    "/history/export.%00",
]  # fmt: skip
LISTS = ["/history/", "/history/export.csv", "/accounts/login/", "/accounts/signup/", "/upload/", "/", "/layouts/"]
FORMS = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/upload/",
    "/layouts/new/",
    "/drawings/",
]


@pytest.fixture
def browser(alice: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(alice)
    return browser


@pytest.mark.parametrize("path", PATHS)
def test_in_a_path(browser: Client, path: str) -> None:
    assert browser.get(path).status_code in (400, 404)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["next", "q", "state", "layout", "page", "deleted", "email", "a\0b"])
def test_in_a_question(browser: Client, path: str, name: str) -> None:
    assert browser.get(path, {name: "a\0b"}).status_code == 400


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("name", ["login", "password", "email", "next", "title", "layout", "csrfmiddlewaretoken"])
@pytest.mark.parametrize(
    "coding", ["multipart/form-data; boundary=BoUnDaRyStRiNg", "application/x-www-form-urlencoded"]
)
def test_in_a_form(browser: Client, signed_in: bool, path: str, name: str, coding: str) -> None:
    visitor = browser if signed_in else Client(raise_request_exception=False)
    body = f'--BoUnDaRyStRiNg\r\nContent-Disposition: form-data; name="{name}"\r\n\r\na\0b\r\n--BoUnDaRyStRiNg--\r\n'
    data = body if coding.startswith("multipart") else f"{name}=a%00b"
    assert visitor.post(path, data, content_type=coding).status_code == 400


def test_in_a_cookie() -> None:
    visitor = Client(raise_request_exception=False, headers={"cookie": r'sessionid="abc\000defghijklmnop"'})
    assert visitor.get("/account/").status_code == 400


def test_the_answer_is_a_page_that_says_so(browser: Client) -> None:
    assert "made no sense" in browser.get("/history/", {"q": "\0"}).content.decode()
