"""The error rate that an administrator chooses, and what the page says of each."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ml.reading.operating_points import OperatingPoint, shipped_card, shipped_operating_points
from portal.views.error_rates import in_words, points
from recognition.models import ErrorRate
from tests.fixtures_html import on_one_line

URL = "/error-rate/"


@pytest.fixture
def admin(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


def test_the_page_says_what_each_rate_costs_and_whether_it_is_proved(admin: Client) -> None:
    page = on_one_line(admin.get(URL).content.decode())
    for offer in shipped_operating_points(with_second=True):
        assert f"{in_words(offer.error_rate)}</strong>" in page
        assert f"{offer.passed:,} of {offer.values:,} checked values, {offer.wrong} of them wrong" in page
        if not offer.proved:
            assert f"about {offer.more_needed:,} more checked values needed" in page
    assert page.count("<circle") == len(shipped_operating_points(with_second=True))
    assert f"hold for {shipped_card()['strips_do_for']} as well" in page
    assert "None yet: 1 in 100 is what Countersign comes with." in page


def test_a_choice_holds_from_then_on_and_stays_on_record(admin: Client, dana: User) -> None:
    assert ErrorRate.current() == 0.01
    answer = admin.post(URL, {"rate": "0.002"}, follow=True)
    assert "From now on 1 in 500 of what passes may be wrong." in answer.content.decode()
    assert ErrorRate.current() == 0.002
    admin.post(URL, {"rate": "0.05"})
    admin.post(URL, {"rate": "0.05"})
    assert list(ErrorRate.objects.values_list("rate", "chosen_by")) == [(0.05, dana.pk), (0.002, dana.pk)]
    page = on_one_line(admin.get(URL).content.decode())
    assert page.index("<strong>1 in 20</strong>,") < page.index("<strong>1 in 500</strong>,")
    assert 'value="0.05" checked' in page


def test_without_the_second_reader_the_page_shows_what_ours_let_pass(admin: Client, settings: Any) -> None:
    settings.SECOND_READER = False
    page = on_one_line(admin.get(URL).content.decode())
    assert "The second reader is not installed" in page
    offer = shipped_operating_points(with_second=False)[-1]
    assert f"{offer.passed:,} of {offer.values:,} checked values" in page


@pytest.mark.parametrize("rate", ["", "0.3", "x", "-1"])
def test_a_rate_that_is_not_offered_is_refused(admin: Client, rate: str) -> None:
    answer = admin.post(URL, {"rate": rate})
    assert answer.status_code == 422
    assert "error rate" in answer.content.decode().split('role="alert">')[1].split("<")[0]
    assert not ErrorRate.objects.exists()


def test_people_who_are_no_administrators_neither_see_nor_choose(client: Client, alice: User) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(alice)
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"rate": "0.05"}).status_code == 403
    assert not ErrorRate.objects.exists()
    assert reverse("error-rate") not in client.get("/history/").content.decode()


def test_a_choice_outlives_who_made_it(dana: User) -> None:
    ErrorRate.objects.create(rate=0.02, chosen_by=dana)
    User.objects.filter(pk=dana.pk).delete()
    assert ErrorRate.current() == 0.02


def test_the_curve_rises_with_the_share_that_passes_and_keeps_within_its_frame() -> None:
    offers = tuple(
        OperatingPoint(rate, 0.9, 100, passed, 0, 0.03, 1) for rate, passed in ((0.001, 10), (0.01, 60), (0.05, 100))
    )
    drawn = points(offers)
    assert [point.x for point in drawn] == sorted(point.x for point in drawn)
    assert [point.y for point in drawn] == sorted((point.y for point in drawn), reverse=True)
    for point in drawn:
        assert 0 <= point.high <= point.y <= point.low <= 280
