"""The roles, and what each of them may do: one table, which the code asks and a page shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models


class Role(models.TextChoices):
    """What a person is in a branch, or in the whole organisation."""

    OWNER = "owner", "Owner"
    CLERK = "clerk", "Clerk"
    CHECKER = "checker", "Checker"
    SUPERVISOR = "supervisor", "Supervisor"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class May(models.TextChoices):
    """What somebody may do. All but the last three are asked of a document, a layout or a branch."""

    SEE = "see", "See documents, their pictures and values, and export them"
    UPLOAD = "upload", "Upload scans, and have documents read again"
    KEY = "key", "Decide on values, and take decisions back"
    DELETE = "delete", "Delete documents, and bring them back"
    TEACH = "teach", "Teach layouts, with their samples"
    OFFER = "offer", "Offer layouts to the whole organisation"
    INVITE = "invite", "Invite clerks and checkers into the branch, and give and end these roles"
    SET_UP = "set_up", "Set up branches, and give and end every role but their own"
    CHOOSE = "choose", "Choose the error rate"
    AUDIT = "audit", "Read the record of what happened"


FOR_ALL = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""The roles that hold in the whole organisation. They reach into every branch but private ones."""

GIVEN_BY_SUPERVISORS = (Role.CLERK, Role.CHECKER)
"""The roles that a supervisor gives and ends in the branch."""

OF_A_BRANCH = (Role.CLERK, Role.CHECKER, Role.SUPERVISOR)
"""The roles that a person has in a branch."""

WORDS: Mapping[Role, str] = {
    Role.OWNER: "Works alone, in a private branch that nobody else sees.",
    Role.CLERK: "Uploads scans, and decides on the values of the branch.",
    Role.CHECKER: "Looks at what the branch has done, and keys nothing.",
    Role.SUPERVISOR: "Runs the branch: its people, its layouts and its work.",
    Role.AUDITOR: "Reads everything in all branches, and changes nothing.",
    Role.ADMINISTRATOR: "Cares for people, branches and settings, and sees no image and no value.",
}

TABLE: Mapping[Role, frozenset[May]] = {
    Role.OWNER: frozenset({May.SEE, May.UPLOAD, May.KEY, May.DELETE, May.TEACH}),
    Role.CLERK: frozenset({May.SEE, May.UPLOAD, May.KEY, May.DELETE}),
    Role.CHECKER: frozenset({May.SEE}),
    Role.SUPERVISOR: frozenset({May.SEE, May.UPLOAD, May.KEY, May.DELETE, May.TEACH, May.OFFER, May.INVITE}),
    Role.AUDITOR: frozenset({May.SEE, May.AUDIT}),
    Role.ADMINISTRATOR: frozenset({May.OFFER, May.SET_UP, May.CHOOSE}),
}

LEFT_ALONE = frozenset({May.SEE, May.KEY, May.DELETE})
"""What an owner may do in the private branch once they work for others: finish what is there, and begin nothing new."""
