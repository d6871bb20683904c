"""The only way to people and branches for those who care for them, as their roles let them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Branch, Invitation, Membership, User
from accounts.roles import GIVEN_BY_SUPERVISORS, OF_A_BRANCH, May, Role


def sets_up(user: User) -> bool:
    """Whether this person cares for the whole organisation."""
    return May.SET_UP in user.rights.for_all


def require_set_up(user: User) -> None:
    """Let only those pass who care for the whole organisation.

    Raises:
        PermissionDenied: This person does not.
    """
    if not sets_up(user):
        raise PermissionDenied


def branches_run_by(user: User) -> QuerySet[Branch]:
    """The branches whose people this person cares for; never a private one.

    Raises:
        PermissionDenied: They care for none.
    """
    branches = Branch.objects.filter(private_of=None)
    if sets_up(user):
        return branches
    run = user.rights.branches(May.INVITE)
    if not run:
        raise PermissionDenied
    return branches.filter(pk__in=run)


def people_for(user: User) -> QuerySet[User]:
    """The people for whom this person cares: all of them, or those who have a role in the branches they run."""
    branches = branches_run_by(user)
    if sets_up(user):
        return User.objects.all()
    return User.objects.filter(pk__in=Membership.objects.now().filter(branch__in=branches).values("person"))


def get_person_for(user: User, pk: int) -> User:
    """One of the people for whom this person cares; raises Http404 where there is none."""
    found = people_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def memberships_for(user: User, person: User) -> QuerySet[Membership]:
    """The roles of a person, now and before, as far as the one who asks cares for them."""
    held = person.memberships.exclude(role=Role.OWNER).select_related("branch", "given_by", "ended_by")
    found = held if sets_up(user) else held.filter(branch__in=branches_run_by(user))
    return found.order_by("-since", "-pk")


def get_membership_for(user: User, person: User, pk: int) -> Membership:
    """A role of a person, to end it.

    Raises:
        Http404: There is none, or the one who asks does not care for it.
        PermissionDenied: It is their own, or it is not theirs to give and end.
    """
    found = memberships_for(user, person).filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.person_id == user.pk or Role(found.role) not in roles_given_by(user):
        raise PermissionDenied
    return found


def invitations_for(user: User) -> QuerySet[Invitation]:
    """The invitations that this person may make, send again and revoke, whoever made them."""
    branches = branches_run_by(user)
    found = Invitation.objects.select_related("branch", "invited_by")
    return found if sets_up(user) else found.filter(branch__in=branches, role__in=roles_given_by(user))


def invite(user: User, email: str, role: Role, branch: Branch | None) -> Invitation:
    """Invite an address, in small letters, to a role that this person gives.

    Raises:
        ValidationError: It is their own address, its account was closed, or somebody else has invited it to something
            that is not theirs to change.
        OSError: The mail server did not take the mail. The invitation stands, and can be sent again.
    """
    if email == user.email:
        raise ValidationError("This is your own address: another person has to give you roles.")
    if User.objects.filter(email=email, left_at__isnull=False).exists():
        raise ValidationError("The account of this address was closed, and stays in the record. Use another address.")
    open_ones = Invitation.objects.open().filter(email=email)
    if open_ones.exists() and not invitations_for(user).filter(pk__in=open_ones.values("pk")).exists():
        raise ValidationError("Somebody else has invited this address. Ask an administrator.")
    return Invitation.into(email, role, branch, by=user)


def get_invitation_for(user: User, pk: int) -> Invitation:
    """One of these invitations; raises Http404 where there is none."""
    found = invitations_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def roles_given_by(user: User) -> tuple[Role, ...]:
    """The roles that this person gives and ends: all, or those of the people whom a supervisor runs."""
    return (*OF_A_BRANCH, Role.AUDITOR, Role.ADMINISTRATOR) if sets_up(user) else GIVEN_BY_SUPERVISORS


def get_branch_for(user: User, pk: int) -> Branch:
    """A branch, to set it up.

    Raises:
        Http404: There is none.
        PermissionDenied: This person sets up none.
    """
    require_set_up(user)
    found = branches_run_by(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
