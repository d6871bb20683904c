"""`manage.py check --deploy` with settings as in production. No server is asked."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """The exit status of the check; its findings are on standard output."""
    with tempfile.TemporaryDirectory() as place:
        production = {
            "SITE_URL": "https://cheques.example.com",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ENCRYPTION_KEYS": f"2026:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "DATABASE_URL": "postgres://countersign:password@postgres.invalid:5432/countersign",
            "REDIS_URL": "redis://:password@redis.invalid:6379/0",
            "EMAIL_URL": "smtp+tls://user:password@mail.invalid:587",
            "TRUSTED_PROXIES": "1",
            "DEBUG": "false",
            "COUNTERSIGN_VAR": place,
        }
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        return subprocess.run(command, cwd=ROOT, env=os.environ | production, check=False).returncode  # noqa: S603  # our own words


if __name__ == "__main__":
    sys.exit(main())
