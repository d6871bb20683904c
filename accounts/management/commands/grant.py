"""Give the application its own role in PostgreSQL: `manage.py grant ROLE`, as the role that owns the tables."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql

ADDED_TO = ("accounts_auditevent",)
"""Tables to which the application may add rows, and nothing else."""


class Command(BaseCommand):
    help = "Make or refresh the role with which the site and its workers use PostgreSQL. Run it after each migration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")
        parser.add_argument(
            "--password", default=os.environ.get("APP_PASSWORD", ""), help="default: APP_PASSWORD from the environment"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles. On SQLite the triggers alone refuse changes of the record.")
        if not options["password"]:
            raise CommandError("The role needs a password: set APP_PASSWORD.")
        role = sql.Identifier(options["role"])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [options["role"]])
            verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
            statements = [
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                    verb, role, sql.Literal(options["password"])
                ),
                sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
                sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role),
                sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
                *(
                    sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), role)
                    for table in ADDED_TO
                ),
                sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(role),
            ]
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{options['role']} may use the tables, and only add to {', '.join(ADDED_TO)}.")
