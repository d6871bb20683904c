"""The workers' tasks: claim a row, read its picture, record the result. A task's only argument is a row's id."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models.fields.files import FieldFile

from accounts.chain import sign_head
from accounts.keyring import CannotOpen
from ml.reading.elements import PageReading
from ml.reading.errors import BadLayout, RefusedFile
from ml.reading.forms.layouts import ANY_NUMBER, ONE_NUMBER, Layout
from ml.reading.read import read_scan
from ml.reading.sample import SAMPLES, sample_of
from ml.reading.sample import read_sample as fields_of_sample
from recognition.disk import is_full, note_full
from recognition.export import field_as_json, table_as_json
from recognition.layouts import AUTO, layout_for, layouts_for
from recognition.models import Document, Drawing, ErrorRate, InvalidState
from recognition.models import Layout as OwnLayout
from recognition.sealed_storage import KEY_AWAY
from recognition.turns import claim_next
from worker import sweeping
from worker.app import app
from worker.lease import kept_lease
from worker.limits import limits
from worker.malware import CannotLook, Infected, look
from worker.preview import jpeg_of
from worker.process import reader

log = logging.getLogger(__name__)

TOO_SLOW = "Reading this took too long and was stopped. Try again with fewer pages, or a smaller scan."
OUR_FAULT = "Something went wrong on our side while this was read. You can try again; the error has been noted."
DISK_FULL = "The disk of this site is full, so what was read could not be kept. Please try again later."

INFECTED_SAMPLE = "Malware was found in this sample: {}. It was removed. Have the machine that it came from looked at."

_NOT_THE_FILES_FAULT = ("layout", "late", "malware")
"""Codes of refusals that may end otherwise when the same file is read again."""

GONE = "The layout that was chosen for this can no longer be read with. Choose another one, and it is read again."

SAMPLE_SECONDS = 30
"""Limit for reading a sample, which takes about a second."""

SAMPLE_DECODE_SECONDS = 10
"""Most processor seconds in which a sample is decoded. A page takes one or two; drawings and the sweep wait for it."""

DRAWING_SECONDS = 5
"""Limit for reading a drawing, which takes milliseconds. While a slow one is read, all other drawings wait."""


@app.task
def read_document(_sent_for: str = "") -> None:
    """Read the next document in turn, if one waits. It need not be the one for which the message was sent."""
    document = claim_next()
    if document is None:
        return
    try:
        with kept_lease(document):
            document.record(list(_pages_of(document)))
    except InvalidState:
        log.warning("Document %s is somebody else's by now; nothing was kept.", document.pk)
    except RefusedFile as refusal:
        _fail(document, str(refusal), can_try_again=refusal.code in _NOT_THE_FILES_FAULT)
    except Infected as malware:
        _quarantine(document, str(malware))
    except CannotLook as away:
        log.error("Document %s waits, because nobody looked for malware in it: %s", document.pk, away)  # noqa: TRY400
        _put_back(document)
    except CannotOpen:
        log.exception("Document %s could not be opened.", document.pk)
        _fail(document, KEY_AWAY)
    except SoftTimeLimitExceeded:
        _fail(document, TOO_SLOW)
    except Exception as error:
        log.exception("Document %s could not be read.", document.pk)
        if is_full(error):
            note_full()
            _put_back(document)
        else:
            _fail(document, OUR_FAULT)
        raise


def _pages_of(document: Document) -> Iterator[tuple[PageReading, bytes]]:
    data = _clean(document.original)
    if settings.CLAMD:
        document.note_clean()
    layout = _layout_of(document)
    chosen = reader().at(ErrorRate.current())
    for done, page in enumerate(read_scan(data, layout, chosen), start=1):
        yield _without_pixels(page), jpeg_of(page.page.pixels)
        document.renew(pages_done=done)


def _clean(stored: FieldFile) -> bytes:
    """The bytes of a stranger's file, in which no malware is found. Nothing decodes it before.

    Raises:
        Infected: Malware was found.
        RefusedFile: The file is too large for the scanner.
        CannotLook: The scanner did not look.
    """
    with stored.open("rb") as file:
        data: bytes = file.read()
    if settings.CLAMD:
        look(data, settings.CLAMD_SECONDS)
    return data


def _layout_of(document: Document) -> Layout | Sequence[Layout]:
    if document.layout == AUTO:
        return layouts_for([document.branch_id])
    chosen = layout_for([document.branch_id], document.layout)
    if chosen is None:
        raise RefusedFile("layout", GONE)
    return chosen


def _without_pixels(reading: PageReading) -> PageReading:
    """The same reading with one byte in place of all its pixels: the pixels of fifty pages would fill the memory."""
    blank = np.broadcast_to(np.uint8(0), reading.page.pixels.shape)
    return replace(reading, page=replace(reading.page, pixels=blank))


def _fail(document: Document, reason: str, *, can_try_again: bool = True) -> None:
    try:
        document.fail(reason, can_try_again=can_try_again)
    except InvalidState:
        log.warning("Document %s is somebody else's by now; its failure was not kept.", document.pk)


def _quarantine(document: Document, malware: str) -> None:
    log.error("Malware was found in document %s: %s", document.pk, malware)
    try:
        document.quarantine(malware)
    except InvalidState:
        log.warning("Document %s is somebody else's by now, who will find the same.", document.pk)


def _put_back(document: Document) -> None:
    """Queue what has to wait for the disk or for the scanner. That is a write too, so it is tried for a minute.

    After that the lease runs out, and the document takes the way of those whose worker has died.
    """
    for _ in range(60):
        try:
            document.put_back()
        except InvalidState:
            log.warning("Document %s is somebody else's by now.", document.pk)
        except OperationalError as error:
            log.warning("Document %s was not put back: %s", document.pk, error)
            connection.close()
            time.sleep(1)
            continue
        return


@app.task(soft_time_limit=DRAWING_SECONDS, time_limit=2 * DRAWING_SECONDS)
def read_drawing(drawing_id: str) -> None:
    """Read a drawing, unless it was read before."""
    drawing = Drawing.claim(drawing_id)
    if drawing is None:
        return
    layout = ONE_NUMBER if drawing.one_number else ANY_NUMBER
    try:
        drawing.record(next(read_scan(bytes(drawing.image), layout, reader().at(ErrorRate.current()))))
    except RefusedFile as refusal:
        drawing.fail(str(refusal))
    except SoftTimeLimitExceeded:
        drawing.fail(TOO_SLOW)
    except Exception as error:
        log.exception("Drawing %s could not be read.", drawing_id)
        drawing.fail(DISK_FULL if is_full(error) else OUR_FAULT)
        raise


@app.task(soft_time_limit=SAMPLE_SECONDS, time_limit=2 * SAMPLE_SECONDS)
def prepare_sample(layout_id: str) -> None:
    """Find the sheet on a layout's sample, and read it with the current draft."""
    layout = OwnLayout.objects.filter(pk=layout_id, sample_state=OwnLayout.Sample.WAITING).first()
    if layout is None:
        return
    most = limits()
    most = replace(most, seconds=min(most.seconds, SAMPLE_DECODE_SECONDS))
    try:
        layout.keep_sheet(jpeg_of(sample_of(_clean(layout.original), most), SAMPLES.long_side))
    except Infected as malware:
        log.exception("The sample of layout %s was removed.", layout_id)
        layout.reject_sample(INFECTED_SAMPLE.format(malware))
    except CannotLook:
        log.exception("The sample of layout %s waits.", layout_id)
    except RefusedFile as refusal:
        layout.fail_sample(str(refusal))
    except CannotOpen:
        log.exception("The sample of layout %s could not be opened.", layout_id)
        layout.fail_sample(KEY_AWAY)
    except SoftTimeLimitExceeded:
        layout.fail_sample(TOO_SLOW)
    except Exception:
        log.exception("The sample of layout %s could not be read.", layout_id)
        layout.fail_sample(OUR_FAULT)
        raise
    else:
        read_sample(layout_id)


