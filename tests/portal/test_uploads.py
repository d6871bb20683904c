"""Files come in: kept, or refused with a reason, each for itself."""

from __future__ import annotations

import hashlib
import io
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ml.reading.files import box, inspect
from ml.reading.files.box import LATE
from ml.reading.files.line import Line
from ml.reading.forms.layout_json import shipped_layouts
from portal.uploads import LOST
from recognition.models import Document
from tests.fixtures_html import on_one_line

URL = "/upload/"
HTMX = {"HX-Request": "true"}


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def png(honest_files: dict[str, bytes]) -> bytes:
    return honest_files[".png"]


def test_good_file_is_kept_byte_for_byte_and_queued(owner: Client, png: bytes) -> None:
    answer = owner.post(URL, {"files": file("a.png", png)}, headers=HTMX)
    document = Document.objects.get()
    assert answer.status_code == 200
    assert document.state == Document.State.QUEUED
    assert document.original.open("rb").read() == png
    assert document.sha256 == hashlib.sha256(png).hexdigest()
    assert reverse("document-progress", args=[document.pk]) in answer.content.decode()


def test_message_is_sent_after_the_commit(
    owner: Client, png: bytes, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        owner.post(URL, {"files": file("a.png", png)})
        assert Document.objects.get().sent_at is None
    assert Document.objects.get().sent_at is not None


def test_bad_file_is_refused_in_a_sentence_and_nothing_kept(owner: Client) -> None:
    answer = owner.post(URL, {"files": file("a.png", b"Invoice no. 4711\n")}, headers=HTMX)
    assert answer.status_code == 422
    assert "This is a text file, not a scan." in answer.content.decode()
    assert not Document.objects.exists()


def test_empty_file_has_a_reason_of_its_own(owner: Client) -> None:
    answer = owner.post(URL, {"files": file("a.png", b"")}, headers=HTMX)
    assert "This file is empty." in answer.content.decode()


def test_refused_files_stop_no_other(owner: Client, honest_files: dict[str, bytes]) -> None:
    files = [
        file("bad.png", b"text"),
        file("good.pdf", honest_files[".pdf"]),
        file("x.png", b""),
        file("b.tif", honest_files[".tif"]),
    ]
    answer = owner.post(URL, {"files": files})
    assert answer.status_code == 200
    assert sorted(Document.objects.values_list("name", "page_count")) == [("b.tif", 3), ("good.pdf", 1)]
    text = on_one_line(answer.content.decode())
    assert "This is a text file" in text
    assert "This file is empty." in text


def test_a_header_that_was_not_read_in_time_refuses_its_file_for_now_alone(
    owner: Client, honest_files: dict[str, bytes], png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect, "_for_header", lambda limits: replace(limits, seconds=0))  # no time by the clock
    files = [file("late.pdf", honest_files[".pdf"]), file("good.png", png)]
    answer = owner.post(URL, {"files": files}, headers=HTMX)
    text = on_one_line(answer.content.decode())
    assert answer.status_code == 200
    assert [document.name for document in Document.objects.all()] == ["good.png"]
    assert LATE in text
    assert text.count("data-later") == 1


@pytest.fixture
def no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each box is gone before it answers, as where the system kills it for want of memory."""

    def begin(*_asked: object) -> Line:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        theirs.close()
        return Line(ours)

    monkeypatch.setattr(box._Server, "begin", begin)


@pytest.mark.usefixtures("no_boxes")
def test_a_file_whose_box_was_killed_is_refused_for_now_and_stops_no_other(
    owner: Client, honest_files: dict[str, bytes], png: bytes
) -> None:
    files = [file("lost.pdf", honest_files[".pdf"]), file("good.png", png)]
    answer = owner.post(URL, {"files": files}, headers=HTMX)
    text = on_one_line(answer.content.decode())
    assert answer.status_code == 200
    assert [document.name for document in Document.objects.all()] == ["good.png"]
    assert LOST in text
    assert text.count("data-later") == 1


@pytest.mark.usefixtures("no_boxes")
def test_a_sample_whose_box_was_killed_is_refused_in_a_sentence(owner: Client, honest_files: dict[str, bytes]) -> None:
    answer = owner.post(reverse("layout-new"), {"sample": file("lost.pdf", honest_files[".pdf"])})
    assert answer.status_code == 422
    assert LOST in on_one_line(answer.content.decode())


def test_file_over_the_limit_is_refused_unread(owner: Client, png: bytes, settings: object) -> None:
    settings.MAX_UPLOAD_BYTES = 100  # type: ignore[attr-defined]
    answer = owner.post(URL, {"files": file("a.png", png)}, headers=HTMX)
    assert answer.status_code == 422
    assert "at most 0 MB are read" in answer.content.decode()


@pytest.mark.parametrize(
    ("posted", "layout"),
    [
        ({}, "auto"),
        ({"layout": "any"}, "any"),
        ({"layout": "cheque-us"}, "cheque-us"),
        ({"one_number": "on"}, "one-number"),  # as programs said it before there were layouts
        ({"layout": "postal-code", "one_number": "on"}, "postal-code"),
    ],
)
def test_what_the_pictures_are_holds_for_each_of_them(
    posted: dict[str, str], layout: str, owner: Client, png: bytes
) -> None:
    owner.post(URL, {"files": [file("a.png", png), file("b.png", png)], **posted})
    assert list(Document.objects.values_list("layout", flat=True)) == [layout, layout]


def test_what_is_no_layout_is_refused_and_nothing_kept(owner: Client, png: bytes) -> None:
    answer = owner.post(URL, {"files": file("a.png", png), "layout": "no-such-layout"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Choose one of the kinds in the list." in answer.content.decode()
    assert not Document.objects.exists()


def test_every_layout_can_be_chosen_by_its_title(owner: Client) -> None:
    text = on_one_line(owner.get(URL).content.decode())
    assert '<option value="auto">Find out what it is</option>' in text or '<option value="auto" selected>' in text
    for layout in shipped_layouts():
        assert f'<option value="{layout.name}">{layout.title}</option>' in text
    assert 'aria-describedby="id_layout_helptext"' in text
    assert 'id="id_layout_helptext"' in text


def test_the_documents_page_says_what_was_chosen(owner: Client, png: bytes) -> None:
    owner.post(URL, {"files": file("a.png", png), "layout": "cheque-us"})
    text = on_one_line(owner.get(reverse("document", args=[Document.objects.get().pk])).content.decode())
    assert "read as “US personal cheque”" in text


def test_nothing_chosen_is_said(owner: Client) -> None:
    answer = owner.post(URL, {})
    assert answer.status_code == 422
    assert "Choose at least one file." in answer.content.decode()


def test_file_name_is_shown_as_text(owner: Client, png: bytes) -> None:
    answer = owner.post(URL, {"files": file("<img src=x onerror=alert(1)>.png", png)}, headers=HTMX)
    assert "<img src=x" not in answer.content.decode()


def named(name: str, data: bytes) -> io.BytesIO:
    """A file as a program sends it, with any name: Django's own kind would shorten it here."""
    sent = io.BytesIO(data)
    sent.name = name  # type: ignore[misc]
    return sent


@pytest.mark.parametrize("length", [300, 1_100, 15_000])
def test_a_long_file_name_is_shortened_and_refuses_no_other_file(owner: Client, png: bytes, length: int) -> None:
    answer = owner.post(URL, {"files": [named("ü" * (length // 2) + ".png", png), file("b.png", png)]}, headers=HTMX)
    assert answer.status_code == 200
    long, other = sorted(Document.objects.values_list("name", flat=True), reverse=True)
    assert other == "b.png"
    assert len(long) <= 255
    assert long.endswith("ü.png")


def test_a_file_name_beyond_all_measure_is_told_in_words(owner: Client, png: bytes) -> None:
    answer = owner.post(URL, {"files": named("x" * 20_000 + ".png", png)})
    assert answer.status_code == 400
    assert "a file has a name of more than 16,000 characters" in on_one_line(answer.content.decode())


def test_page_tells_the_limits_and_works_without_a_script(owner: Client) -> None:
    text = on_one_line(owner.get(URL).content.decode())
    assert "At most 25 MB a file, 80 million pixels a page, 50 pages." in text
    assert 'enctype="multipart/form-data"' in text
    assert "multiple" in text


def test_body_beyond_the_limit_is_413_in_our_design(owner: Client, png: bytes, settings: object) -> None:
    settings.MAX_REQUEST_BYTES = 50  # type: ignore[attr-defined]
    answer = owner.post(URL, {"files": file("a.png", png)})
    assert answer.status_code == 413
    assert "That was too much at once" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_guests_large_body_is_not_read(client: Client) -> None:
    large = SimpleUploadedFile("a.png", bytes(5 * 1024 * 1024))
    for address in ("/drawings/", "/accounts/login/", URL):
        answer = client.post(address, {"image": large})
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")
        large.seek(0)


def test_too_many_files_are_413(owner: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2  # type: ignore[attr-defined]
    answer = owner.post(URL, {"files": [file(f"{n}.png", b"x") for n in range(3)]})
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_405(owner: Client, method: str) -> None:
    assert getattr(owner, method)(URL).status_code == 405
