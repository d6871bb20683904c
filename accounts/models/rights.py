"""What a person may do now, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.models.organisation import Branch, Membership
from accounts.roles import LEFT_ALONE, TABLE, May, Role

Actions = frozenset[May]
NOTHING: Actions = frozenset()

ALONE = frozenset({Role.OWNER, Role.ADMINISTRATOR})
"""The roles of people who work for nobody else."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do.

    Attributes:
        by_branch: In each of their branches, by its key.
        for_all: In the whole organisation, but for private branches.
        roles: What they are now, wherever.
        private: The key of their private branch; None for nobody.
        time_zone: The name of the time zone of their first branch; empty for that of the site.
    """

    by_branch: Mapping[int, Actions]
    for_all: Actions
    roles: frozenset[Role]
    private: int | None
    time_zone: str = ""

    @classmethod
    def of(cls, person: Any) -> Rights:
        """The rights of a person now, with one query; of a guest, none."""
        if isinstance(person, AnonymousUser) or person.pk is None:
            return cls({}, NOTHING, frozenset(), None)
        now = Membership.objects.now().filter(person=person)
        held = list(now.values_list("branch", "role", "branch__closed_at", "branch__time_zone"))
        by_branch: dict[int, Actions] = {}
        private: int | None = None
        for branch, role, closed_at, _ in held:
            if role == Role.OWNER:
                private = branch
            elif branch is not None and closed_at is None:
                by_branch[branch] = by_branch.get(branch, NOTHING) | TABLE[Role(role)]
        for_all = NOTHING.union(*(TABLE[Role(role)] for branch, role, *_ in held if branch is None))
        roles = frozenset(Role(role) for _, role, *_ in held)
        if private is not None:
            by_branch[private] = TABLE[Role.OWNER] | (for_all & {May.OFFER}) if roles <= ALONE else LEFT_ALONE
        zone = next((zone for branch, _, _, zone in held if branch in by_branch and zone), "")
        return cls(by_branch, for_all, roles, private, zone)

    @property
    def works_alone(self) -> bool:
        """Whether they work in their private branch, and for nobody else."""
        return self.roles <= ALONE

    def on(self, branch: int) -> Actions:
        """What they may do in a branch, of which they may at least see something."""
        return self.by_branch.get(branch, NOTHING if branch == self.private else self.for_all)

    def anywhere(self, action: May) -> bool:
        """Whether they may do this in any place."""
        return action in self.for_all or any(action in actions for actions in self.by_branch.values())

    def branches(self, action: May) -> list[int]:
        """The keys of their branches in which they may do this."""
        return [branch for branch, actions in self.by_branch.items() if action in actions]

    def where(self, action: May, branch: str = "branch") -> Q:
        """The condition for rows on which they may do this.

        Args:
            action: What they want to do.
            branch: The column with the row's branch.
        """
        own = Q(**{f"{branch}__in": self.branches(action)})
        if action not in self.for_all:
            return own
        return own | Q(**{f"{branch}__in": Branch.objects.filter(private_of=None).values("pk")})
