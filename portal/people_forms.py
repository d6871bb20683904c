"""The forms with which people are invited, get roles, and branches are set up."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator, validate_email

from accounts.access import branches_run_by, roles_given_by
from accounts.models import Branch, User
from accounts.models.organisation import CODE, CURRENCY
from accounts.roles import FOR_ALL, Role

CSV_BYTES = 200_000
CSV_COLUMNS = ("email", "role", "branch")
SHOWN_ERRORS = 10


class RoleForm(forms.Form):
    """A role, and the branch in which it holds."""

    role = forms.ChoiceField(label="Role", error_messages={"invalid_choice": "Choose one of the roles in the list."})
    branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label="Branch",
        required=False,
        empty_label="The whole organisation",
        help_text="Auditors and administrators have their role in the whole organisation, all others in a branch.",
        error_messages={"invalid_choice": "Choose one of the branches in the list."},
    )

    def __init__(self, *arguments: Any, by: User) -> None:
        super().__init__(*arguments)
        roles, branches = roles_given_by(by), branches_run_by(by).filter(closed_at=None)
        role, branch = self.fields["role"], self.fields["branch"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101
        assert isinstance(branch, forms.ModelChoiceField)  # noqa: S101
        role.choices = [(role.value, role.label) for role in roles]
        branch.queryset = branches
        branch.initial = branches.first()
        if not FOR_ALL & set(roles):
            branch.empty_label, branch.help_text = None, ""

    def clean(self) -> dict[str, Any]:
        """Check that role and branch fit."""
        cleaned = self.cleaned_data
        if "role" in cleaned and "branch" in cleaned:
            cleaned["role"] = role = Role(cleaned["role"])
            if role in FOR_ALL:
                cleaned["branch"] = None
            elif cleaned["branch"] is None:
                self.add_error("branch", f"Choose the branch in which they are {role.label.lower()}.")
        return cleaned


class InviteForm(RoleForm):
    """Invites an address into a branch."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "role", "branch")

    def clean_email(self) -> str:
        """The address in small letters, as accounts have it."""
        email: str = self.cleaned_data["email"]
        return email.lower()


@dataclass(frozen=True, slots=True)
class Invited:
    """A line of a list of people to invite."""

    email: str
    role: Role
    branch: Branch | None


class InviteManyForm(forms.Form):
    """Invites all people of a CSV file, or none where a line is wrong."""

    file = forms.FileField(
        label="A CSV file with the columns email, role, branch",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="The branch is given by its code; for an auditor or administrator it is empty.",
        error_messages={"required": "Choose a CSV file."},
    )

    def __init__(self, *arguments: Any, by: User) -> None:
        super().__init__(*arguments)
        self.by = by
        self.people: list[Invited] = []

    def clean_file(self) -> UploadedFile[bytes]:
        """Read all lines; what is wrong is told with its line."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > CSV_BYTES:
            raise ValidationError("This file is too large: at most some thousand people are invited at once.")
        try:
            lines = csv.DictReader(io.StringIO(file.read().decode("utf-8-sig")), strict=True)
            rows = [{(key or "").strip().lower(): (cell or "") for key, cell in row.items()} for row in lines]
        except (UnicodeDecodeError, csv.Error, AttributeError) as error:
            raise ValidationError("This is no CSV file in UTF-8.") from error
        if not rows or not set(CSV_COLUMNS[:2]) <= set(rows[0]):
            raise ValidationError("The first line has to name the columns: email,role,branch.")
        branches = {branch.code: branch for branch in branches_run_by(self.by).filter(closed_at=None)}
        faults = []
        for number, row in enumerate(rows, start=2):
            try:
                self.people.append(self._invited(row, branches))
            except ValidationError as error:
                faults.append(f"Line {number}: {error.messages[0]}")
        if faults:
            more = [f"And {len(faults) - SHOWN_ERRORS} more lines."] if len(faults) > SHOWN_ERRORS else []
            raise ValidationError([*faults[:SHOWN_ERRORS], *more, "Nobody was invited."])
        return file

    def _invited(self, row: dict[str, str], branches: dict[str, Branch]) -> Invited:
        email, role, code = (row.get(column, "").strip() for column in CSV_COLUMNS)
        if email.lower() in (one.email for one in self.people):
            raise ValidationError(f"“{email}” stands in the list twice.")
        try:
            MaxLengthValidator(254)(email)
            validate_email(email)
        except ValidationError:
            raise ValidationError(f"“{email}” is no e-mail address.") from None
        if role.lower() not in roles_given_by(self.by):
            raise ValidationError(f"“{role}” is no role that you give.")
        chosen = Role(role.lower())
        if chosen in FOR_ALL:
            return Invited(email.lower(), chosen, None)
        if not code or code.upper() not in branches:
            raise ValidationError(f"“{code}” is no code of a branch that you run.")
        return Invited(email.lower(), chosen, branches[code.upper()])


class CapitalsField(forms.CharField):
    """A text in capital letters, however it is typed."""

    def to_python(self, value: Any) -> str:
        """The text in capital letters."""
        return str(super().to_python(value)).upper()


class BranchForm(forms.ModelForm):  # type: ignore[type-arg]
    """Sets a branch up."""

    code = CapitalsField(label="Code", max_length=12, validators=[CODE], help_text="As the bank knows it: NY-01.")
    currency = CapitalsField(
        max_length=3, required=False, validators=[CURRENCY], help_text="Of amounts whose layout names none: USD."
    )

    class Meta:
        model = Branch
        fields = ("name", "code", "time_zone", "currency")
        error_messages: ClassVar[dict[str, dict[str, str]]] = {"name": {"required": "Give the branch a name."}}

    def clean_code(self) -> str:
        """The code, which no other branch has."""
        code: str = self.cleaned_data["code"]
        if Branch.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another branch has this code.")
        return code
