"""Taught layouts as rows: names, drafts, versions, and who may read with them."""

from __future__ import annotations

import copy
import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from ml.reading.elements import Place
from ml.reading.errors import BadLayout
from ml.reading.forms.landmarks import Landmarks
from ml.reading.forms.layout_json import shipped_layouts
from recognition.layouts import forms, layout_for, layouts_for, title_of
from recognition.models import Document, Layout, LayoutVersion, StoredFile
from recognition.models.layout import Outdated
from tests.fixtures_layouts import Teach, slip_fields
from tests.fixtures_people import home_of

pytestmark = pytest.mark.django_db

SHIPPED = [layout.name for layout in shipped_layouts()]


def broken(layout: Layout) -> None:
    """As if a release had changed what a layout's JSON says."""
    LayoutVersion.objects.filter(layout=layout).update(definition={"told": "otherwise"})


def inside(found: Landmarks | None, place: Place) -> int:
    """How many landmarks stand in a place."""
    assert found is not None
    within = (found.points > (place.left, place.top)) & (found.points < (place.right, place.bottom))
    return int(within.all(axis=1).sum())


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Deposit slip", "deposit-slip"),
        ("  2nd Überweisung, no. 7!", "nd-uberweisung-no-7"),
        ("入金票", "form"),
        ("auto", "auto"),
        ("snake_case__form", "snake-case-form"),
        ("x" * 80, "x" * 50),
        ("a" * 49 + " b", "a" * 49),
    ],
)
def test_a_title_makes_a_name_that_reads(alice: User, title: str, stem: str) -> None:
    layout = Layout.begin(home_of(alice), alice, title, {"fields": slip_fields()})
    assert re.fullmatch(rf"{stem}-[a-z2-9]{{8}}", layout.name)
    assert layout.taught().name == layout.name


def test_a_name_tells_nothing_of_other_peoples_layouts(alice: User, bob: User) -> None:
    """Whether the first or the third of that title, a name has the same form, and none is given twice."""
    names = []
    for owner in (alice, bob, alice):
        layout = Layout.begin(home_of(owner), owner, "Slip")
        names.append(layout.name)
        layout.hide()
    assert len(set(names)) == 3
    assert all(re.fullmatch(r"slip-[a-z2-9]{8}", name) for name in names)


def test_a_name_that_documents_bear_is_not_given_to_somebody_elses_layout(
    teach: Teach, bob: User, upload: Callable[..., Document]
) -> None:
    layout = teach(sample=False)
    document = upload(layout=layout.name)
    layout.remove()
    Layout.begin(home_of(bob), bob, "Deposit slip")
    assert title_of(document.layout) == document.layout != Layout.objects.get().name


def test_a_title_that_is_too_long_is_cut(alice: User) -> None:
    assert len(Layout.begin(home_of(alice), alice, "t" * 300).title) == 80


