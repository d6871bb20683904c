"""The forms that people send to the portal's pages."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Branch, User
from ml.reading.forms.layout_json import shipped_layouts
from ml.reading.forms.layouts import ONE_NUMBER, Kind, Layout
from portal.typed import Meaning, long_form, meaning_of
from recognition.access import deleted_of, documents_of
from recognition.cheques import objection_on
from recognition.layouts import AUTO, WITHOUT_FIELDS
from recognition.layouts import forms as known_forms
from recognition.models import Decision, Document, FieldReading, Page
from recognition.value_checks import checks_of
from recognition.values import FORMS, VALUE_LENGTH, check, day_of

ACCEPT = "image/*,.heic,.heif,.tif,.tiff,.pdf,application/pdf"
UNKNOWN_LAYOUT = "Choose one of the kinds in the list."
NOT_SEEN = "This is {value}. Press Enter once more to keep it."
LOOK_AGAIN = "look again"
"""The code of an error that only asks the person to look at what they typed."""


class FilesInput(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. An empty file passes here, because it is refused later by its name and with a reason."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Ask for at least one file."""
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


def layout_choices(branches: Collection[int]) -> list[tuple[str, Any]]:
    """What pictures can be read as in these branches, with the forms in a separate group."""
    return [*WITHOUT_FIELDS.items(), ("A form", list(known_forms(branches).items()))]


def branch_field() -> forms.ModelChoiceField[Branch]:
    """A field for the branch in which something begins."""
    return forms.ModelChoiceField(Branch.objects.none(), label="Branch", required=False, empty_label=None)


def choose_branch(form: forms.Form, branches: Collection[int]) -> None:
    """Offer these branches in a form's `branch`; where there is one, nobody is asked."""
    field = form.fields["branch"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
    field.queryset = Branch.objects.filter(pk__in=branches)
    if len(branches) == 1:
        field.widget = forms.HiddenInput()


class UploadForm(forms.Form):
    files = FilesField(  # type: ignore[assignment]  # fields are taken off the class, nothing is hidden
        label="Scans",
        widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT}),
        error_messages={"required": "Choose at least one file."},
    )
    layout = forms.ChoiceField(
        label="What the pictures are",
        required=False,
        error_messages={"invalid_choice": UNKNOWN_LAYOUT},
        help_text="A cheque is known by its MICR line, any other form by what it prints.",
    )
    one_number = forms.BooleanField(required=False)  # for programs written before `layout` could be chosen
    branch = branch_field()
    idempotency_key = forms.CharField(
        required=False,
        max_length=100,
        error_messages={"max_length": "The key of an upload has at most 100 characters."},
    )

    def __init__(self, *arguments: Any, branches: Collection[int]) -> None:
        super().__init__(*arguments)
        _choose_among(self.fields["layout"], branches)
        choose_branch(self, branches)
        self._first = next(iter(branches))

    @property
    def printable(self) -> list[Layout]:
        """Shipped forms that can be printed, filled in and uploaded."""
        return [layout for layout in shipped_layouts() if layout.printable]

    @property
    def new_key(self) -> str:
        """A key for the uploads of a page that is shown now."""
        return secrets.token_urlsafe(16)

    def keyed_files(self) -> list[tuple[UploadedFile[bytes], str]]:
        """Each file with the key of its upload: the request's key, and which of its files it is."""
        key = self.cleaned_data["idempotency_key"]
        return [(file, f"{key}:{place}" if key else "") for place, file in enumerate(self.cleaned_data["files"])]

    def clean_layout(self) -> str:
        """The chosen layout. Without a choice, the reader finds out which layout fits."""
        return self.cleaned_data["layout"] or (ONE_NUMBER.name if self.data.get("one_number") else AUTO)

    def clean(self) -> dict[str, Any]:
        """Check that the branch has the layout. Without a choice, the person's first branch takes the files."""
        chosen, layout = self.cleaned_data.get("branch"), self.cleaned_data.get("layout")
        self.cleaned_data["branch_id"] = branch = chosen.pk if chosen else self._first
        others = len(self.fields["branch"].queryset) > 1  # type: ignore[attr-defined]  # of one, the choices are its own
        if others and layout and layout not in WITHOUT_FIELDS and layout not in known_forms([branch]):
            self.add_error("layout", UNKNOWN_LAYOUT)
        return self.cleaned_data


