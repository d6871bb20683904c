"""Layouts that are duplicated, exported and imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ml.reading.forms.layout_json import layout_as_json, shipped_layouts
from portal.layout_forms import DEFINITION_BYTES
from recognition.models import Layout
from tests.fixtures_layouts import Teach, address, offered, send, slip_fields
from tests.fixtures_people import home_of
from tests.fixtures_tables import table_field

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def json_file(told: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("form.json", told if isinstance(told, bytes) else json.dumps(told).encode())


@pytest.mark.parametrize("shipped", shipped_layouts(), ids=lambda layout: layout.name)
def test_a_shipped_layout_is_duplicated_with_all_that_it_has(owner: Client, alice: User, shipped: Any) -> None:
    owner.post(reverse("layout-duplicate", args=[shipped.name]))
    layout = Layout.objects.get()
    assert (layout.made_by, layout.sample_state) == (alice, "none")
    assert layout.title == f"{shipped.title}, copy"
    copy = layout.taught()
    assert (copy.fields, copy.micr, copy.size) == (shipped.fields, shipped.micr, shipped.size)
    assert owner.get(address("layout", layout)).status_code == 200


def test_an_own_layout_is_duplicated_with_its_sample(teach: Teach, owner: Client) -> None:
    layout = teach()
    send(owner, "layout-duplicate", layout)
    copy = Layout.objects.exclude(pk=layout.pk).get()
    assert (copy.draft["fields"], copy.sample_state) == (slip_fields(), "waiting")
    assert copy.original.open("rb").read() == layout.original.open("rb").read()
    assert copy.original.name != layout.original.name


def test_an_offered_layout_is_duplicated_without_its_sample(teach: Teach, bob: User, signed_in: SignedIn) -> None:
    send(signed_in(bob), "layout-duplicate", offered(teach()))
    copy = Layout.objects.get(made_by=bob)
    assert (copy.draft["fields"], copy.sample_state, copy.original.name) == (slip_fields(), "none", "")
    assert not copy.offered


def test_a_title_stays_short_however_often_it_is_duplicated(teach: Teach, owner: Client) -> None:
    send(owner, "layout-duplicate", teach(title="t" * 80, sample=False))
    assert {len(layout.title) for layout in Layout.objects.all()} == {80}


def test_an_exported_layout_is_imported_with_the_same_fields(teach: Teach, owner: Client) -> None:
    layout = teach()
    export = send(owner, "layout-export", layout)
    assert export["Content-Disposition"] == f'attachment; filename="{layout.name}.json"'
    owner.post(reverse("layout-new"), {"definition": json_file(export.content)})
    again = Layout.objects.exclude(pk=layout.pk).get()
    assert again.title == "Deposit slip"
    assert again.name != layout.name
    assert layout.newest is not None
    assert again.taught().fields == layout.newest.taught.fields
    assert again.draft["landmarks"] == layout.newest.definition["landmarks"]


def test_the_title_that_is_typed_goes_before_that_of_the_file(owner: Client) -> None:
    told = layout_as_json(shipped_layouts()[0])
    owner.post(reverse("layout-new"), {"title": "Mine", "definition": json_file(told)})
    owner.post(reverse("layout-new"), {"definition": json_file({**told, "title": "t" * 300})})
    owner.post(reverse("layout-new"), {"definition": json_file({**told, "title": ["odd"]})})
    assert {layout.title[:20] for layout in Layout.objects.all()} == {"Mine", "t" * 20, "['odd']"}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (b"PK\x03\x04", "This is no JSON."),
        (b"[" * 100_000, "This is no JSON."),
        (b'{"name": "a", "title": "\\u0000", "fields": []}', "null character"),
        (b"[]", "This is no layout"),
        ({"name": "a"}, "is missing"),
        ({"name": "a", "fields": slip_fields() * 2}, "Two fields have the same name."),
        ({"name": "a", "fields": [], "size_mm": [9, 9], "micr": {"pattern": "(", "anchor": "⑆", "at_mm": [1, 1]}},
         "no regular expression"),
        (b" " * (DEFINITION_BYTES + 1), "too large for a layout"),
    ],
)  # fmt: skip
def test_a_bad_file_is_not_imported_and_says_why(told: Any, why: str, owner: Client) -> None:
    answer = owner.post(reverse("layout-new"), {"title": "Slip", "definition": json_file(told)})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Layout.objects.exists()


def test_a_table_comes_back_as_it_was_exported(owner: Client, alice: User) -> None:
    layout = Layout.begin(home_of(alice), alice, "Mark sheet", {"fields": [table_field(3)]})
    layout.save_version()
    exported = owner.get(address("layout-export", layout)).content
    owner.post(reverse("layout-new"), {"title": "Again", "definition": json_file(exported)})
    again = Layout.objects.get(title="Again")
    assert again.draft["fields"] == [table_field(3)]
    assert again.taught().fields == layout.taught().fields