def test_versions_are_numbered_and_what_was_saved_never_changes(teach: Teach) -> None:
    layout = teach(sample=False)
    first = copy.deepcopy(layout.versions.get().definition)
    layout.keep_draft(layout.revision, "Renamed", slip_fields()[:1])
    assert layout.newest is not None
    assert layout.newest.definition == first
    layout.save_version()
    assert [version.number for version in layout.versions.all()] == [2, 1]
    assert layout.versions.get(number=1).definition == first
    newest = layout.newest
    assert newest is not None
    assert (newest.taught.version, newest.taught.title, len(newest.taught.fields)) == (2, "Renamed", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        LayoutVersion.objects.create(layout=layout, number=2, definition={}, revision=1)


@pytest.mark.parametrize(
    ("fields", "why"), [([], "at least one field"), ([{"name": "a"}], "missing"), (slip_fields() * 2, "same name")]
)
def test_what_is_not_finished_is_no_version(alice: User, fields: list[Any], why: str) -> None:
    layout = Layout.begin(home_of(alice), alice, "Slip", {"fields": fields})
    with pytest.raises(BadLayout, match=why):
        layout.save_version()
    assert layout.newest is None


def test_a_version_knows_the_form_by_what_it_prints_where_nobody_writes(teach: Teach) -> None:
    layout = teach()
    assert layout.newest is not None
    everywhere = Landmarks.of(layout.pixels())
    for field in layout.taught().fields:
        assert inside(everywhere, field.place) > 0, "else this shows nothing"
        assert inside(layout.newest.taught.landmarks, field.place) == 0


def test_what_is_printed_is_a_landmark_though_it_is_a_field(teach: Teach) -> None:
    layout = teach(saved=False)
    printed = {"name": "bank", "kind": "show", "place": [0.1, 0.02, 0.9, 0.25], "printed": True}
    layout.keep_draft(layout.revision, layout.title, [*slip_fields(), printed])
    found = layout.save_version().taught.landmarks
    assert found is not None
    assert (found.points[:, 1] < 0.25).any()


def test_a_sample_that_prints_nothing_leaves_the_form_unknown(
    alice: User, as_file: Callable[..., bytes], teach: Teach
) -> None:
    layout = teach(saved=False, sample=False)
    white = np.full((600, 900, 3), 250, np.uint8)
    layout.take_sample("sample", as_file(white))
    layout.keep_sheet(as_file(white, "JPEG"))
    assert layout.save_version().taught.landmarks is None


def test_landmarks_that_came_with_an_import_stay_without_a_sample(teach: Teach, alice: User) -> None:
    newest = teach().newest
    assert newest is not None
    draft = {"fields": newest.definition["fields"], "landmarks": newest.definition["landmarks"]}
    again = Layout.begin(home_of(alice), alice, "Imported", json.loads(json.dumps(draft))).save_version()
    assert again.definition["landmarks"] == newest.definition["landmarks"]


def test_only_one_of_two_windows_changes_a_draft_and_nothing_is_lost(teach: Teach) -> None:
    layout = teach(sample=False)
    here, there = Layout.objects.get(pk=layout.pk), Layout.objects.get(pk=layout.pk)
    here.keep_draft(1, "Here", slip_fields()[:1])
    with pytest.raises(Outdated):
        there.keep_draft(1, "There", [])
    layout.refresh_from_db()
    assert (layout.title, layout.revision, layout.draft["fields"]) == ("Here", 2, slip_fields()[:1])


def test_a_draft_keeps_what_is_not_finished_and_says_what_is_missing(teach: Teach) -> None:
    layout = teach(sample=False, saved=False)
    assert layout.problem == ""
    layout.keep_draft(1, layout.title, [{"name": "half"}])
    assert layout.draft["fields"] == [{"name": "half"}]
    assert layout.problem


def test_a_new_sample_leaves_a_draft_that_changed_meanwhile_alone(teach: Teach, as_file: Callable[..., bytes]) -> None:
    layout = teach()
    files = StoredFile.objects.count()
    stale = Layout.objects.get(pk=layout.pk)
    layout.keep_draft(layout.revision, "Changed meanwhile", [])
    stale.take_sample("sample", as_file(np.full((40, 40, 3), 250, np.uint8)))
    layout.refresh_from_db()
    assert (layout.title, layout.draft["fields"], layout.sample_state) == ("Changed meanwhile", [], "waiting")
    assert StoredFile.objects.count() == files - 1, "the former sample and its sheet are gone"


def test_a_sheet_of_a_sample_that_was_replaced_is_not_kept(teach: Teach, as_file: Callable[..., bytes]) -> None:
    layout = teach()
    grey = as_file(np.full((40, 40, 3), 250, np.uint8))
    layout.take_sample("sample", grey)
    behind = Layout.objects.get(pk=layout.pk)
    layout.take_sample("sample", grey)
    behind.keep_sheet(grey)
    behind.fail_sample("It was too dark.")
    layout.refresh_from_db()
    assert (layout.sample_state, layout.sample.name, layout.reason) == ("waiting", "", "")


def test_a_reading_of_an_older_draft_or_another_sample_changes_nothing(teach: Teach) -> None:
    layout = teach()
    layout.record(3, [{"value": "new"}])
    layout.record(2, [{"value": "old"}])
    other = Layout.objects.get(pk=layout.pk)
    other.sample.name = "layouts/another"
    other.record(9, [{"value": "of another sample"}])
    layout.refresh_from_db()
    assert (layout.read_revision, layout.readings) == (3, [{"value": "new"}])


def test_a_lost_message_is_asked_for_again_after_a_while_by_one_alone(teach: Teach) -> None:
    layout = teach()
    assert not layout.should_ask_again()
    Layout.objects.update(asked_at=timezone.now() - timedelta(seconds=7))
    assert [layout.should_ask_again(), layout.should_ask_again()] == [True, False]


def test_one_can_go_on_from_an_earlier_version(teach: Teach) -> None:
    layout = teach()
    first = layout.versions.get()
    stale = Layout.objects.get(pk=layout.pk)
    layout.keep_draft(layout.revision, "Renamed", [])
    stale.go_back_to(first)
    layout.refresh_from_db()
    assert layout.draft["fields"] == slip_fields()
    assert layout.revision == 3, "counted on from the draft that it replaces, so that other windows learn of it"
    assert layout.title == "Renamed"
    assert layout.save_version().number == 2


def test_own_and_offered_layouts_read_before_the_shipped_by_title(teach: Teach, alice: User, bob: User) -> None:
    second = teach(title="Second", sample=False).name
    first = teach(title="First", sample=False).name
    teach(title="Draft only", sample=False, saved=False)
    theirs = teach(owner=bob, title="Bob's", sample=False)
    assert [layout.name for layout in layouts_for([home_of(alice)])] == [first, second, *SHIPPED]
    assert [layout.name for layout in layouts_for([home_of(bob)])] == [theirs.name, *SHIPPED]
    Layout.objects.filter(pk=theirs.pk).update(offered=True)
    assert [layout.name for layout in layouts_for([home_of(alice)])] == [theirs.name, first, second, *SHIPPED]
    assert list(forms([home_of(alice)])) == [theirs.name, first, second, *SHIPPED]
    assert list(forms()) == [theirs.name, *SHIPPED], "whoever has none of their own"


def test_the_newest_version_reads(teach: Teach, alice: User) -> None:
    layout = teach(sample=False)
    layout.keep_draft(1, layout.title, slip_fields()[:1])
    layout.save_version()
    chosen = layout_for([home_of(alice)], layout.name)
    assert chosen is not None
    assert (chosen.version, len(chosen.fields)) == (2, 1)
    assert (layouts_for([home_of(alice)])[0].name, layouts_for([home_of(alice)])[0].version) == (layout.name, 2)


def test_a_layout_is_there_for_its_owner_alone_until_it_is_offered(
    teach: Teach, alice: User, bob: User, dana: User
) -> None:
    layout = teach(sample=False)
    assert layout_for([home_of(alice)], layout.name) is not None
    assert [layout_for(branches, layout.name) for branches in ([home_of(bob)], [home_of(dana)], [])] == [None] * 3
    Layout.objects.update(offered=True)
    assert layout_for([home_of(bob)], layout.name) is not None
    layout.hide()
    assert [layout_for([home_of(person)], layout.name) for person in (alice, bob)] == [None, None]
    layout.restore()
    assert layout_for([home_of(alice)], layout.name) is not None


def test_many_layouts_cost_no_more_queries(
    teach: Teach, alice: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(4):
        teach(title=f"Slip {number}", sample=False)
    home = home_of(alice)
    with django_assert_num_queries(2):
        assert len(layouts_for([home])) == 4 + len(SHIPPED)


def test_a_layout_of_another_time_stops_no_other(
    teach: Teach, alice: User, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    sound = teach(title="Sound", sample=False)
    old = teach(title="Old", sample=False)
    offered = teach(owner=bob, title="Offered and old", sample=False)
    Layout.objects.filter(pk=offered.pk).update(offered=True)
    broken(old)
    broken(offered)
    with caplog.at_level(logging.WARNING):
        assert [layout.name for layout in layouts_for([home_of(alice)])] == [sound.name, *SHIPPED]
    assert all(str(row.pk) in caplog.text for row in (old, offered))
    assert layout_for([home_of(alice)], old.name) is None
    assert layout_for([home_of(alice)], sound.name) is not None


def test_a_layout_is_called_by_its_title_until_it_is_removed(teach: Teach) -> None:
    layout = teach(sample=False)
    assert title_of(layout.name) == "Deposit slip"
    layout.hide()
    assert title_of(layout.name) == layout.name


def test_what_is_removed_for_good_goes_with_its_files(teach: Teach) -> None:
    layout = teach()
    assert StoredFile.objects.count() == 2
    layout.remove()
    assert (StoredFile.objects.count(), Layout.everything.count(), LayoutVersion.objects.count()) == (0, 0, 0)
