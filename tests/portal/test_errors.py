"""Errors in the site's own design."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from portal import urls
from recognition.models import Document
from tests.fixtures_servers import REDIS_AWAY

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as if a bug")


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def garbled(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def full(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "No space left on device")


urlpatterns = [
    *urls.urlpatterns,
    *(path(f"{view.__name__}/", view) for view in (broken, denied, garbled, full)),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def visitor() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/broken/", 500, "Something broke on our side"),
        ("/denied/", 403, "That is not allowed"),
        ("/garbled/", 400, "That request made no sense"),
        ("/nothing/", 404, "There is nothing here"),
    ],
)
def test_each_error_has_its_page(visitor: Client, address: str, status: int, words: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "css/base.css" in answer.content.decode()


@pytest.mark.parametrize("address", ["/accounts/login/", "/sample/"])
def test_without_redis_what_counts_rates_says_that_it_is_away(visitor: Client, address: str) -> None:
    with override_settings(CACHES=REDIS_AWAY):
        answer = visitor.post(address, {"login": "alice@example.com", "password": "a long guess"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "away for a moment" in answer.content.decode()


def test_a_full_disk_is_said_also_where_redis_is_away(visitor: Client) -> None:
    with override_settings(CACHES=REDIS_AWAY, REDIS_URL="redis://127.0.0.1:1/0"):
        answer = visitor.get("/full/")
    assert answer.status_code == 503
    assert "The disk of this site is full" in answer.content.decode()


def test_500_needs_no_database(visitor: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert visitor.get("/broken/").status_code == 500


def test_a_form_from_elsewhere_is_403_and_changes_nothing() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sample/")
    assert answer.status_code == 403
    assert "The form had grown old" in answer.content.decode()
    assert not Document.objects.exists()