@app.task(soft_time_limit=SAMPLE_SECONDS, time_limit=2 * SAMPLE_SECONDS)
def read_sample(layout_id: str) -> None:
    """Read a layout's sample with the current draft, unless that was done before or the draft is not finished."""
    layout = OwnLayout.objects.filter(pk=layout_id, sample_state=OwnLayout.Sample.READY).first()
    if layout is None or layout.read_revision >= layout.revision:
        return
    try:
        drafted = layout.taught()
    except BadLayout:  # the editor shows that to the person
        return
    try:
        found = fields_of_sample(layout.pixels(), drafted, reader().at(ErrorRate.current()))
    except Exception:  # also if it took too long: else the editor would ask for the same revision again and again
        layout.record(layout.revision, [])
        raise
    tables = {table.field: table_as_json(table) for table in found.tables}
    layout.record(
        layout.revision, [field_as_json(field) | {"table": tables.get(field.field)} for field in found.fields]
    )


@app.task
def sweep() -> None:
    """Find documents and drawings that a dead broker or worker left behind. Two sweeps may run at the same time."""
    sweeping.give_back_abandoned()
    sweeping.send_lost()
    sweeping.fail_late_drawings()


@app.task
def tidy() -> None:
    """Remove rows whose time is over. Two of these may run at the same time."""
    sweeping.remove_old_rows()
    sweeping.remove_deleted()
    sweeping.remove_closed_accounts()


@app.task
def sign_record() -> None:
    """Sign the latest event of the record, and add it to the file that is kept apart from the database."""
    head = sign_head() if settings.AUDIT_HEADS else None
    if head is not None:
        with Path(settings.AUDIT_HEADS).open("a") as heads:
            heads.write(f"{head.line}\n")
