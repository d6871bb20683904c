"""Samples of forms come in one after the other: those that wait for a drawing wait for no more of a person's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from recognition.models import Layout
from tests.fixtures_html import on_one_line
from tests.fixtures_layouts import Teach, address

pytestmark = pytest.mark.django_db

WAITS = "Your other sample is still being read. Send this one when it is done."


@pytest.fixture
def png(honest_files: dict[str, bytes]) -> bytes:
    return honest_files[".png"]


def begin(client: Client, data: bytes) -> tuple[int, str]:
    """Begin a layout from a sample: the status, and the text of the answer."""
    answer = client.post(reverse("layout-new"), {"title": "Slip", "sample": SimpleUploadedFile("s.png", data)})
    return answer.status_code, on_one_line(answer.content.decode())


def test_a_sample_waits_for_its_owners_other_one(
    owner: Client, alice: User, bob: User, signed_in: Callable[[User], Client], png: bytes, teach: Teach
) -> None:
    prepared = teach()
    assert begin(owner, png)[0] == 302
    status, text = begin(owner, png)
    assert (status, WAITS in text) == (422, True)
    assert Layout.objects.filter(made_by=alice).count() == 2, "no empty layout is left of the one that was refused"
    answer = owner.post(address("layout-sample", prepared), {"sample": SimpleUploadedFile("s.png", png)}, follow=True)
    assert WAITS in on_one_line(answer.content.decode())
    answer = owner.post(address("layout-duplicate", prepared), follow=True)
    assert f"The sample was not copied. {WAITS}" in on_one_line(answer.content.decode())
    prepared.refresh_from_db()
    assert prepared.sample_state == "ready"
    assert begin(signed_in(bob), png)[0] == 302, "others send theirs"


def test_a_title_needs_no_sample_and_waits_for_none(owner: Client, png: bytes) -> None:
    begin(owner, png)
    assert owner.post(reverse("layout-new"), {"title": "Slip"}).status_code == 302


@pytest.mark.parametrize("ending", ["ready", "failed"])
def test_the_next_sample_is_taken_once_the_other_is_done(owner: Client, png: bytes, ending: str) -> None:
    begin(owner, png)
    Layout.objects.update(sample_state=ending)
    assert begin(owner, png)[0] == 302


def test_a_sample_whose_message_was_lost_holds_the_next_one_up_for_minutes_only(owner: Client, png: bytes) -> None:
    begin(owner, png)
    Layout.objects.update(asked_at=timezone.now() - timedelta(minutes=4))
    assert begin(owner, png)[0] == 302


def test_removing_a_layout_makes_no_room_for_another_sample(owner: Client, png: bytes) -> None:
    begin(owner, png)
    Layout.objects.get().hide()
    assert begin(owner, png)[0] == 422


@pytest.mark.django_db(transaction=True)
def test_of_samples_that_come_at_once_one_is_taken(
    owner: Client, alice: User, png: bytes, at_once: Callable[..., list[Any]]
) -> None:
    statuses = [status for status, _ in at_once([lambda: begin(owner, png)] * 6)]
    assert sorted(statuses) == [302] + [422] * 5
    assert Layout.objects.filter(made_by=alice).count() == 1
