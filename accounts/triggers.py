"""Triggers that refuse what no code of ours does, on PostgreSQL and SQLite both: rows of a record that change or go.

They are put in place after each migration, because SQLite loses them when a migration builds a table anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004  # Django calls it so
from django.db import connection

FUNCTION = """
CREATE OR REPLACE FUNCTION countersign_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""

DIFFERS = " IS DISTINCT FROM "


@dataclass(frozen=True, slots=True)
class Refusal:
    """A trigger that refuses one kind of statement on a table.

    Attributes:
        table: The table.
        statement: "UPDATE", "DELETE" or "TRUNCATE". SQLite has no TRUNCATE.
        when: The rows on which it is refused, in SQL that both databases know; empty for all.
    """

    table: str
    statement: str
    when: str = ""

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_no_{self.statement.lower()}"

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it looks at."""
        return frozenset(re.findall(r"(?:NEW|OLD)\.(\w+)", self.when))

    @property
    def of_this_database(self) -> bool:
        """Whether this database knows the statement."""
        return connection.vendor == "postgresql" or self.statement != "TRUNCATE"

    @property
    def sql(self) -> str:
        """The statement that makes it on this database."""
        when = f" WHEN ({self.when})" if self.when else ""
        if connection.vendor == "postgresql":
            each = "STATEMENT" if self.statement == "TRUNCATE" else "ROW"
            return (
                f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {self.statement} ON {self.table} "
                f"FOR EACH {each}{when} EXECUTE FUNCTION countersign_refuse()"
            )
        when = when.replace(DIFFERS, " IS NOT ")  # older SQLite knows no other word
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.statement} ON {self.table} FOR EACH ROW{when} "
            f"BEGIN SELECT RAISE(ABORT, '{self.statement} of {self.table} is refused'); END"
        )


def append_only(table: str) -> tuple[Refusal, ...]:
    """The triggers of a table whose rows are added and nothing else."""
    return tuple(Refusal(table, statement) for statement in ("UPDATE", "DELETE", "TRUNCATE"))


def changed(*columns: str) -> str:
    """The condition that one of these columns is changed by an update."""
    return " OR ".join(f"NEW.{column}{DIFFERS}OLD.{column}" for column in columns)


RECORD = append_only("accounts_auditevent")

_AS_GIVEN = ("person_id", "branch_id", "role", "since", "given_by_id", "from_directory")
ROLES = (
    # A role is given as it is. Its end is set once.
    Refusal("accounts_membership", "UPDATE", f"OLD.until IS NOT NULL OR {changed(*_AS_GIVEN)}"),
    # With an account of which nothing is kept, its private branch goes.
    Refusal("accounts_membership", "DELETE", "OLD.role <> 'owner'"),
    Refusal("accounts_membership", "TRUNCATE"),
)


def put_in_place(refusals: Iterable[Refusal]) -> None:
    """Make the triggers anew, of tables that are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for refusal in _fitting(refusals, cursor):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {refusal.name}")
            cursor.execute(refusal.sql)


def missing(refusals: Sequence[Refusal]) -> list[Refusal]:
    """The triggers that are not there, of tables that are."""
    with connection.cursor() as cursor:
        fitting = _fitting(refusals, cursor)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {row[0] for row in cursor.fetchall()}
    return [refusal for refusal in fitting if refusal.name not in there]


def _fitting(refusals: Iterable[Refusal], cursor: Any) -> list[Refusal]:
    """Those of tables that are there with all columns: migrations may have stopped halfway, or gone back."""
    tables = set(connection.introspection.table_names(cursor))
    fitting = []
    for refusal in refusals:
        if refusal.of_this_database and refusal.table in tables:
            described = connection.introspection.get_table_description(cursor, refusal.table)
            if refusal.columns <= {column.name for column in described}:
                fitting.append(refusal)
    return fitting


def findings(refusals: Sequence[Refusal], number: str) -> list[CheckMessage]:
    """A warning for each trigger that is missing. It is no error, because `migrate`, which mends it, stops at errors.

    Args:
        refusals: The triggers that should be there.
        number: The warnings' id.
    """
    return [
        Warning(
            f"{refusal.statement} of {refusal.table} is not refused: the trigger {refusal.name} is missing.",
            hint="Run `manage.py migrate`: it puts the triggers in their place.",
            id=number,
        )
        for refusal in missing(refusals)
    ]
