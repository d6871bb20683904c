"""Samples of forms as a worker prepares and reads them, and documents that are read with what was taught."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from numpy.typing import NDArray

from accounts.models import User
from ml.evaluation.hostile.files import tiny_tiles
from ml.reading.forms.layout_json import shipped_layouts
from ml.training.sheets.filled import fill_in
from ml.training.sheets.photographs import photographed
from recognition.models import Document, Layout, LayoutVersion
from tests.fixtures_layouts import Teach, slip_fields
from tests.fixtures_people import home_of
from tests.fixtures_tables import HEADINGS, form_of, table_field
from worker import tasks

pytestmark = pytest.mark.django_db(transaction=True)

Slip = Callable[..., NDArray[np.uint8]]
Encode = Callable[..., bytes]
Upload = Callable[..., Document]


@pytest.fixture
def waiting(alice: User) -> Callable[..., Layout]:
    """A layout of Alice's whose sample waits for a worker: `waiting(data)`."""

    def begin(data: bytes, fields: list[Any] | None = None) -> Layout:
        layout = Layout.begin(
            home_of(alice), alice, "Deposit slip", {"fields": slip_fields() if fields is None else fields}
        )
        layout.take_sample("sample", data)
        return layout

    return begin


def values(layout: Layout) -> dict[str, str]:
    return {field["name"]: field["value"] for field in layout.readings}


def read(document: Document) -> Document:
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    return document


# Preparing


def test_a_sample_is_made_a_sheet_of_and_read_at_once(
    waiting: Callable[..., Layout], slip: Slip, as_file: Encode
) -> None:
    layout = waiting(as_file(slip("1250.75", "40961")))
    tasks.prepare_sample(str(layout.pk))
    layout.refresh_from_db()
    assert (layout.sample_state, layout.reason) == ("ready", "")
    assert layout.pixels().shape == (960, 1440, 3)
    assert layout.read_revision == layout.revision
    assert values(layout) == {"amount": "1250.75", "account": "40961"}


def test_a_photograph_of_a_cheque_is_straightened(waiting: Callable[..., Layout], as_file: Encode) -> None:
    us = next(layout for layout in shipped_layouts() if layout.name == "cheque-us")
    cheque = fill_in(us, None, np.random.default_rng(5)).picture
    layout = waiting(as_file(photographed(cheque, np.random.default_rng(4), 12.0, 5.0)), [])
    tasks.prepare_sample(str(layout.pk))
    layout.refresh_from_db()
    assert layout.sample_state == "ready"
    assert us.size is not None
    height, width = layout.pixels().shape[:2]
    assert width / height == pytest.approx(us.size[0] / us.size[1], rel=0.05)


@pytest.mark.parametrize("data", [b"", b"Total 351", b"\x89PNG\r\n\x1a\n and then nothing more", b"%PDF-1.7 no more"])
def test_a_damaged_sample_fails_with_a_reason_that_is_kept(waiting: Callable[..., Layout], data: bytes) -> None:
    layout = waiting(data)
    tasks.prepare_sample(str(layout.pk))
    layout.refresh_from_db()
    assert layout.sample_state == "failed"
    assert layout.reason.endswith(".")
    assert layout.reason not in (tasks.OUR_FAULT, tasks.TOO_SLOW)
    assert layout.original.open("rb").read() == data, "nothing that was uploaded is lost"


def test_hostile_samples_are_prepared_or_refused_with_a_reason(
    waiting: Callable[..., Layout], hostile_files: list[tuple[str, bytes]]
) -> None:
    layout = waiting(b"", [])
    for name, data in hostile_files[::6]:
        layout.take_sample("sample", data)
        tasks.prepare_sample(str(layout.pk))
        layout.refresh_from_db()
        assert layout.sample_state in ("ready", "failed"), name
        assert layout.sample_state == "ready" or layout.reason not in ("", tasks.OUR_FAULT), name


