"""Pages for everybody, and what every page promises."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.templatetags.numbers import doubtful, megabytes, percent, spoken
from recognition.models import Document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "pad"])
def test_anybody_sees_it_and_nobody_posts_to_it(name: str, client: Client, owner: Client) -> None:
    assert client.get(reverse(name)).status_code == 200
    assert owner.get(reverse(name)).status_code == 200
    assert client.post(reverse(name)).status_code == 405


def test_home_offers_the_sample_registration_and_the_pad(client: Client) -> None:
    text = client.get("/").content.decode()
    for address in (reverse("sample"), reverse("account_signup"), reverse("pad")):
        assert address in text


def test_only_people_who_signed_in_are_offered_to_keep_a_drawing(client: Client, owner: Client) -> None:
    assert "Keep it in my history" not in client.get("/pad/").content.decode()
    assert "Keep it in my history" in owner.get("/pad/").content.decode()


def test_pages_hold_nothing_that_the_policy_forbids(owner: Client, read: Callable[..., Document]) -> None:
    document = read("351", sure=False)
    addresses = ["/", "/pad/", "/upload/", "/history/", reverse("document", args=[document.pk]), "/nothing/"]
    for address in addresses:
        answer = owner.get(address)
        text = answer.content.decode()
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), address


@pytest.mark.parametrize(
    ("share", "words"), [(1.0, "100 %"), (0.99999, "99.9 %"), (0.5, "50.0 %"), (0.00001, "<0.1 %"), (0.0, "0.0 %")]
)
def test_percent_rounds_neither_to_certainty_nor_to_nothing(share: float, words: str) -> None:
    assert percent(share) == words


def test_sizes_and_speech() -> None:
    assert [megabytes(n) for n in (10, 20_480, 1_572_864, 26_214_400)] == ["1 kB", "20 kB", "1.5 MB", "25 MB"]
    assert spoken("1?2") == "1, unreadable, 2"


def test_a_digit_is_doubtful_only_where_its_number_needs_a_look() -> None:
    weak, least, strong = ({"digit": 3, "confidence": confidence} for confidence in (0.98, 0.995, 0.999))
    assert not doubtful(weak, {"accepted": True, "digits": [weak, strong]})
    weaker = {"accepted": False, "digits": [weak, least, strong]}
    assert [doubtful(digit, weaker) for digit in weaker["digits"]] == [True, False, False]
    # Where all are sure, the least sure is what a person looks at first.
    assert [doubtful(digit, {"accepted": False, "digits": [least, strong]}) for digit in (least, strong)] == [
        True,
        False,
    ]
    assert doubtful({"digit": None, "confidence": 1.0}, {"accepted": True, "digits": [strong]})
