"""How much a person may upload: told before it is used up, refused file by file, and held when many come at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from recognition.allowance import Allowance, near_a_limit
from recognition.models import Document
from tests.fixtures_html import on_one_line
from tests.fixtures_layouts import Teach

URL = "/upload/"
HTMX = {"HX-Request": "true"}
Upload = Callable[..., Document]
SignedIn = Callable[[User], Client]


@pytest.fixture
def png(honest_files: dict[str, bytes]) -> bytes:
    return honest_files[".png"]


def send(client: Client, *files: bytes, **posted: str) -> tuple[int, str]:
    """Upload files as the page's script does: the status, and the answer's text."""
    named = [SimpleUploadedFile(f"{place}.png", data) for place, data in enumerate(files)]
    answer = client.post(URL, {"files": named, **posted}, headers=HTMX)
    return answer.status_code, on_one_line(answer.content.decode())


def test_files_that_wait_are_limited_and_what_fits_is_kept(owner: Client, png: bytes, settings: Any) -> None:
    settings.MAX_WAITING_DOCUMENTS = 3
    status, text = send(owner, *[png] * 5)
    assert status == 200
    assert Document.objects.count() == 3
    assert text.count("3 of your files wait to be read, which is the most.") == 2
    assert text.count("Try this one again when some of them have been read.") == 2
    assert text.count("data-later") == 2
    assert send(owner, png)[0] == 422


def test_there_is_room_again_when_some_have_been_read(owner: Client, png: bytes, settings: Any, upload: Upload) -> None:
    settings.MAX_WAITING_DOCUMENTS = 1
    document = upload()
    assert send(owner, png)[0] == 422
    assert Document.claim(document.pk)
    assert send(owner, png)[0] == 200


def test_what_waits_counts_also_while_it_is_deleted_because_it_can_be_brought_back(
    owner: Client, png: bytes, settings: Any, upload: Upload
) -> None:
    settings.MAX_WAITING_DOCUMENTS = 2
    upload()
    upload().hide()
    status, text = send(owner, png)
    assert status == 422
    assert "2 of your files wait to be read, which is the most" in text
    assert "(1 of them deleted: what can be brought back counts)" in text


def again(client: Client, document: Document) -> Any:
    return client.post(reverse("document-again", args=[document.pk]), follow=True)


def as_cheque(client: Client, document: Document) -> Any:
    return client.post(reverse("document-layout", args=[document.pk]), {"layout": "cheque-us"}, follow=True)


@pytest.mark.parametrize("ask", [again, as_cheque])
def test_what_is_read_again_waits_like_any_other(
    ask: Callable[[Client, Document], Any], owner: Client, settings: Any, upload: Upload
) -> None:
    settings.MAX_WAITING_DOCUMENTS = 1
    document = Document.claim(upload().pk)
    assert document is not None
    document.fail("The picture is too blurred.")
    upload()
    answer = ask(owner, document)
    document.refresh_from_db()
    assert (document.state, document.layout) == ("failed", "auto")
    assert answer.status_code == 200
    assert "1 of your files wait to be read, which is the most." in on_one_line(answer.content.decode())
    settings.MAX_WAITING_DOCUMENTS = 2
    ask(owner, document)
    document.refresh_from_db()
    assert document.state == "queued"
    assert "which is the most" not in on_one_line(ask(owner, document).content.decode()), "it is not asked for twice"


def test_the_refusal_tells_when_an_hours_uploads_may_go_on(
    owner: Client, png: bytes, settings: Any, upload: Upload
) -> None:
    settings.MAX_UPLOADS_AN_HOUR = 2
    minutes_ago = [70, 50, 20]
    for minutes in minutes_ago:
        Document.objects.filter(pk=upload().pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    status, text = send(owner, png)
    again = timezone.localtime(timezone.now() + timedelta(minutes=11))
    assert status == 422
    assert "You have sent 2 files in the last hour, which is the most." in text
    assert f"from {again:%H:%M} on" in text or f"from {again - timedelta(minutes=1):%H:%M} on" in text
    Document.objects.order_by("created_at").filter(created_at__gt=timezone.now() - timedelta(minutes=55)).update(
        created_at=timezone.now() - timedelta(minutes=61)
    )
    assert send(owner, png)[0] == 200


def test_what_was_deleted_keeps_its_room_until_it_is_removed_for_good(
    owner: Client, png: bytes, settings: Any, upload: Upload
) -> None:
    document = upload()
    settings.MAX_KEPT_BYTES = document.size + len(png) - 1
    status, text = send(owner, png)
    assert status == 422
    assert "are kept for one person. Delete what you no longer need: it makes room after 7 days" in text
    document.hide()
    status, text = send(owner, png)
    day = timezone.localtime(timezone.now() + timedelta(days=7))
    assert status == 422
    assert f"makes room when it is removed for good, first on {day:%-d %B}." in text
    document.remove()
    assert send(owner, png)[0] == 200


def test_samples_of_layouts_take_room_too(owner: Client, png: bytes, settings: Any, teach: Teach, alice: User) -> None:
    layout = teach()
    size = layout.original.size
    assert Allowance.of(alice).kept_bytes == size
    settings.MAX_KEPT_BYTES = size + len(png) - 1
    assert send(owner, png)[0] == 422
    answer = owner.post(reverse("layout-new"), {"sample": SimpleUploadedFile("a.png", png)})
    assert answer.status_code == 422
    assert "are kept for one person" in on_one_line(answer.content.decode())
    answer = owner.post(reverse("layout-duplicate", args=[layout.name]), follow=True)
    assert "The sample was not copied." in on_one_line(answer.content.decode())
    layout.take_sample("smaller", png)
    assert Allowance.of(alice).kept_bytes == len(png)


def test_one_persons_files_take_nobody_elses_room(
    png: bytes, settings: Any, upload: Upload, signed_in: SignedIn, bob: User
) -> None:
    upload()
    settings.MAX_WAITING_DOCUMENTS = settings.MAX_UPLOADS_AN_HOUR = 1
    settings.MAX_KEPT_BYTES = len(png)
    assert send(signed_in(bob), png)[0] == 200


def test_a_limit_of_0_is_none(owner: Client, png: bytes, settings: Any) -> None:
    settings.MAX_WAITING_DOCUMENTS = settings.MAX_UPLOADS_AN_HOUR = settings.MAX_KEPT_BYTES = 0
    status, text = send(owner, *[png] * 3)
    assert (status, Document.objects.count()) == (200, 3)
    assert "notice" not in text


@pytest.mark.parametrize(
    ("limit", "most", "told"),
    [
        ("MAX_WAITING_DOCUMENTS", 5, "4 of your files wait to be read. You can send 1 more before some are read."),
        ("MAX_UPLOADS_AN_HOUR", 5, "You have sent 4 files in the last hour. You can send 1 more."),
        ("MAX_KEPT_BYTES", 5 * 1024**2, "There is room for 1.0 MB more. What you delete makes room after 7 days."),
    ],
)
def test_what_is_left_is_told_from_four_fifths_on(
    limit: str, most: int, told: str, owner: Client, settings: Any, upload: Upload
) -> None:
    setattr(settings, limit, most)
    for count in range(1, 5):
        document = upload()
        Document.objects.filter(pk=document.pk).update(size=1024**2)
        text = on_one_line(owner.get(URL).content.decode())
        assert (told in text) == (count == 4)


def test_a_batch_of_a_thousand_fits_the_limits_that_hold_unless_set(settings: Any) -> None:
    assert settings.MAX_WAITING_DOCUMENTS >= 1000
    assert settings.MAX_UPLOADS_AN_HOUR >= 1000
    assert settings.MAX_KEPT_BYTES >= 1000 * 4 * 1024**2


def test_administrators_see_who_is_near_a_limit(
    signed_in: SignedIn, alice: User, bob: User, dana: User, settings: Any, upload: Upload
) -> None:
    settings.MAX_WAITING_DOCUMENTS = 5
    for _ in range(4):
        upload()
    upload(uploaded_by=bob)
    (allowance,) = near_a_limit(10)
    assert (allowance.person, allowance.waiting, allowance.uploads) == (alice, 4, 4)
    text = on_one_line(signed_in(dana).get("/admin/").content.decode())
    assert "People near a limit" in text
    assert alice.email in text
    assert bob.email not in text


@pytest.mark.django_db(transaction=True)
def test_files_that_come_at_once_do_not_pass_a_limit_together(
    owner: Client, png: bytes, settings: Any, at_once: Callable[..., list[Any]]
) -> None:
    settings.MAX_WAITING_DOCUMENTS = 3
    statuses = [status for status, _ in at_once([lambda: send(owner, png)] * 8)]
    assert sorted(statuses) == [200] * 3 + [422] * 5
    assert Document.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_documents_that_are_tried_again_at_once_do_not_pass_a_limit_together(
    owner: Client, settings: Any, upload: Upload, at_once: Callable[..., list[Any]]
) -> None:
    failed = [upload() for _ in range(6)]
    Document.objects.update(state="failed")
    settings.MAX_WAITING_DOCUMENTS = 2
    at_once([partial(again, owner, document) for document in failed])
    assert Document.objects.filter(state="queued").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_twice_at_once_is_one_document(
    owner: Client, png: bytes, at_once: Callable[..., list[Any]]
) -> None:
    answers = at_once([lambda: send(owner, png, idempotency_key="one")] * 6)
    document = Document.objects.get()
    assert [status for status, _ in answers] == [200] * 6
    assert all(f"document-{document.pk}" in text for _, text in answers)