def test_a_sample_that_takes_too_long_says_so(
    waiting: Callable[..., Layout], as_file: Encode, slip: Slip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_arguments: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(tasks, "sample_of", stopped)
    layout = waiting(as_file(slip()))
    tasks.prepare_sample(str(layout.pk))
    layout.refresh_from_db()
    assert (layout.sample_state, layout.reason) == ("failed", tasks.TOO_SLOW)


@pytest.mark.usefixtures("hours_by_the_clock")
def test_a_sample_has_fewer_seconds_of_decoding_than_a_document(
    waiting: Callable[..., Layout], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SAMPLE_DECODE_SECONDS", 1)
    layout = waiting(tiny_tiles())
    tasks.prepare_sample(str(layout.pk))
    layout.refresh_from_db()
    assert layout.sample_state == "failed"
    assert layout.reason.startswith("This PDF asks for more than 1 seconds of drawing.")


def test_what_is_gone_removed_or_prepared_already_is_left_alone(teach: Teach) -> None:
    layout = teach(sample=False)
    for task in (tasks.prepare_sample, tasks.read_sample):
        task("00000000-0000-0000-0000-000000000000")
        task(str(layout.pk))
    ready = teach()
    sheet = ready.sample.name
    tasks.prepare_sample(str(ready.pk))
    ready.hide()
    tasks.read_sample(str(ready.pk))
    ready.refresh_from_db()
    assert (ready.sample.name, ready.read_revision) == (sheet, 0)


# Reading the sample


def test_a_draft_that_is_not_finished_is_not_read(teach: Teach) -> None:
    layout = teach()
    layout.keep_draft(1, layout.title, [{"name": "half"}])
    tasks.read_sample(str(layout.pk))
    layout.refresh_from_db()
    assert (layout.read_revision, layout.readings) == (0, [])


def test_a_table_on_the_sample_is_told_with_its_cells(waiting: Callable[..., Layout], as_file: Encode) -> None:
    marks = [["", "10", "20", "30"], ["4071", "72", "85", "305"], ["4072", "64", "", "418"]]
    layout = waiting(as_file(form_of(marks)), [table_field(3)])
    tasks.prepare_sample(str(layout.pk))
    layout.refresh_from_db()
    (field,) = layout.readings
    assert (field["name"], field["kind"], field["accepted"], field["value"]) == ("marks", "table", True, "")
    assert field["table"]["columns"] == list(HEADINGS)
    assert [[cell["value"] for cell in row] for row in field["table"]["rows"]] == [
        ["", "", "", ""], ["", "72", "85", "305"], ["", "64", "", "418"],
    ]  # fmt: skip
    layout.keep_draft(1, layout.title, [table_field(3, HEADINGS[:2])])
    tasks.read_sample(str(layout.pk))
    layout.refresh_from_db()
    (field,) = layout.readings
    assert (field["table"], field["accepted"]) == (None, False)
    assert field["checks"][0].startswith("4 columns were found here, and the layout has 2")


def test_the_sample_is_read_once_with_each_draft(teach: Teach, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = teach()
    tasks.read_sample(str(layout.pk))
    layout.refresh_from_db()
    assert values(layout) == {"amount": "1250.75", "account": "40961"}
    with monkeypatch.context() as patched:
        patched.delattr(tasks, "fields_of_sample")
        tasks.read_sample(str(layout.pk))
    layout.keep_draft(1, layout.title, slip_fields()[:1])
    tasks.read_sample(str(layout.pk))
    layout.refresh_from_db()
    assert (layout.read_revision, values(layout)) == (2, {"amount": "1250.75"})


def test_a_draft_with_which_reading_fails_is_not_asked_for_again_and_again(
    teach: Teach, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_arguments: object) -> None:
        raise SoftTimeLimitExceeded

    layout = teach()
    monkeypatch.setattr(tasks, "fields_of_sample", stopped)
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.read_sample(str(layout.pk))
    layout.refresh_from_db()
    assert (layout.read_revision, layout.readings) == (1, [])


# Documents that are read with a taught layout


@pytest.mark.parametrize("chosen", [True, False])
def test_a_document_keeps_the_name_and_version_of_the_layout_that_read_it(
    teach: Teach, upload: Upload, slip: Slip, as_file: Encode, chosen: bool
) -> None:
    layout = teach()
    layout.save_version()
    data = as_file(slip("806.20", "73528", seed=9, degrees=2.5, margin=60))
    document = read(upload(data=data, layout=layout.name if chosen else "auto"))
    page = document.pages.get()
    assert (page.layout, page.layout_version) == (layout.name, 2)
    assert {field.field: field.value for field in page.readings.all()} == {"amount": "806.20", "account": "73528"}
    layout.save_version()
    page.refresh_from_db()
    assert page.layout_version == 2


def test_a_taught_form_is_known_before_anything_else(
    teach: Teach, upload: Upload, slip: Slip, as_file: Encode, alice: User
) -> None:
    data = as_file(slip("806.20", "73528", seed=9))
    before = read(upload(data=data)).pages.get()
    layout = teach()
    after = read(upload(data=data, sha256=hashlib.sha256(b"again").hexdigest())).pages.get()
    assert (before.layout, after.layout) == ("", layout.name)


def test_somebody_elses_layout_reads_nothing_of_mine(
    teach: Teach, upload: Upload, slip: Slip, as_file: Encode, bob: User
) -> None:
    layout = teach(owner=bob)
    data = as_file(slip("806.20", "73528", seed=9))
    assert read(upload(data=data)).pages.get().layout == ""
    chosen = read(upload(data=data, layout=layout.name))
    assert (chosen.state, chosen.reason) == ("failed", tasks.GONE)
    Layout.objects.filter(pk=layout.pk).update(offered=True)
    assert read(upload(data=data)).pages.get().layout == layout.name


def test_a_layout_of_another_time_stops_no_reading(
    teach: Teach, upload: Upload, slip: Slip, as_file: Encode, bob: User
) -> None:
    usable = teach()
    old, offered = teach(title="Old"), teach(owner=bob, title="Offered")
    Layout.objects.filter(pk=offered.pk).update(offered=True)
    LayoutVersion.objects.filter(layout__in=(old, offered)).update(definition={"told": "otherwise"})
    data = as_file(slip("806.20", "73528", seed=9))
    assert read(upload(data=data)).pages.get().layout == usable.name
    assert read(upload(data=data, uploaded_by=bob)).state == "read"
    chosen = read(upload(data=data, layout=old.name))
    assert (chosen.state, chosen.reason) == ("failed", tasks.GONE)
