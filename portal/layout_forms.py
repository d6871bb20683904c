"""The forms with which people begin a layout: from a sample of the form, a layout's JSON, or a title."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from ml.reading.errors import BadLayout, RefusedFile
from ml.reading.files.box import BoxLost
from ml.reading.files.inspect import inspect
from ml.reading.forms.layout_json import layout_from_file
from ml.reading.forms.layouts import Layout
from portal.forms import ACCEPT, branch_field, choose_branch
from portal.uploads import LOST, too_large
from worker.limits import limits

log = logging.getLogger(__name__)

DEFINITION_BYTES = 500_000
"""The most bytes of a layout's JSON. Sixty fields with all landmarks have 120,000."""


def sample_bytes(file: UploadedFile[bytes]) -> bytes:
    """A sample's bytes, after a check of the file's header.

    Raises:
        ValidationError: It cannot be read; the sentence says why.
    """
    size = file.size or 0
    if size > settings.MAX_UPLOAD_BYTES:
        raise forms.ValidationError(too_large(size))
    data: bytes = file.read()
    try:
        inspect(data, limits())
    except RefusedFile as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    except BoxLost as lost:
        log.exception("A sample could not be looked at.")
        raise forms.ValidationError(LOST) from lost
    return data


class SampleForm(forms.Form):
    sample = forms.FileField(
        label="A sample of the form, blank or filled in",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choose a scan or a photograph of the form."},
        help_text="A scan or a photograph. Of several pages the first is taken.",
    )

    def clean_sample(self) -> bytes | None:
        """The sample's bytes; None where no sample was sent."""
        file = self.cleaned_data["sample"]
        return sample_bytes(file) if file else None


class NewLayoutForm(SampleForm):
    title = forms.CharField(label="What the form is called", max_length=80, required=False)
    definition = forms.FileField(
        label="Or a layout that was exported, as JSON",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        required=False,
    )

    branch = branch_field()

    def __init__(self, *arguments: Any, branches: Collection[int]) -> None:
        super().__init__(*arguments)
        self.fields["sample"].required = False
        choose_branch(self, branches)
        self._first = next(iter(branches))

    def clean_definition(self) -> Layout | None:
        """The layout that the file holds."""
        file = self.cleaned_data["definition"]
        if not file:
            return None
        if (file.size or 0) > DEFINITION_BYTES:
            raise forms.ValidationError("This file is too large for a layout.")
        try:
            return layout_from_file(file.read())
        except BadLayout as error:
            raise forms.ValidationError(f"This layout cannot be used. {error}") from error

    def clean(self) -> dict[str, Any]:
        """Ask for a sample, a layout's JSON or a title, because a layout needs something to begin from."""
        cleaned = self.cleaned_data
        cleaned["branch_id"] = chosen.pk if (chosen := cleaned.get("branch")) else self._first
        if not self.errors and not any(cleaned.get(name) for name in ("sample", "definition", "title")):
            raise forms.ValidationError("Choose a sample, or give the form a title.")
        return cleaned
