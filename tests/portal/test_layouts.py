"""Layouts on the site: who gets what, who reads with what, and what comes in and goes out as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray

from accounts.models import User
from ml.reading.forms.layout_json import shipped_layouts
from portal.uploads import too_large
from recognition.layouts import layout_for
from recognition.models import Document, Layout
from tests.fixtures_layouts import BY_NAME, CHANGES, POSTED, SHOWN, Teach, address, offered, send, slip_fields
from tests.fixtures_people import home_of

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture
def staff(dana: User, signed_in: SignedIn) -> Client:
    """Dana's browser."""
    return signed_in(dana)


# Who gets what


@pytest.mark.parametrize("name", [*SHOWN, "layout-export"])
def test_owner_sees_it(name: str, teach: Teach, owner: Client) -> None:
    assert send(owner, name, teach()).status_code == 200


@pytest.mark.parametrize("person", ["bob", "charlie", "dana"])
@pytest.mark.parametrize("name", [*SHOWN, *CHANGES, *BY_NAME])
def test_colleague_stranger_and_administrator_get_404(
    name: str, person: str, teach: Teach, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    layout = teach()
    before = Layout.everything.values().get()
    assert send(signed_in(request.getfixturevalue(person)), name, layout).status_code == 404
    assert Layout.everything.values().get() == before


def test_a_stranger_brings_nothing_back(teach: Teach, bob: User, signed_in: SignedIn) -> None:
    layout = teach()
    layout.hide()
    assert send(signed_in(bob), "layout-bring-back", layout).status_code == 404
    assert not Layout.objects.exists()


@pytest.mark.parametrize("name", [*SHOWN, *CHANGES, *BY_NAME, "layout-bring-back"])
def test_anonymous_is_asked_to_sign_in(name: str, teach: Teach, client: Client) -> None:
    answer = send(client, name, teach())
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["layouts", "layout-new"])
def test_anonymous_is_sent_from_own_pages_to_sign_in(name: str, client: Client) -> None:
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", POSTED)
def test_changes_are_made_by_post_alone(name: str, teach: Teach, owner: Client) -> None:
    assert owner.get(address(name, teach())).status_code == 405


@pytest.mark.parametrize("name", [*SHOWN, "layout-export"])
def test_what_is_shown_takes_no_post(name: str, teach: Teach, owner: Client) -> None:
    assert owner.post(address(name, teach())).status_code == 405
    assert owner.post(reverse("layouts")).status_code == 405
    assert owner.put(reverse("layout-new")).status_code == 405


@pytest.mark.parametrize("name", ["layout", "layout-state"])
def test_nothing_stays_in_the_browser_after_signing_out(name: str, teach: Teach, owner: Client) -> None:
    assert "no-store" in send(owner, name, teach())["Cache-Control"]
    assert "no-store" in owner.get(reverse("layouts"))["Cache-Control"]


# The list


def test_the_list_teaches_whoever_has_none_and_has_the_shipped(owner: Client) -> None:
    page = owner.get(reverse("layouts")).content.decode()
    assert "You have taught no form yet" in page
    assert all(layout.title in page for layout in shipped_layouts())


def test_the_list_has_own_offered_and_removed_and_nobody_elses(teach: Teach, owner: Client, bob: User) -> None:
    teach(title="My slip", sample=False)
    teach(title="My draft", sample=False, saved=False)
    teach(title="Gone slip", sample=False).hide()
    offered(teach(owner=bob, title="Shared slip", sample=False))
    teach(owner=bob, title="Secret slip", sample=False)
    answer = owner.get(reverse("layouts"))
    page = answer.content.decode()
    assert all(title in page for title in ("My slip", "My draft", "Gone slip", "Shared slip"))
    assert "secret" not in page.lower()
    assert "does not read" in page
    assert list(answer.context["offered"].values()) == ["Shared slip"]


# Beginning one


