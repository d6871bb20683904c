"""A document's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.views.documents import BEING_READ
from recognition.models import Document
from tests.fixtures_html import on_one_line

Read = Callable[..., Document]


def show(client: Client, document: Document, query: str = "") -> str:
    return on_one_line(client.get(reverse("document", args=[document.pk]) + query).content.decode())


def failed(document: Document, *, can_try_again: bool = True) -> Document:
    claimed = Document.claim(document.pk)
    assert claimed is not None
    claimed.fail("The picture is too blurred.", can_try_again=can_try_again)
    return claimed


def test_each_digit_has_its_box_its_confidence_and_its_runners_up(owner: Client, read: Read) -> None:
    text = show(owner, read("351", "77"))
    assert text.count('<rect class="box"') == 5
    assert text.count('class="cut"') == 5
    assert "99.9 %" in text
    assert "2 numbers" in text


def test_doubt_is_a_word_and_a_shape_too(owner: Client, read: Read) -> None:
    text = show(owner, read("7", sure=False))
    assert "Needs a look" in text
    assert "▲" in text
    assert "in doubt" in text


def test_the_page_says_what_sure_means(owner: Client, read: Read) -> None:
    assert "Your administrators chose how probable it has to be" in show(owner, read("7"))


def test_a_page_without_numbers_says_what_may_help(owner: Client, read: Read) -> None:
    assert "No number was found on this page" in show(owner, read())


def test_pages_are_shown_one_at_a_time(owner: Client, read: Read) -> None:
    document = read("351", pages=3)
    text = show(owner, document, "?page=2")
    assert reverse("page-image", args=[document.pk, 2]) in text
    assert reverse("page-image", args=[document.pk, 1]) not in text


@pytest.mark.parametrize("page", ["0", "4", "x", "-1"])
def test_a_page_that_is_not_there_is_404(page: str, owner: Client, read: Read) -> None:
    assert owner.get(reverse("document", args=[read("351", pages=3).pk]), {"page": page}).status_code == 404


def test_newer_and_older_are_the_neighbours_in_the_history(owner: Client, read: Read) -> None:
    old, middle, new = read("1"), read("2"), read("3")
    context = owner.get(reverse("document", args=[middle.pk])).context
    assert (context["newer"], context["older"]) == (new, old)
    assert owner.get(reverse("document", args=[new.pk])).context["newer"] is None


def test_unfinished_page_asks_until_it_is_told_to_reload(
    owner: Client, upload: Callable[..., Document], read: Read
) -> None:
    waiting = upload()
    assert reverse("document-progress", args=[waiting.pk]) + "?on=page" in show(owner, waiting)
    asked = owner.get(reverse("document-progress", args=[waiting.pk]), {"on": "page"})
    assert "Waiting for a reader" in asked.content.decode()
    answer = owner.get(reverse("document-progress", args=[read("351").pk]), {"on": "page"})
    assert answer["HX-Refresh"] == "true"


def test_failure_says_why_and_can_be_tried_again(owner: Client, upload: Callable[..., Document]) -> None:
    document = failed(upload())
    text = show(owner, document)
    assert "The picture is too blurred." in text
    assert "Try again" in text
    owner.post(reverse("document-again", args=[document.pk]))
    assert Document.objects.get().state == Document.State.QUEUED


def test_a_file_that_would_fail_again_offers_no_second_try(owner: Client, upload: Callable[..., Document]) -> None:
    document = failed(upload(), can_try_again=False)
    assert "The picture is too blurred." in show(owner, document)
    assert "Try again" not in show(owner, document)
    assert "read it as something else" not in show(owner, document)
    assert "Try again" not in owner.get(reverse("history")).content.decode()
    owner.post(reverse("document-again", args=[document.pk]))
    assert Document.objects.get().state == Document.State.FAILED


def test_trying_again_what_was_read_changes_nothing(owner: Client, read: Read) -> None:
    document = read("351")
    answer = owner.post(reverse("document-again", args=[document.pk]), follow=True)
    assert "There is nothing to try again" in answer.content.decode(), "it is told, not passed over"
    assert Document.objects.get().state == Document.State.READ


def test_whoever_tries_again_twice_is_told_that_it_is_being_read(
    owner: Client, upload: Callable[..., Document]
) -> None:
    document = failed(upload())
    owner.post(reverse("document-again", args=[document.pk]))
    answer = owner.post(reverse("document-again", args=[document.pk]), follow=True)
    assert BEING_READ in answer.content.decode()
    assert Document.objects.get().state == Document.State.QUEUED


def test_no_query_in_a_loop(owner: Client, read: Read, django_assert_max_num_queries: Callable[..., object]) -> None:
    document = read(*["351"] * 12)
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        show(owner, document)
