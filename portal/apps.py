from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.http import multipartparser

PART_HEAD_BYTES = 16 * 1024
"""The most bytes before a file in a request, of which nearly all are its name."""


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take files with long names. At Django's 1,024 bytes one such file refuses all others of its request."""
        multipartparser.MAX_TOTAL_HEADER_SIZE = PART_HEAD_BYTES  # type: ignore[attr-defined]  # its stubs lack it


class PortalAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "portal.admin.Site"
