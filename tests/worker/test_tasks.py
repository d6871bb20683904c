"""The tasks, called as a worker calls them: claim, read, record, or a reason that a person understands."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from numpy.typing import NDArray
from PIL import Image

from accounts.keyring import Keyring
from ml.evaluation.hostile.files import tiny_tiles
from ml.reading.errors import RefusedFile
from ml.reading.files.box import LATE
from ml.reading.forms.layout_json import shipped_layouts
from ml.training.synthesis.printed import micr_line
from recognition.models import Document, Drawing, ErrorRate, FieldReading, InvalidState
from recognition.sealed_storage import KEY_AWAY
from worker import process, tasks

pytestmark = pytest.mark.django_db(transaction=True)

Upload = Callable[..., Document]

MICR = "⑆122105155⑆ 0123456789⑈ 1025"
MICR_PARTS = {"routing_number": "122105155", "account_number": "0123456789", "cheque_number": "1025"}


@pytest.fixture(scope="module")
def cheque() -> NDArray[np.uint8]:
    """A cheque at 200 dots an inch that nobody has filled in: its MICR line alone, where the layout has it."""
    layout = next(one for one in shipped_layouts() if one.name == "cheque-us")
    assert layout.size is not None
    assert layout.micr is not None
    per_mm, module = 200 / 25.4, 2.6
    paper = np.full([round(side * per_mm) for side in reversed(layout.size)], 235.0)
    ink = micr_line(MICR, module, np.random.default_rng(5))
    left, bottom = (round(side * per_mm) for side in layout.micr.at)
    top = bottom - ink.shape[0] + round(module)
    paper[top : top + ink.shape[0], left : left + ink.shape[1]] -= 200 * ink
    return np.repeat(np.clip(paper, 0, 255).astype(np.uint8)[:, :, np.newaxis], 3, axis=2)


def stopping(error: Exception) -> Callable[..., Iterator[object]]:
    def read_scan(*_arguments: object) -> Iterator[object]:
        raise error
        yield

    return read_scan


def test_a_document_that_was_read_is_not_read_again(upload: Upload) -> None:
    document = upload()
    tasks.read_document(str(document.pk))
    (before,) = FieldReading.objects.all()
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.attempts) == ("read", 1)
    assert [number.pk for number in FieldReading.objects.all()] == [before.pk]


def test_the_error_rate_that_was_chosen_decides_what_passes(upload: Upload) -> None:
    for rate in (1e-6, 0.05):
        ErrorRate.objects.create(rate=rate)
        tasks.read_document(str(upload().pk))
    strict, lax = FieldReading.objects.order_by("pk")
    assert (strict.value, strict.accepted) == (lax.value, False)
    assert strict.confidence == lax.confidence
    assert "error_rate=1e-06" in strict.settings
    assert "error_rate=0.05" in lax.settings
    drawing = Drawing.objects.create(visitor="x", image=upload().original.read())
    tasks.read_drawing(str(drawing.pk))
    drawing.refresh_from_db()
    assert drawing.numbers[0]["readings"][0]["value"] == drawing.numbers[0]["value"]


@pytest.mark.parametrize("layout", ["auto", "cheque-us"])
def test_a_cheque_is_known_by_its_micr_line_and_read_field_by_field(
    upload: Upload, cheque: NDArray[np.uint8], as_file: Callable[..., bytes], layout: str
) -> None:
    document = upload(data=as_file(cheque), layout=layout)
    tasks.read_document(str(document.pk))
    page = document.pages.get()
    assert (page.layout, page.layout_version) == ("cheque-us", 3)
    assert page.layout_fit is not None
    assert page.layout_fit > 0.5
    fields = {field.field: field for field in page.readings.all()}
    us = next(one for one in shipped_layouts() if one.name == "cheque-us")
    assert list(fields) == [field.name for field in us.fields]
    assert all(field.of_layout for field in fields.values())
    for name, value in MICR_PARTS.items():
        assert (fields[name].value, fields[name].accepted) == (value, True)
    assert fields["micr_line"].value == MICR
    assert (fields["amount"].kind, fields["amount"].value, fields["amount"].needs_person) == ("amount", "", True)
    assert (fields["signature"].kind, fields["signature"].needs_person) == ("show", False)


def test_a_picture_that_has_not_the_chosen_layout_has_a_fault_and_no_fields(upload: Upload) -> None:
    document = upload(layout="cheque-india")
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    page = document.pages.get()
    assert (document.state, page.layout, page.readings.count()) == ("read", "cheque-india", 0)
    assert any("This does not look like the layout that was chosen" in fault for fault in page.faults)


@pytest.mark.parametrize("layout", ["any", "one-number", "auto"])
def test_without_a_layout_numbers_are_read(upload: Upload, layout: str) -> None:
    document = upload(layout=layout)
    tasks.read_document(str(document.pk))
    (number,) = FieldReading.objects.all()
    assert (number.value, number.of_layout, number.page.layout) == ("351", False, "")


def test_a_layout_that_is_gone_is_said_and_another_can_be_chosen(upload: Upload) -> None:
    document = upload(layout="of-last-year")
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.reason) == ("failed", tasks.GONE)
    document.read_as("any")
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert document.state == "read"


def test_a_message_for_a_document_that_is_gone_is_ignored(upload: Upload) -> None:
    document = upload()
    message = str(document.pk)
    document.remove()
    tasks.read_document(message)
    assert Document.everything.count() == 0


def test_a_refused_file_fails_with_the_readers_sentence(upload: Upload) -> None:
    document = upload(data=b"\x89PNG\r\n\x1a\n and then nothing more")
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert document.state == "failed"
    assert document.reason.endswith(".")
    assert document.reason not in (tasks.OUR_FAULT, tasks.TOO_SLOW)


def test_what_takes_too_long_fails_with_a_reason(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "read_scan", stopping(SoftTimeLimitExceeded()))
    document = upload()
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.reason) == ("failed", tasks.TOO_SLOW)


def test_a_limit_that_strikes_while_a_file_is_decoded_is_not_called_damage(upload: Upload) -> None:
    def stop(*_signal: object) -> None:
        raise SoftTimeLimitExceeded

    document = upload(data=tiny_tiles())
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        tasks.read_document(str(document.pk))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    document.refresh_from_db()
    assert (document.state, document.reason) == ("failed", tasks.TOO_SLOW)
    assert document.can_try_again


@pytest.mark.usefixtures("hours_by_the_clock")
def test_what_the_file_itself_causes_is_not_tried_again(upload: Upload, settings: Any) -> None:
    settings.MAX_DECODE_SECONDS = 1
    process.reader.cache_clear()
    document = upload(data=tiny_tiles())
    tasks.read_document(str(document.pk))
    process.reader.cache_clear()
    document.refresh_from_db()
    assert (document.state, document.attempts, document.can_try_again) == ("failed", 1, False)
    assert document.reason.startswith("This PDF asks for more than 1 seconds of drawing.")
    with pytest.raises(InvalidState):
        document.try_again()


def test_a_file_that_a_busy_machine_did_not_decode_in_time_may_be_tried_again(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "read_scan", stopping(RefusedFile("late", LATE)))
    document = upload()
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.reason, document.can_try_again) == ("failed", LATE, True)
    document.try_again()


def test_a_file_whose_key_is_away_fails_with_a_reason_and_is_read_when_it_is_back(
    upload: Upload, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ENCRYPTION_KEYS = keys = Keyring({"2026": bytes(32)})
    document = upload()
    settings.ENCRYPTION_KEYS = Keyring({})
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.reason, document.can_try_again) == ("failed", KEY_AWAY, True)
    assert "“2026” is not in ENCRYPTION_KEYS" in caplog.text
    settings.ENCRYPTION_KEYS = keys
    document.try_again()
    tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert document.state == "read"


def test_nobody_waits_long_for_somebody_elses_drawing() -> None:
    assert tasks.read_drawing.soft_time_limit <= 5
    assert tasks.read_drawing.time_limit <= 10


def test_an_error_of_ours_is_logged_marked_and_raised(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tasks, "read_scan", stopping(ZeroDivisionError("a secret of the machine")))
    document = upload()
    with pytest.raises(ZeroDivisionError):
        tasks.read_document(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.reason) == ("failed", tasks.OUR_FAULT)
    assert "a secret of the machine" in caplog.text


def test_a_preview_is_a_small_picture_of_the_pages_own_shape(
    upload: Upload, digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]
) -> None:
    wide = np.pad(
        digit_image("351", 100), ((0, 900), (0, 3000 - digit_image("351", 100).shape[1]), (0, 0)), mode="edge"
    )
    document = upload(data=as_file(wide))
    tasks.read_document(str(document.pk))
    page = document.pages.get()
    with Image.open(page.preview) as preview:
        assert preview.format == "JPEG"
        assert preview.width == 1600
        assert preview.height == round(1600 * page.height / page.width)
    assert (page.width, page.height) == (wide.shape[1], wide.shape[0])


def test_a_drawing_is_read_once(digit_image: Callable[..., NDArray[np.uint8]], as_file: Callable[..., bytes]) -> None:
    drawing = Drawing.objects.create(visitor="x", image=as_file(digit_image("7")), one_number=True)
    tasks.read_drawing(str(drawing.pk))
    tasks.read_drawing(str(drawing.pk))
    drawing.refresh_from_db()
    assert drawing.state == "read"
    assert [number["value"] for number in drawing.numbers] == ["7"]


def test_a_drawing_that_is_no_picture_fails_with_a_reason() -> None:
    drawing = Drawing.objects.create(visitor="x", image=b"no picture")
    tasks.read_drawing(str(drawing.pk))
    drawing.refresh_from_db()
    assert drawing.state == "failed"
    assert drawing.reason.endswith(".")


def test_warming_up_reads_a_stroke_and_writes_nothing() -> None:
    process.warm_up()
    assert FieldReading.objects.count() == 0
    assert process.reader() is process.reader()
