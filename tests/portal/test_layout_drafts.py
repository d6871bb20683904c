"""The layout editor: what is drawn is kept, nothing is lost to another window, and what is kept becomes versions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from portal.views.layouts import DRAFT_BYTES
from recognition.layouts import layout_for
from recognition.models import Layout
from tests.fixtures_layouts import Teach, slip_fields
from tests.fixtures_people import home_of
from tests.fixtures_tables import table_field

pytestmark = pytest.mark.django_db


def address(name: str, layout: Layout) -> str:
    return reverse(name, args=[layout.pk])


def keep(client: Client, layout: Layout, told: Any) -> Any:
    data = told if isinstance(told, bytes | str) else json.dumps(told)
    return client.post(address("layout-draft", layout), data, content_type="application/json")


def test_the_editor_begins_with_what_was_kept(teach: Teach, owner: Client) -> None:
    state = owner.get(address("layout", teach())).context["state"]
    assert (state["fields"], state["title"], state["sample"]) == (slip_fields(), "Deposit slip", "ready")
    assert (state["saved"], state["problem"]) == (True, "")


def test_a_title_cannot_break_out_of_the_editor(teach: Teach, owner: Client) -> None:
    layout = teach(title="</script><script>alert(1)</script>", sample=False)
    assert "<script>alert" not in owner.get(address("layout", layout)).content.decode()
    assert "<script>alert" not in owner.get(reverse("layouts")).content.decode()


def test_a_draft_is_kept_and_the_sample_read_with_it(
    teach: Teach, owner: Client, django_capture_on_commit_callbacks: Any
) -> None:
    layout = teach()
    with django_capture_on_commit_callbacks() as sent:
        answer = keep(owner, layout, {"base": 1, "title": " Slip ", "fields": slip_fields()[:1]})
    assert answer.status_code == 200
    state = answer.json()
    assert (state["revision"], state["problem"], state["busy"], state["saved"]) == (2, "", True, False)
    layout.refresh_from_db()
    assert (layout.title, layout.draft["fields"]) == ("Slip", slip_fields()[:1])
    assert [one.args for one in sent] == [("worker.tasks.read_sample", str(layout.pk))]
    layout.record(2, [{"name": "amount", "value": "1250.75"}])
    state = owner.get(address("layout-state", layout)).json()
    assert (state["busy"], state["readings"]) == (False, [{"name": "amount", "value": "1250.75"}])


def test_a_draft_that_is_not_finished_is_kept_and_not_read(
    teach: Teach, owner: Client, django_capture_on_commit_callbacks: Any
) -> None:
    layout = teach()
    with django_capture_on_commit_callbacks() as sent:
        state = keep(owner, layout, {"base": 1, "title": "", "fields": slip_fields() * 2}).json()
    layout.refresh_from_db()
    assert (state["problem"], state["busy"]) == ("Two fields have the same name.", False)
    assert (len(layout.draft["fields"]), layout.title, sent) == (4, "Deposit slip", [])


def test_an_outdated_draft_is_refused_and_nothing_is_lost(teach: Teach, owner: Client) -> None:
    layout = teach()
    assert keep(owner, layout, {"base": 1, "title": "Mine", "fields": slip_fields()}).status_code == 200
    for base in (1, 0, -1, 99, 10**30):
        answer = keep(owner, layout, {"base": base, "title": "Theirs", "fields": []})
        assert answer.status_code == 409
        assert "another window" in answer.json()["problem"]
    layout.refresh_from_db()
    assert (layout.title, layout.revision, layout.draft["fields"]) == ("Mine", 2, slip_fields())


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"\x80",
        b"[" * 50_000,
        b"[]",
        b"null",
        b'{"base": 1, "title": "x"}',
        b'{"base": Infinity, "title": "x", "fields": []}',
        b'{"base": "1", "title": "x", "fields": []}',
        b'{"base": 1, "title": null, "fields": []}',
        b'{"base": 1, "title": "x", "fields": "abc"}',
        b'{"base": 1, "title": "x", "fields": {"a": 1}}',
        b'{"base": 1, "title": "x", "fields": [1]}',
        b'{"base": 1, "title": "x", "fields": [{"place": [NaN]}]}',
        b'{"base": 1, "title": "x", "fields": [{"place": [1e999]}]}',
        b'{"base": 1, "title": "\\u0000", "fields": []}',
        b'{"base": 1, "title": "\\ud800", "fields": []}',
        json.dumps({"base": 1, "title": "x", "fields": [{"name": "n" * DRAFT_BYTES}]}),
    ],
)
def test_what_is_no_layout_or_too_large_is_refused(told: bytes | str, teach: Teach, owner: Client) -> None:
    layout = teach(sample=False)
    answer = keep(owner, layout, told)
    assert answer.status_code == 400
    assert answer.json()["problem"]
    layout.refresh_from_db()
    assert (layout.revision, layout.draft["fields"]) == (1, slip_fields())


def test_the_state_asks_a_worker_again_when_its_message_may_be_lost(
    teach: Teach, owner: Client, django_capture_on_commit_callbacks: Any
) -> None:
    layout = teach()
    with django_capture_on_commit_callbacks() as sent:
        assert owner.get(address("layout-state", layout)).json()["busy"]
    assert not sent
    Layout.objects.update(asked_at="2026-01-01T00:00Z")
    with django_capture_on_commit_callbacks() as sent:
        for _ in range(2):
            owner.get(address("layout-state", layout))
    assert [one.args for one in sent] == [("worker.tasks.read_sample", str(layout.pk))]


def test_the_sample_is_a_jpeg_for_its_owner_alone_and_changes_with_it(teach: Teach, owner: Client) -> None:
    layout = teach()
    answer = owner.get(address("layout-sample-image", layout))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, max-age=300")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    again = owner.get(address("layout-sample-image", layout), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert owner.get(address("layout-sample-image", teach())).headers["ETag"] != answer["ETag"]


def test_saving_makes_a_version_that_reads(teach: Teach, owner: Client, alice: User) -> None:
    layout = teach(saved=False)
    answer = owner.post(address("layout-save", layout), follow=True)
    assert "Version 1 is saved and reads from now on." in answer.content.decode()
    assert "too little" not in answer.content.decode()
    reads = layout_for([home_of(alice)], layout.name)
    assert reads is not None
    assert reads.landmarks is not None


def test_saving_without_a_sample_says_that_the_form_is_not_recognised(teach: Teach, owner: Client) -> None:
    answer = owner.post(address("layout-save", teach(saved=False, sample=False)), follow=True)
    assert "It prints too little to be recognised" in answer.content.decode()


def test_what_is_not_finished_is_not_saved_and_says_why(teach: Teach, owner: Client) -> None:
    layout = teach(saved=False, sample=False)
    keep(owner, layout, {"base": 1, "title": "x", "fields": []})
    answer = owner.post(address("layout-save", layout), follow=True)
    assert "Draw at least one field" in answer.content.decode()
    assert layout.newest is None


def test_one_can_go_on_from_a_version_and_undo_it(teach: Teach, owner: Client) -> None:
    layout = teach()
    keep(owner, layout, {"base": 1, "title": "Slip", "fields": []})
    answer = owner.post(reverse("layout-go-back", args=[layout.pk, 1]), follow=True)
    assert "The fields are those of version 1." in answer.content.decode()
    layout.refresh_from_db()
    assert (layout.draft["fields"], layout.revision) == (slip_fields(), 3)
    assert owner.post(reverse("layout-go-back", args=[layout.pk, 9])).status_code == 404


def test_a_table_is_kept_as_drawn_and_what_is_missing_is_told(teach: Teach, owner: Client) -> None:
    layout = teach(sample=False)
    state = keep(owner, layout, {"base": 1, "title": "", "fields": [table_field(3)]}).json()
    layout.refresh_from_db()
    assert (state["problem"], layout.draft["fields"]) == ("", [table_field(3)])
    assert layout.taught().fields[0].table is not None
    twice = table_field(3, ("Maths", "Maths"))
    state = keep(owner, layout, {"base": 2, "title": "", "fields": [twice]}).json()
    assert state["problem"] == "Two columns of a table have the same name."


def test_the_editor_offers_a_table(teach: Teach, owner: Client) -> None:
    html = owner.get(address("layout", teach())).content.decode()
    assert '<option value="table">Table</option>' in html
    assert 'data-column-act="add"' in html
    assert '<template id="column">' in html
