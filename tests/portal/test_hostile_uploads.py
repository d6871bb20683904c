"""Two hundred files that no honest scanner makes, uploaded through the page and read by a real worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from recognition.models import Document
from worker.tasks import OUR_FAULT

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def site_environment() -> dict[str, str]:
    """The real lease: a long file is read once, however busy the machine is."""
    return {"LEASE_SECONDS": "30"}


@pytest.mark.timeout(600)
def test_each_is_read_or_refused_with_a_reason_and_no_worker_dies(
    running_site: str,
    client: Client,
    alice: User,
    hostile_files: list[tuple[str, bytes]],
    wait_for: Callable[..., None],
) -> None:
    assert len(hostile_files) >= 200
    client.force_login(alice)
    client.raise_request_exception = False
    refused = 0
    for name, data in hostile_files:
        file = SimpleUploadedFile(name, data)
        answer = client.post("/upload/", {"files": file}, headers={"HX-Request": "true"})
        assert answer.status_code in (200, 413, 422), f"{name}: the site answered {answer.status_code}"
        if answer.status_code != 200:
            refused += 1
            assert "row-reason" in answer.content.decode(), f"{name}: refused without a reason"
    waiting = Document.objects.filter(state__in=(Document.State.QUEUED, Document.State.READING))
    wait_for(lambda: not waiting.exists(), 300, "for all that was taken in to be read or refused")
    failed = Document.objects.filter(state=Document.State.FAILED)
    assert not failed.filter(reason__in=("", OUR_FAULT)).exists(), "a reason is plain, and the fault is the file's"
    assert not Document.objects.filter(attempts__gt=1).exists(), "a worker died over a file"
    assert refused > 0
    assert failed.exists()
