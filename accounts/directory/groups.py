"""Finds a person's groups in what the directory says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class NoGroups(Exception):
    """The directory named no groups, in the form in which we look for them. The text says why, for the log."""


def groups_in(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The groups that stand in a claim.

    Args:
        claims: What the directory says of a person.
        claim: The claim's name, or names with dots between, one inside the other: "realm_access.roles". Some
            directories have dots in a name ("https://bank.example/groups"), so the whole is tried as a name first.

    Raises:
        NoGroups: There is no such claim, or it is no list of texts.
    """
    found: Any = claims
    if claim in claims:
        found = claims[claim]
    else:
        for name in claim.split("."):
            if not isinstance(found, Mapping) or name not in found:
                raise NoGroups(_why_missing(claims, claim))
            found = found[name]
    if not isinstance(found, list) or not all(isinstance(group, str) for group in found):
        raise NoGroups(f"the claim {claim} is no list of texts, but {type(found).__name__}")
    return found


def _why_missing(claims: Mapping[str, Any], claim: str) -> str:
    # Entra leaves the claim out for a person of more than 200 groups, and says so in one of these ways.
    elsewhere = claims.get("_claim_names")
    if claims.get("hasgroups") or (isinstance(elsewhere, Mapping) and claim in elsewhere):
        return f"the claim {claim} was left out because the person is in too many groups"
    return f"there is no claim {claim}"
