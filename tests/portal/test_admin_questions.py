"""What the address of an administrators' list may ask: by what the list offers alone; and no question breaks it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.test import Client

from accounts.models import User
from recognition.models import Document

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model.__name__)
HOSTILE = [
    "password__startswith",
    "password",
    "password__regex",
    "email__startswith",
    "owner__password__startswith",
    "owner__email__startswith",
    "user__password__startswith",
    "usersession__session_key__startswith",
    "emailaddress__email__startswith",
    "socialaccount__uid__startswith",
    "socialaccount__socialtoken__token__startswith",
    "layouts__owner__password__startswith",
    "groups__user__password__startswith",
    "logentry__user__password__startswith",
    "is_active__owner__password",
    "name__startswith",
    "sha256",
    "pk__owner__password__startswith",
    "id__gt",
]
BROKEN = [
    "?q=%00", "?o=%00", "?p=%00", "?p=99999999999999999999", "?p=-1", "?o=99999.-99999", "?o=x", "?e=1",
    "?created_at__year=0", "?created_at__year=99999999999999999999", "?created_at__year=2026&created_at__month=99",
    "?created_at__gte=%00", "?created_at__gte=never", "?date_joined__gte=%00", "?date_joined__gte=9999999-01-01",
    "?is_active__exact=%00", "?is_active__exact=maybe", "?state__exact=%00", "?state__in=%00", "?state__regex=[",
    "?state__regex=%28%28%28a%2A%29%2A%29%2A%29b", "?state=x&state=y", "?state__isnull=7", "?state__nothing=1",
    "?created_at__nothing=1", "?date_joined__date__year__gt=x", "?_to_field=password", "?_to_field=email",
    "?_to_field=%00", "?_popup=1&_to_field=owner__password", "?_facets=1", "?all=", "?offered__exact=%00", "?%00=1",
    "?created_at__in=", "?created_at__range=1", "?created_at__day=x&created_at__year=2026",
]  # fmt: skip


def list_of(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


@pytest.fixture
def browser(dana: User) -> Client:
    """Dana's, as a browser is: what breaks is answered with a page, and not raised in the test."""
    browser = Client(raise_request_exception=False)
    browser.force_login(dana)
    return browser


def test_only_our_own_tables_are_there() -> None:
    assert {model._meta.app_label for model in MODELS} == {"accounts", "recognition"}


@pytest.mark.parametrize("lookup", HOSTILE)
@pytest.mark.parametrize("model", MODELS)
def test_no_filter_asks_for_what_the_list_does_not_offer(browser: Client, model: type[Model], lookup: str) -> None:
    assert browser.get(list_of(model), {lookup: "1"}).status_code in (302, 400)


def test_a_password_cannot_be_spelt_out(browser: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(password=make_password("a secret of hers"))
    alice.refresh_from_db()
    answers = {
        browser.get("/admin/accounts/user/", {"password__startswith": start}).status_code
        for start in (alice.password[:30], "no such start")
    }
    assert answers == {400}, "a right guess and a wrong one must get the same refusal"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("question", BROKEN)
def test_no_question_breaks_a_list(browser: Client, model: type[Model], question: str) -> None:
    assert browser.get(list_of(model) + question).status_code in (200, 302, 400, 404)


def test_lists_are_searched_by_address_and_sorted_by_what_they_show(browser: Client, alice: User) -> None:
    found = browser.get("/admin/accounts/user/", {"q": "alice", "is_active__exact": "1", "o": "-1"})
    assert [person.email for person in found.context["cl"].queryset] == [alice.email]
    hashes = browser.get("/admin/accounts/user/", {"q": alice.password[:20]})
    assert not hashes.context["cl"].queryset.exists()


@pytest.mark.parametrize("kind", ["1", "2", "0", "99999999999999999999", "x", "%00"])
@pytest.mark.parametrize("row", ["1", "x", "%00", "00000000-0000-0000-0000-000000000000"])
def test_no_address_leads_from_a_number_to_a_row(browser: Client, kind: str, row: str) -> None:
    assert browser.get(f"/admin/r/{kind}/{row}/").status_code in (400, 404)


@pytest.mark.parametrize("row", ["%00", "x", "99999999999999999999", "1/../2"])
def test_a_person_that_is_not_there_is_not_found(browser: Client, row: str) -> None:
    assert browser.get(f"/admin/accounts/user/{row}/change/").status_code in (302, 400, 404)


def test_a_person_is_found_by_number_alone(browser: Client, alice: User) -> None:
    page = f"/admin/accounts/user/{alice.pk}/change/"
    assert browser.get(page).status_code == 200
    assert browser.get(page, {"_to_field": "password"}).status_code == 400
    assert browser.get(f"/admin/accounts/user/{alice.password}/change/").status_code in (302, 404)


def test_states_are_still_filtered(browser: Client) -> None:
    page = browser.get(
        "/admin/recognition/document/", {"state__exact": Document.State.READ, "created_at__year": "2026"}
    )
    assert page.status_code == 200
