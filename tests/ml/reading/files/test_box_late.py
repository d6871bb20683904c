"""Whoever asks a box waits no longer than the clock allows, and what the machine held up is not the file's fault."""

from __future__ import annotations

import os
import signal

import pytest

from ml.evaluation.hostile import files
from ml.reading.elements import Limits
from ml.reading.errors import RefusedFile
from ml.reading.files.box import LATE, Box
from tests.ml.reading.files.test_box import children, on_linux, until


@on_linux
def test_a_child_that_gets_no_processor_is_late_and_its_file_not_to_blame() -> None:
    with Box(files.thin_page(), "application/pdf", Limits(seconds=1)) as box:
        assert until(lambda: len(children()) == 1)
        os.kill(children()[0], signal.SIGSTOP)
        with pytest.raises(RefusedFile) as refusal:
            box.pdf_page_sizes()
    assert refusal.value.code == "late"
    assert str(refusal.value) == LATE
    assert until(lambda: not children())
