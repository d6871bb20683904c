"""People as administrators see them."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of():
    return lambda user: f"/admin/accounts/user/{user.pk}/change/"


def test_an_administrator_sees_states_and_facts(dana, alice, make_person, sign_in, page_of):
    make_person("frank@example.com", verified=False)
    browser = sign_in(dana.email)
    listing = browser.get("/admin/accounts/user/")
    assert listing.status_code == 200
    confirmed = {person.email: person.is_confirmed for person in listing.context["cl"].queryset}
    assert confirmed == {"dana@example.com": True, "alice@example.com": True, "frank@example.com": False}
    assert alice.password not in browser.get(page_of(alice)).content.decode()


def test_an_administrator_can_keep_somebody_out(dana, alice, sign_in, page_of, client, password):
    inside = sign_in(alice.email)
    sign_in(dana.email).post(page_of(alice), {})
    alice.refresh_from_db()
    assert not alice.is_active
    assert inside.get("/account/").status_code == 302, "the session of who is kept out still worked"
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    assert "_auth_user_id" not in client.session


def test_an_administrator_cannot_change_an_address_nor_delete_nor_add(dana, alice, sign_in, page_of):
    browser = sign_in(dana.email)
    browser.post(page_of(alice), {"email": "mine@example.com", "is_active": "on"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert browser.get(f"/admin/accounts/user/{alice.pk}/delete/").status_code == 403
    assert browser.get("/admin/accounts/user/add/").status_code == 403


def test_staff_without_rights_change_nobody(make_person, alice, sign_in, page_of):
    staff = make_person("gina@example.com", is_staff=True)
    assert sign_in(staff.email).post(page_of(alice), {"is_superuser": "on"}).status_code == 403


def test_a_person_is_not_let_in(alice, sign_in, page_of):
    assert sign_in(alice.email).get(page_of(alice)).status_code in (302, 403, 404)
