"""What a branch gives to its people and its documents: its clock, its currency, and the choice among several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Branch, Membership
from accounts.roles import Role
from recognition.models import Document, FieldReading
from tests.fixtures_branches import Join
from tests.fixtures_fields import field_of

pytestmark = pytest.mark.django_db


def test_times_are_told_by_the_branchs_clock(join: Join, branch: Branch, read: Callable[..., Document]) -> None:
    Branch.objects.filter(pk=branch.pk).update(time_zone="Asia/Kolkata")
    clerk = join(Role.CLERK)
    document = read("351", branch_id=branch.pk, uploaded_by=clerk)
    Document.objects.filter(pk=document.pk).update(created_at="2026-01-31T20:00Z")
    client = Client()
    client.force_login(clerk)
    assert "1 February 2026, 01:30" in client.get(reverse("document", args=[document.pk])).content.decode()


def test_amounts_without_a_currency_get_that_of_the_branch(
    branch: Branch, read_pages: Callable[..., Document], cheque_page: Callable[..., Any]
) -> None:
    Branch.objects.filter(pk=branch.pk).update(currency="INR")
    page = cheque_page(field_of("amount", "amount", "12.00"), field_of("number", "digits", "77"))
    document = read_pages(page, branch_id=branch.pk)
    found = FieldReading.objects.filter(page__document=document).values_list("field", "currency")
    assert dict(found) == {"amount": "INR", "number": ""}


def test_who_works_in_two_branches_chooses_where_a_scan_belongs(
    join: Join, branch: Branch, elsewhere: Branch, honest_files: dict[str, bytes]
) -> None:
    clerk = join(Role.CLERK)
    Membership.give(clerk, Role.CLERK, elsewhere)
    client = Client()
    client.force_login(clerk)
    assert "Mumbai (MUM-01)" in client.get(reverse("upload")).content.decode()
    for chosen in (elsewhere, branch):
        file = SimpleUploadedFile("a.png", honest_files[".png"])
        client.post(reverse("upload"), {"files": file, "branch": chosen.pk}, headers={"HX-Request": "true"})
    assert list(Document.objects.order_by("created_at").values_list("branch", flat=True)) == [elsewhere.pk, branch.pk]
