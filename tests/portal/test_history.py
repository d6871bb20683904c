"""The history: everything of one's own, found again, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from recognition.models import Document, FieldReading, Layout, Page
from tests.fixtures_people import home_of

URL = "/history/"
Read = Callable[..., Document]


def names(client: Client, **query: str) -> list[str]:
    return [document.name for document in client.get(URL, query).context["page"].object_list]


def test_empty_history_teaches_what_to_do(owner: Client) -> None:
    text = owner.get(URL).content.decode()
    assert "Nothing here yet" in text
    assert reverse("upload") in text


def test_newest_comes_first_with_its_values(owner: Client, read: Read) -> None:
    read("351", name="old.png")
    read("4711", name="new.png")
    assert names(owner) == ["new.png", "old.png"]
    text = owner.get(URL).content.decode()
    assert "351" in text
    assert "4711" in text


def test_nobody_sees_what_another_has(signed_in: Callable[[User], Client], read: Read, bob: User, dana: User) -> None:
    read("351")
    assert names(signed_in(bob)) == []
    assert names(signed_in(dana)) == []


def test_search_finds_name_value_and_correction(owner: Client, alice: User, read: Read) -> None:
    read("351", name="Invoice.png")
    read("4711", name="cheque.png").pages.get().readings.get().correct("9990", by=alice)
    assert names(owner, q="invoice") == ["Invoice.png"]
    assert names(owner, q="471") == ["cheque.png"]
    assert names(owner, q="9990") == ["cheque.png"]
    assert names(owner, q="nowhere") == []


def test_filter_by_state(owner: Client, read: Read, upload: Callable[..., Document]) -> None:
    read("351", name="read.png")
    upload(name="queued.png")
    assert names(owner, state="queued") == ["queued.png"]
    assert names(owner, state="read") == ["read.png"]


def test_what_needs_a_look_until_a_person_has_looked(owner: Client, alice: User, read: Read) -> None:
    read("351", name="sure.png")
    doubtful = read("77", name="doubt.png", sure=False)
    assert names(owner, look="on") == ["doubt.png"]
    assert "1 needs a look" in owner.get(URL).content.decode()
    doubtful.pages.get().readings.get().correct("77", by=alice)
    assert names(owner, look="on") == []


def test_filter_by_date(owner: Client, read: Read) -> None:
    read("1", name="today.png")
    old = read("2", name="old.png")
    Document.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=10))
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert names(owner, since=yesterday) == ["today.png"]
    assert names(owner, until=yesterday) == ["old.png"]


def test_nonsense_in_a_filter_lets_everything_through(owner: Client, read: Read) -> None:
    read("1")
    assert names(owner, since="yesterday", state="eaten", page="many", deleted="x") == ["351.png"]


def test_pages_of_25(owner: Client, upload: Callable[..., Document]) -> None:
    for _ in range(27):
        upload()
    assert len(names(owner)) == 25
    assert len(names(owner, page="2")) == 2
    assert "Page 1 of 2" in owner.get(URL).content.decode()


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_rows(
    count: int, owner: Client, alice: User, read: Read, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(count):
        read(str(n), "77").pages.get().readings.first().correct("5", by=alice)  # type: ignore[union-attr]
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        owner.get(URL)


@pytest.mark.parametrize("count", [2, 12])
def test_a_taught_layout_is_called_by_its_title_in_no_more_queries(
    count: int, owner: Client, alice: User, read: Read, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(count):
        read(str(n), "77")
    Page.objects.update(
        layout=Layout.begin(home_of(alice), alice, "Our own slip").name, layout_version=1, layout_fit=0.9
    )
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        text = owner.get(URL).content.decode()
    assert text.count("Our own slip") == count
    Page.objects.update(layout="of-last-year")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert owner.get(URL).content.decode().count("of-last-year") == count


def test_htmx_gets_the_list_alone(owner: Client, read: Read) -> None:
    read("351")
    text = owner.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "351.png" in text
    assert "<html" not in text


def test_deleting_offers_an_undo_without_a_script(owner: Client, read: Read) -> None:
    document = read("351")
    answer = owner.post(reverse("document-delete", args=[document.pk]), follow=True)
    assert "is deleted" in answer.content.decode()
    assert names(owner) == []
    owner.post(reverse("document-restore", args=[document.pk]))
    assert names(owner) == ["351.png"]


def test_deleting_by_htmx_answers_with_the_undo(owner: Client, read: Read) -> None:
    document = read("351")
    address = "http://testserver/history/?q=35"
    answer = owner.post(
        reverse("document-delete", args=[document.pk]), headers={"HX-Request": "true", "HX-Current-URL": address}
    )
    text = answer.content.decode()
    assert reverse("document-restore", args=[document.pk]) in text
    assert 'value="/history/?q=35"' in text


def test_undo_goes_back_to_our_own_pages_alone(owner: Client, read: Read) -> None:
    document = read("351")
    for back, expected in {"/history/?q=35": "/history/?q=35", "https://elsewhere.example/": URL}.items():
        document.hide()
        answer = owner.post(reverse("document-restore", args=[document.pk]), {"next": back})
        assert answer["Location"] == expected


def test_waiting_row_asks_for_itself_and_a_finished_one_stops(
    owner: Client, read: Read, upload: Callable[..., Document]
) -> None:
    waiting, finished = upload(), read("351")
    asks = 'hx-trigger="load delay:500ms"'
    assert asks in owner.get(reverse("document-progress", args=[waiting.pk])).content.decode()
    assert asks not in owner.get(reverse("document-progress", args=[finished.pk])).content.decode()
    assert FieldReading.objects.count() == 1


def test_what_was_deleted_can_be_found_and_brought_back(owner: Client, read: Read) -> None:
    read("351", name="kept.png")
    gone = read("4711", name="gone.png")
    gone.hide()
    assert names(owner) == ["kept.png"]
    assert names(owner, state="deleted") == ["gone.png"]
    assert names(owner, state="deleted", q="4711") == ["gone.png"]
    text = owner.get(URL, {"state": "deleted"}).content.decode()
    assert "Bring gone.png back" in text
    assert reverse("document", args=[gone.pk]) + '"' not in text, "its page answers 404"
    owner.post(reverse("document-restore", args=[gone.pk]))
    assert names(owner) == ["gone.png", "kept.png"]
    assert "Nothing is deleted" in owner.get(URL, {"state": "deleted"}).content.decode()


def test_nobody_sees_what_another_deleted(signed_in: Callable[[User], Client], read: Read, bob: User) -> None:
    gone = read("351")
    gone.hide()
    stranger = signed_in(bob)
    assert names(stranger, state="deleted") == []
    assert stranger.post(reverse("document-restore", args=[gone.pk])).status_code == 404
