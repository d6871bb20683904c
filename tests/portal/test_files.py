"""Images and originals as they are sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.keyring import Keyring
from recognition.models import Document
from recognition.sealed_storage import KEY_AWAY

KEYS = Keyring({"2026": bytes(32)})


def test_original_is_saved_byte_for_byte_and_never_shown(owner: Client, read: Callable[..., Document]) -> None:
    document = read("351", name="häßlich.png")
    answer: Any = owner.get(reverse("document-original", args=[document.pk]))
    assert b"".join(answer.streaming_content) == document.original.open("rb").read()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["page-image", "page-thumbnail"])
def test_images_are_private_and_known_again(name: str, owner: Client, read: Callable[..., Document]) -> None:
    address = reverse(name, args=[read("351").pk, 1])
    answer = owner.get(address)
    assert Image.open(io.BytesIO(answer.getvalue())).format == "JPEG"
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert owner.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_thumbnail_is_small(owner: Client, read: Callable[..., Document]) -> None:
    answer = owner.get(reverse("page-thumbnail", args=[read("351").pk, 1]))
    assert max(Image.open(io.BytesIO(answer.content)).size) <= 192


def test_known_image_is_still_404_to_others(client: Client, owner: Client, read: Callable[..., Document]) -> None:
    address = reverse("page-image", args=[read("351").pk, 1])
    etag = owner.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_a_page_that_is_not_there_is_404(owner: Client, read: Callable[..., Document]) -> None:
    assert owner.get(reverse("page-image", args=[read("351").pk, 2])).status_code == 404


@pytest.mark.parametrize("name", ["document-original", "page-image", "page-thumbnail"])
@pytest.mark.parametrize("ring", [Keyring({}), Keyring({"2026": bytes([1]) * 32})])
def test_a_file_whose_key_is_away_is_told_in_a_sentence_and_in_the_log(
    owner: Client,
    read: Callable[..., Document],
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    name: str,
    ring: Keyring,
) -> None:
    settings.ENCRYPTION_KEYS = KEYS
    document = read("351")
    settings.ENCRYPTION_KEYS = ring
    owner.raise_request_exception = False
    answer = owner.get(reverse(name, args=[document.pk, *([] if name == "document-original" else [1])]))
    assert (answer.status_code, KEY_AWAY in answer.content.decode()) == (409, True)
    assert "CannotOpen" in caplog.text
    settings.ENCRYPTION_KEYS = KEYS
    assert owner.get(reverse("document-original", args=[document.pk])).status_code == 200
