"""The organisation, its branches, and who is what in them."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone

from accounts.models.audit import Action, record
from accounts.roles import FOR_ALL, Role

CODE = RegexValidator(r"^[A-Z0-9-]{1,12}\Z", "A code has at most 12 capital letters, digits and hyphens.")
CURRENCY = RegexValidator(r"^[A-Z]{3}\Z", "A currency has three capital letters, such as USD (ISO 4217).")


def time_zone_exists(name: str) -> None:
    """Check that a time zone has this name.

    Raises:
        ValidationError: None has.
    """
    if name and name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is no time zone. One is called “Asia/Kolkata”, for example.")


class Organisation(models.Model):
    """Who runs this installation. It has one row; there may be more one day."""

    name = models.CharField(max_length=120, default="Our organisation")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def ours(cls) -> Organisation:
        """The organisation of this installation."""
        found = cls.objects.order_by("pk").first()
        return found or cls.objects.create()


class Branch(models.Model):
    """Where people work together. Documents and layouts belong to a branch.

    A person without a branch has a private one, which nobody else sees.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="branches")
    name = models.CharField(max_length=120)
    code = models.CharField(
        "code", max_length=12, blank=True, validators=[CODE], help_text="As the bank knows it, such as NY-01."
    )
    time_zone = models.CharField(
        max_length=60, blank=True, validators=[time_zone_exists], help_text="Empty for that of the site."
    )
    currency = models.CharField(
        max_length=3, blank=True, validators=[CURRENCY], help_text="Of amounts whose layout names none."
    )
    private_of = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="private_branch"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField("closed", null=True, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "code"], condition=~models.Q(code=""), name="one_branch_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    @classmethod
    def begin_private(cls, person: Any) -> Branch:
        """Make the private branch of a new person, who owns it."""
        branch = cls.objects.create(organisation=Organisation.ours(), name="Private", private_of=person)
        Membership.objects.create(person=person, branch=branch, role=Role.OWNER)
        return branch


def placed_right() -> models.Q:
    """Whether a row's role and branch fit: a role of the whole organisation has no branch, each other role has one."""
    for_all = models.Q(role__in=sorted(FOR_ALL))
    return (for_all & models.Q(branch=None)) | (~for_all & models.Q(branch__isnull=False))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def now(self) -> MembershipQuerySet:
        """Those that hold."""
        return self.filter(until=None)


class Membership(models.Model):
    """A role that a person has, or had, in a branch or in the whole organisation.

    It is never changed but for its end, so that the rows tell who was what, where and when.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="branch, if of one"
    )
    role = models.CharField(max_length=14, choices=Role.choices)
    since = models.DateTimeField("from", default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_directory = models.BooleanField("given by the bank's directory", default=False, editable=False)

    objects: ClassVar[models.Manager[Membership]] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        ordering = ("since", "pk")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "until"], name="membership_now")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=placed_right(), name="membership_has_its_place"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="membership_ends_after"
            ),
            # Nobody raises or spares themselves.
            models.CheckConstraint(condition=~models.Q(given_by=models.F("person")), name="nobody_gives_own_role"),
            models.CheckConstraint(
                condition=models.Q(from_directory=False) | models.Q(given_by=None), name="nobody_gives_for_directory"
            ),
            # The same role by hand and from the directory are two rows, so that each ends by itself.
            models.UniqueConstraint(
                fields=["person", "branch", "role", "from_directory"],
                condition=models.Q(until=None),
                name="one_role_in_a_branch",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "from_directory"],
                condition=models.Q(until=None, branch=None),
                name="one_role_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.branch or 'the whole organisation'}"

    @classmethod
    def give(cls, person: Any, role: Role, branch: Branch | None = None, *, by: Any = None) -> Membership:
        """Give a person a role; whoever has it keeps it as it is.

        Args:
            person: Who gets it.
            role: The role.
            branch: Where; None for a role of the whole organisation.
            by: Who gives it; None where the site itself does.
        """
        with transaction.atomic():
            held, is_new = cls.objects.get_or_create(
                person=person, branch=branch, role=role, until=None, from_directory=False, defaults={"given_by": by}
            )
            if is_new:
                record(Action.ROLE_GIVEN, person, by=by, branch=held.branch_id, role=role)
        return held

    @classmethod
    def give_from_directory(cls, person: Any, role: Role, branch: Branch | None) -> Membership:
        """Give a person the role that a group of theirs says, beside what they may have by hand."""
        with transaction.atomic():
            held, is_new = cls.objects.get_or_create(
                person=person, branch=branch, role=role, until=None, from_directory=True
            )
            if is_new:
                record(Action.ROLE_GIVEN, person, branch=held.branch_id, role=role, from_directory=True)
        return held

    def end(self, by: Any = None) -> datetime | None:
        """End it now. None where it has ended already."""
        now = timezone.now()
        with transaction.atomic():
            ended = Membership.objects.filter(pk=self.pk, until=None).update(until=now, ended_by=by)
            if ended:
                source = {"from_directory": True} if self.from_directory else {}
                record(Action.ROLE_ENDED, self.person, by=by, branch=self.branch_id, role=self.role, **source)
        return now if ended else None
