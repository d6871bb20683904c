"""What people may send to the portal's own pages."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from ml.reading.operating import Offer
from recognition.access import deleted_of, documents_of
from recognition.models import Decision, Document, FieldReading
from recognition.models.reading import VALUE_LENGTH, VALUE_PATTERN

ACCEPT = "image/*,.heic,.heif,.tif,.tiff,.pdf,application/pdf"


class FilesInput(forms.ClearableFileInput):
    """A picker for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one is let through, to be refused by name with its reason."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """At least one file."""
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class UploadForm(forms.Form):
    files = FilesField(  # type: ignore[assignment]  # fields are taken off the class, nothing is hidden
        label="Scans",
        widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT}),
        error_messages={"required": "Choose at least one file."},
    )
    one_number = forms.BooleanField(label="Each picture is one number", required=False)


class ErrorRateForm(forms.Form):
    rate = forms.TypedChoiceField(
        label="Of what passes without a person, so much may be wrong",
        coerce=float,
        error_messages={"required": "Choose an error rate.", "invalid_choice": "Choose one of the error rates below."},
    )

    def __init__(self, data: Any = None, *, offers: tuple[Offer, ...]) -> None:
        super().__init__(data)
        field = self.fields["rate"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [(str(offer.error_rate), f"{offer.error_rate:.1%}") for offer in offers]


DELETED = "deleted"


class HistoryFilter(forms.Form):
    q = forms.CharField(
        label="File name or number",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "invoice, 4711"}),
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), *Document.State.choices, (DELETED, "Deleted")]
    )
    look = forms.BooleanField(label="Needs a look", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def asks_for_deleted(self) -> bool:
        """Whether it looks among what the person deleted and can bring back."""
        self.is_valid()
        return self.cleaned_data.get("state") == DELETED

    def documents(self, user: User) -> QuerySet[Document]:
        """The person's own that every filled-in field lets through; a field filled in wrongly lets all through.

        The latest comes first.
        """
        if self.asks_for_deleted:
            return self._matching(deleted_of(user)).order_by("-deleted_at", "-pk")
        return self._matching(documents_of(user)).order_by("-created_at", "-pk")

    def _matching(self, documents: QuerySet[Document]) -> QuerySet[Document]:
        asked = self.cleaned_data
        if asked.get("q"):
            documents = documents.filter(_called_or_holding(asked["q"]))
        if asked.get("state") and not self.asks_for_deleted:
            documents = documents.filter(state=asked["state"])
        if asked.get("look"):
            documents = documents.filter(Exists(in_doubt()))
        if asked.get("since"):
            documents = documents.filter(created_at__date__gte=asked["since"])
        if asked.get("until"):
            documents = documents.filter(created_at__date__lte=asked["until"])
        return documents

    @property
    def is_filtering(self) -> bool:
        """Whether any field is filled in."""
        self.is_valid()
        return any(self.cleaned_data.values())


def in_doubt() -> QuerySet[FieldReading]:
    """Numbers of the outer document that wait for a person."""
    return FieldReading.objects.filter(page__document=OuterRef("pk"), accepted=False, decisions=None)


def _called_or_holding(words: str) -> Q:
    """Documents with this in their name, or in a number as it was read or corrected."""
    read = FieldReading.objects.filter(page__document=OuterRef("pk"))
    said = Decision.objects.filter(reading__page__document=OuterRef("pk"), value__contains=words)
    return (
        Q(name__icontains=words)
        | Exists(read.filter(Q(value__contains=words) | Q(text__contains=words)))
        | Exists(said)
    )


class CorrectionForm(forms.Form):
    value = forms.CharField(
        label="What it is",
        max_length=2 * VALUE_LENGTH,
        error_messages={"required": VALUE_PATTERN.message},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_value(self) -> str:
        """The digits alone: separators that people type are left out, anything else is refused."""
        value = re.sub(r"[\s.,'’·-]", "", self.cleaned_data["value"])
        VALUE_PATTERN(value)
        return value
