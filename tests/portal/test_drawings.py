"""The pad and the sample: read for anybody, shown to whoever drew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ml.reading.elements import PageReading
from recognition.models import Drawing
from tests.fixtures_html import on_one_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_rates", "impatient")]


@pytest.fixture
def impatient(settings: object) -> None:
    """Nobody reads in these tests: the page asks again at once."""
    settings.PAD_WAIT_SECONDS = 0.0  # type: ignore[attr-defined]


def draw(client: Client, data: bytes) -> int:
    return client.post("/drawings/", {"image": SimpleUploadedFile("drawing.png", data)}).status_code


def finish(page: PageReading) -> Drawing:
    drawing = Drawing.claim(Drawing.objects.get().pk)
    assert drawing is not None
    drawing.record(page)
    return drawing


def test_unread_drawing_is_202_and_says_where_to_ask(client: Client, honest_files: dict[str, bytes]) -> None:
    answer = client.post("/drawings/", {"image": SimpleUploadedFile("drawing.png", honest_files[".png"])})
    drawing = Drawing.objects.get()
    assert answer.status_code == 202
    assert drawing.one_number
    assert bytes(drawing.image) == honest_files[".png"]
    assert f'data-waiting="{reverse("drawing-result", args=[drawing.pk])}"' in answer.content.decode()


def test_result_shows_value_digits_and_confidence(
    client: Client, honest_files: dict[str, bytes], page_reading: Callable[..., PageReading]
) -> None:
    draw(client, honest_files[".png"])
    drawing = finish(page_reading("351"))
    answer = client.get(reverse("drawing-result", args=[drawing.pk]))
    assert answer.status_code == 200
    assert "<output>351</output>" in answer.content.decode()
    assert "99.9 %" in answer.content.decode()


def test_result_is_404_to_every_other_visitor(
    client: Client, honest_files: dict[str, bytes], signed_in: Callable[[User], Client], dana: User
) -> None:
    draw(client, honest_files[".png"])
    address = reverse("drawing-result", args=[Drawing.objects.get().pk])
    assert Client().get(address).status_code == 404
    assert signed_in(dana).get(address).status_code == 404


def test_failure_is_told_in_words(client: Client, honest_files: dict[str, bytes]) -> None:
    draw(client, honest_files[".png"])
    drawing = Drawing.claim(Drawing.objects.get().pk)
    assert drawing is not None
    drawing.fail("This could not be read.")
    assert "This could not be read." in client.get(reverse("drawing-result", args=[drawing.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_page_waits_for_a_reader_that_is_quick(
    client: Client, honest_files: dict[str, bytes], page_reading: Callable[..., PageReading], settings: object
) -> None:
    settings.PAD_WAIT_SECONDS = 20.0  # type: ignore[attr-defined]

    def read_the_first() -> None:
        until = time.monotonic() + 15
        while not Drawing.objects.exists() and time.monotonic() < until:
            time.sleep(0.01)
        finish(page_reading("4711"))
        connection.close()

    reader = threading.Thread(target=read_the_first)
    reader.start()
    assert draw(client, honest_files[".png"]) == 200
    reader.join()


def test_without_a_script_the_answer_is_a_whole_page(client: Client) -> None:
    address = reverse("drawing-result", args=[_sample(client)])
    assert "Look again" in client.get(address).content.decode()
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()


def _sample(client: Client) -> str:
    client.post("/sample/")
    return str(Drawing.objects.get().pk)


@pytest.mark.parametrize("data", [b"", b"text", b"x" * (3 * 1024 * 1024)])
def test_what_is_no_small_picture_is_refused(client: Client, data: bytes) -> None:
    assert draw(client, data) == 422
    assert not Drawing.objects.exists()


def test_no_picture_at_all_is_refused(client: Client) -> None:
    assert client.post("/drawings/").status_code == 422


def test_sample_is_read_without_an_account_and_its_boxes_drawn(
    client: Client, page_reading: Callable[..., PageReading]
) -> None:
    assert client.post("/sample/").status_code == 202
    drawing = finish(page_reading("351", "77"))
    text = on_one_line(client.get(reverse("drawing-result", args=[drawing.pk])).content.decode())
    assert not drawing.one_number
    assert text.count('<rect class="box"') == 5


@pytest.mark.parametrize("address", ["/sample/", "/drawings/"])
def test_get_is_405(client: Client, address: str) -> None:
    assert client.get(address).status_code == 405


def test_post_to_a_result_is_405(client: Client, honest_files: dict[str, bytes]) -> None:
    draw(client, honest_files[".png"])
    assert client.post(reverse("drawing-result", args=[Drawing.objects.get().pk])).status_code == 405


def test_guests_are_slowed_down(client: Client, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"sample": "2/m/ip"}  # type: ignore[attr-defined]
    assert [client.post("/sample/").status_code for _ in range(3)] == [202, 202, 429]
    answer = client.post("/sample/")
    assert "A little slower, please" in answer.content.decode()
    fragment = client.post("/sample/", headers={"HX-Request": "true"})
    assert fragment.status_code == 429
    assert "<html" not in fragment.content.decode()


def test_people_who_signed_in_have_a_rate_of_their_own(
    owner: Client, client: Client, honest_files: dict[str, bytes], settings: object
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"pad": "1/m/ip", "pad_member": "3/m/user"}  # type: ignore[attr-defined]
    assert [draw(client, honest_files[".png"]) for _ in range(2)] == [202, 429]
    assert [draw(owner, honest_files[".png"]) for _ in range(4)] == [202, 202, 202, 429]
