from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import checks, sign_in_record  # noqa: F401  # the imports register checks and receivers

        post_migrate.connect(self.put_triggers_in_place, sender=self)

    def put_triggers_in_place(self, **_: Any) -> None:
        """Make the triggers of this app's tables."""
        from accounts.triggers import RECORD, ROLES, put_in_place

        put_in_place((*RECORD, *ROLES))
