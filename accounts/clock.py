"""The database's clock. All processes compare times by it, because a machine's own clock may be wrong."""

from __future__ import annotations

from typing import Any

from django.db.models import functions


class Now(functions.Now):
    """The time at which the database begins the statement. On SQLite the database is this process.

    SQLite knows milliseconds. A time is stored as text, and compared as text. So it is written with six digits as
    Django does, and a microsecond later, because Django writes none of the digits where all are 0.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Its SQL there."""
        template = "STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f001', 'NOW')"
        return self.as_sql(compiler, connection, template=template, **context)
