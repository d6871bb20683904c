from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecognitionConfig(AppConfig):
    name = "recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from recognition import checks  # noqa: F401  # the import registers the checks

        post_migrate.connect(self.put_triggers_in_place, sender=self)

    def put_triggers_in_place(self, **_: Any) -> None:
        """Make the triggers of this app's tables."""
        from accounts.triggers import put_in_place
        from recognition.triggers import DECISIONS

        put_in_place(DECISIONS)
