"""The error rate that an administrator chooses, and what the page says of each."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ml.reading.operating_points import OperatingPoint, shipped_operating_points
from portal.views.error_rates import PLACES, Cost, choices_of, points
from recognition.models import ErrorRate
from tests.fixtures_html import on_one_line

URL = "/error-rate/"


@pytest.fixture
def admin(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


def test_the_page_says_what_each_rate_costs_in_each_place_and_whether_it_is_proved(admin: Client) -> None:
    page = on_one_line(admin.get(URL).content.decode())
    offers = shipped_operating_points(with_second=True)
    for choice in choices_of(offers, ErrorRate.current()):
        assert f"{choice.words}</strong>" in page
        for cost in choice.costs:
            assert f"<strong>{cost.pass_:,}</strong> of 1,000 pass" in page
            if choice.is_current and not cost.proved:
                assert f"To prove {choice.words}, about {cost.more_needed:,} more checked numbers are needed" in page
    unproved = sum(not cost.proved for choice in choices_of(offers, ErrorRate.current()) for cost in choice.costs)
    assert page.count(">Not yet proved</span>") == unproved
    assert page.count("<svg") - page.count('class="icon"') >= len(PLACES)
    assert page.count("<circle") == sum(len(each) for each in offers.values())
    assert "None yet: 1 in 100 is what Countersign comes with." in page


def test_a_cost_is_told_of_a_thousand_numbers() -> None:
    cost = Cost.of("cell", OperatingPoint(0.01, 0.9, 400, 300, 1, 0.0092, 0))
    assert (cost.place, cost.pass_, cost.ask, cost.wrong) == ("Cells of a table", 750, 250, 7)
    nothing = Cost.of("cell", OperatingPoint(0.001, 1.1, 400, 0, 0, 1.0, 3_000))
    assert (nothing.pass_, nothing.wrong, nothing.proved) == (0, 0, False)


def test_the_page_tells_a_manager_what_the_rate_in_force_means(admin: Client) -> None:
    page = on_one_line(admin.get(URL).content.decode())
    start = page.index("What 1 in 100 means")
    now = page[start : page.index("<form method", start)]
    for place, _ in PLACES.values():
        assert place in now
    assert "surely no more than" in now


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
    offers = shipped_operating_points(with_second=False)
    (*_, last) = choices_of(offers, 0.01)
    assert all(f"<strong>{cost.pass_:,}</strong> of 1,000 pass" in page for cost in last.costs)


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
    dana.leave()
    assert not User.objects.get(pk=dana.pk).is_active
    assert ErrorRate.current() == 0.02


def test_the_curve_rises_with_the_share_that_passes_and_keeps_within_its_frame() -> None:
    offers = tuple(
        OperatingPoint(rate, 0.9, 100, passed, 0, 0.03, 1) for rate, passed in ((0.001, 10), (0.01, 60), (0.05, 100))
    )
    drawn = points(offers)
    assert [point.x for point in drawn] == sorted(point.x for point in drawn)
    assert [point.y for point in drawn] == sorted((point.y for point in drawn), reverse=True)
    for point in drawn:
        assert 0 <= point.high <= point.y <= point.low <= 220