def test_a_sample_begins_a_layout_and_is_sent_to_a_worker(
    owner: Client, alice: User, slip: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    data = as_file(slip("1250.75", "40961"))
    with django_capture_on_commit_callbacks() as sent:
        answer = owner.post(reverse("layout-new"), {"title": "Slip", "sample": SimpleUploadedFile("s.png", data)})
    layout = Layout.objects.get()
    assert answer["Location"] == address("layout", layout)
    assert (layout.made_by, layout.title, layout.sample_state) == (alice, "Slip", "waiting")
    assert layout.original.open("rb").read() == data
    assert [one.args for one in sent] == [("worker.tasks.prepare_sample", str(layout.pk))]
    assert "The sheet is being found" in owner.get(answer["Location"]).content.decode()
    assert owner.get(address("layout-sample-image", layout)).status_code == 404


def test_a_title_alone_begins_one_too_and_nothing_does_not(owner: Client) -> None:
    assert owner.post(reverse("layout-new"), {"title": "Slip"}).status_code == 302
    answer = owner.post(reverse("layout-new"), {"title": " "})
    assert answer.status_code == 422
    assert "Choose a sample, or give the form a title." in answer.content.decode()
    assert [layout.title for layout in Layout.objects.all()] == ["Slip"]


@pytest.mark.parametrize("name", ["layout-new", "layout-sample"])
def test_a_sample_that_cannot_be_read_is_refused_with_the_reason(
    name: str, teach: Teach, owner: Client, settings: Any, as_file: Callable[..., bytes]
) -> None:
    layout = teach()
    place = reverse(name) if name == "layout-new" else address(name, layout)
    for data, why in ((b"Total 351", "This is a text file"), (bytes(3000), "")):
        answer = owner.post(place, {"sample": SimpleUploadedFile("s.png", data)}, follow=True)
        assert why in answer.content.decode()
    settings.MAX_UPLOAD_BYTES = 2000
    data = as_file(np.random.default_rng(3).integers(0, 255, (60, 60, 3), np.uint8))
    assert len(data) > 2000
    answer = owner.post(place, {"sample": SimpleUploadedFile("s.png", data)}, follow=True)
    assert too_large(len(data)) in unescape(answer.content.decode()).replace("\xa0", " ")
    layout.refresh_from_db()
    assert (Layout.objects.count(), layout.sample_state) == (1, "ready")


def test_another_sample_keeps_the_fields(
    teach: Teach, owner: Client, as_file: Callable[..., bytes], slip: Callable[..., NDArray[np.uint8]]
) -> None:
    layout = teach()
    owner.post(address("layout-sample", layout), {"sample": SimpleUploadedFile("s.png", as_file(slip()))})
    layout.refresh_from_db()
    assert (layout.sample_state, layout.draft["fields"]) == ("waiting", slip_fields())
    owner.post(address("layout-sample", layout), {})
    layout.refresh_from_db()
    assert layout.sample_state == "waiting"


# Offered to everybody


def test_administrators_offer_their_layout_and_take_it_back(
    teach: Teach, dana: User, staff: Client, bob: User, signed_in: SignedIn
) -> None:
    layout = teach(owner=dana)
    assert "Offer it to everybody" in send(staff, "layout", layout).content.decode()
    answer = staff.post(address("layout-offer", layout), follow=True)
    assert "Everybody can use it now." in answer.content.decode()
    colleague = signed_in(bob)
    assert "Deposit slip" in colleague.get(reverse("upload")).content.decode()
    assert send(colleague, "layout-export", layout).status_code == 200
    assert [send(colleague, name, layout).status_code for name in (*SHOWN, *CHANGES)] == [404] * 9
    answer = staff.post(address("layout-offer", layout), {"to": "branch"}, follow=True)
    assert "Only its branch can use it again." in answer.content.decode()
    assert "Deposit slip" not in colleague.get(reverse("upload")).content.decode()
    assert send(colleague, "layout-export", layout).status_code == 404


def test_who_works_alone_offers_nothing(teach: Teach, owner: Client) -> None:
    layout = teach()
    assert "Offer it to everybody" not in send(owner, "layout", layout).content.decode()
    assert send(owner, "layout-offer", layout).status_code == 403
    assert not Layout.objects.get().offered


def test_what_is_exported_of_an_offered_layout_holds_nothing_that_was_written_on_its_sample(
    teach: Teach, bob: User, signed_in: SignedIn
) -> None:
    layout = offered(teach())
    layout.record(1, [{"name": "amount", "value": "1250.75"}])
    told = send(signed_in(bob), "layout-export", layout).content.decode()
    assert set(json.loads(told)) == {"name", "title", "version", "landmarks", "fields"}
    assert "1250.75" not in told


# At upload


def upload_as(client: Client, name: str, data: bytes) -> Any:
    file = SimpleUploadedFile("a.png", data)
    return client.post(reverse("upload"), {"files": file, "layout": name}, headers={"HX-Request": "true"})


def test_a_taught_layout_can_be_chosen_by_its_owner(teach: Teach, owner: Client, honest_files: Any) -> None:
    layout = teach(sample=False)
    assert upload_as(owner, layout.name, honest_files[".png"]).status_code == 200
    assert Document.objects.get().layout == layout.name


def test_an_offered_layout_can_be_chosen_by_others(
    teach: Teach, bob: User, signed_in: SignedIn, honest_files: Any
) -> None:
    layout = offered(teach(sample=False))
    assert upload_as(signed_in(bob), layout.name, honest_files[".png"]).status_code == 200


@pytest.mark.parametrize("what", ["somebody else's", "removed", "not saved"])
def test_no_other_can_be_chosen_and_the_answer_is_that_to_a_name_that_nobody_has(
    what: str, teach: Teach, alice: User, bob: User, owner: Client, honest_files: Any
) -> None:
    layout = teach(owner=bob if what == "somebody else's" else alice, sample=False, saved=what != "not saved")
    if what == "removed":
        layout.hide()
    answer = upload_as(owner, layout.name, honest_files[".png"])
    unknown = upload_as(owner, "of-nobody", honest_files[".png"])
    assert (answer.status_code, unknown.status_code) == (422, 422)
    assert answer.content == unknown.content
    assert not Document.objects.exists()
    for name in BY_NAME:
        assert send(owner, name, layout).status_code == 404


# Removed and brought back


def test_a_removed_layout_comes_back_as_it_was(teach: Teach, owner: Client, alice: User) -> None:
    layout = teach()
    answer = owner.post(address("layout-remove", layout), follow=True)
    assert "Removed for good on" in answer.content.decode()
    assert layout_for([home_of(alice)], layout.name) is None
    assert [send(owner, name, layout).status_code for name in (*SHOWN, *CHANGES, *BY_NAME)] == [404] * 11
    answer = owner.post(address("layout-bring-back", layout), follow=True)
    assert "Deposit slip is back." in answer.content.decode()
    assert layout_for([home_of(alice)], layout.name) is not None
    assert [send(owner, name, layout).status_code for name in SHOWN] == [200] * 3
    assert send(owner, "layout-bring-back", layout).status_code == 404
