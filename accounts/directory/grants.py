"""What the directory's groups give here: `DIRECTORY_ROLES`, read entry by entry."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models.organisation import CODE
from accounts.roles import FOR_ALL, OF_A_BRANCH, Role

log = logging.getLogger(__name__)

GIVEN = (*OF_A_BRANCH, *sorted(FOR_ALL))
"""The roles that a group can give. Nobody is made the owner of a private branch."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the code of the branch in which it holds; empty for the whole organisation."""

    role: Role
    branch: str

    @classmethod
    def parse(cls, written: Any) -> Grant:
        """What an entry such as "clerk@NY-01" or "auditor" gives.

        Raises:
            ValueError: It names no role, or no place that fits the role; the sentence says which.
        """
        if not isinstance(written, str):
            raise ValueError(f"{written!r} is no text such as “clerk@NY-01” or “auditor”.")  # noqa: TRY004  # one kind
        role, at, branch = written.partition("@")
        if role not in GIVEN:
            raise ValueError(f"“{written}” names no role. Roles are {', '.join(GIVEN)}.")
        if role in FOR_ALL and at:
            raise ValueError(f"“{written}”: the role {role} holds in the whole organisation, so it has no branch.")
        if role not in FOR_ALL:
            try:
                CODE(branch)
            except ValidationError:
                raise ValueError(f"“{written}” has no branch's code, as “{role}@NY-01” has.") from None
        return cls(Role(role), branch)


def read(roles: Any) -> Iterator[tuple[str, Grant | ValueError]]:
    """Each group of the mapping with what it gives, or with what is wrong about it. A group may have several."""
    if not isinstance(roles, dict):
        yield "", ValueError('It is no JSON object of groups, such as {"cheques-ny": "clerk@NY-01"}.')
        return
    for group, written in roles.items():
        for entry in written if isinstance(written, list) else [written]:
            try:
                yield group, Grant.parse(entry)
            except ValueError as mistake:
                yield group, mistake


def grants_of(groups: Iterable[str]) -> set[Grant]:
    """What these groups give together. Names are compared exactly; a wrong entry gives nothing, and is logged."""
    held = frozenset(groups)
    found = set()
    for group, grant in read(settings.DIRECTORY.roles):
        if isinstance(grant, ValueError):
            log.error("DIRECTORY_ROLES, group %r: %s It gives nothing.", group, grant)
        elif group in held:
            found.add(grant)
    return found