class LayoutForm(forms.Form):
    layout = forms.ChoiceField(
        label="Read it as", error_messages={"required": UNKNOWN_LAYOUT, "invalid_choice": UNKNOWN_LAYOUT}
    )

    def __init__(self, data: Any = None, *, branch: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        _choose_among(self.fields["layout"], [branch])


def _choose_among(field: forms.Field, branches: Collection[int]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = layout_choices(branches)


class ErrorRateForm(forms.Form):
    rate = forms.TypedChoiceField(
        label="Of what passes without a person, so much may be wrong",
        coerce=float,
        error_messages={"required": "Choose an error rate.", "invalid_choice": "Choose one of the error rates below."},
    )

    def __init__(self, data: Any = None, *, rates: Sequence[float]) -> None:
        super().__init__(data)
        field = self.fields["rate"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [(str(rate), f"{rate:.1%}") for rate in rates]


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
        """Whether the person looks for documents that they deleted and can bring back."""
        self.is_valid()
        return self.cleaned_data.get("state") == DELETED

    def documents(self, user: User) -> QuerySet[Document]:
        """The person's documents that match every filled-in field, the latest first.

        A field that is filled in wrongly matches all documents.
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
            documents = documents.filter(Q(Exists(in_doubt())) | Q(Exists(not_read())))
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
    """Fields and numbers of the outer query's document that need a person."""
    return FieldReading.in_doubt().filter(page__document=OuterRef("pk"))


def not_read() -> QuerySet[Page]:
    """Pages of the outer query's document that have faults and nothing to decide on."""
    told = FieldReading.told().filter(page=OuterRef("pk"))
    return Page.objects.filter(~Exists(told), document=OuterRef("pk")).exclude(faults=[])


def _called_or_holding(words: str) -> Q:
    """Documents with these words in their name, or in a number as it was read or corrected."""
    read = FieldReading.objects.filter(page__document=OuterRef("pk"))
    decided = Decision.objects.standing().filter(reading__page__document=OuterRef("pk"))
    amount = meaning_of(words, Kind.AMOUNT).value  # people search for what they see: 42,40,000.00
    holding = Q(value__contains=words) | Q(value__contains=amount)
    return (
        Q(name__icontains=words)
        | Exists(read.filter(holding | Q(text__contains=words)))
        | Exists(decided.filter(holding))
    )


class CorrectionForm(forms.Form):
    """A person's decision on a field: a value of its kind, or why there is none.

    Before a value is kept, the person has seen what it means and what speaks against it. A date is refused once, with
    its weekday, unless that was shown while it was typed (`echoed`); so is a number with dashes, without them. A value
    against which a check speaks is refused with the sentence, until the person keeps it all the same (`acknowledged`).
    """

    value = forms.CharField(label="What it is", max_length=2 * VALUE_LENGTH, required=False)
    verdict = forms.ChoiceField(choices=Decision.Verdict.choices, required=False)
    echoed = forms.CharField(required=False)
    acknowledged = forms.CharField(required=False)
    fill = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, reading: FieldReading) -> None:
        super().__init__(data)
        self.reading = reading
        self.kind = Kind(reading.kind)
        self.meaning = ""
        self.told = ""
        self.fields["value"].error_messages["max_length"] = FORMS[self.kind].sentence

    @property
    def fills(self) -> str:
        """The value that the person only wants in the field; empty where they decide."""
        self.is_valid()
        asked = self.cleaned_data.get("fill", "")
        return asked if FORMS[self.kind].holds(asked) else ""

    def clean(self) -> dict[str, Any]:
        """Check the value. Marks that people add when they write are removed, and any other value is refused."""
        cleaned = self.cleaned_data
        cleaned["overrode"] = []
        cleaned["verdict"] = Decision.Verdict(cleaned.get("verdict") or Decision.Verdict.VALUE)
        if cleaned["verdict"] is Decision.Verdict.VALUE and "value" in cleaned:
            meaning = meaning_of(cleaned["value"], self.kind, self.reading.layout_field)
            cleaned["value"] = meaning.value
            try:
                check(self.kind, meaning.value)
            except forms.ValidationError as error:
                self.add_error("value", meaning.refusal or error)
            else:
                self.meaning = meaning.value
                self._hold_against_checks(meaning)
        return cleaned

    def _hold_against_checks(self, meaning: Meaning) -> None:
        checks = [*meaning.doubts, *checks_of(self.reading, meaning.value)]
        day = day_of(meaning.value) if self.kind is Kind.DATE else None
        checks += filter(None, [objection_on(self.reading, day)])
        known = _fingerprint(meaning.value, checks)
        if checks and self.cleaned_data.get("acknowledged") != known:
            self.told = known
            self.add_error("value", " ".join(checks))
        elif (day or meaning.shown_first) and not checks and self.cleaned_data.get("echoed") != meaning.value:
            value = long_form(day) if day else meaning.value
            self.add_error("value", forms.ValidationError(NOT_SEEN.format(value=value), code=LOOK_AGAIN))
        self.cleaned_data["overrode"] = checks


class SeenForm(forms.Form):
    """Which version of a reading the person saw who decides on it, or undoes the decision."""

    made_on = forms.IntegerField(required=False)

    @property
    def seen_version(self) -> int:
        """The version of the reading that the person saw; 0 where they saw what was read, or did not say."""
        self.is_valid()
        return int(self.cleaned_data.get("made_on") or 0)


class ColumnForm(forms.Form):
    """Which cells of a table's column the person saw who decides on all of them at once, or undoes it."""

    seen = forms.RegexField("^[0-9]{1,18}(?: [0-9]{1,18})*$")

    @property
    def keys(self) -> set[int]:
        """The keys of these cells; none where the person did not say."""
        return {int(key) for key in self.cleaned_data["seen"].split()} if self.is_valid() else set()


def _fingerprint(value: str, checks: list[str]) -> str:
    """Names a value with the checks against it, so that only these can be set aside."""
    return hashlib.sha256("\n".join([value, *checks]).encode()).hexdigest()[:16]
