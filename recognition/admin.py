"""The operators' lists of documents and layouts: branch, person, state, size and times; no name, image or value."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern
from django.utils import timezone
from unfold.decorators import display

from accounts.admin_lists import ClosedList
from recognition.models import Document, Layout, WorkerProcess
from recognition.models.worker_process import ALIVE_SECONDS


class ListOnly(ClosedList):
    """A list whose rows have no pages, because the title of a row's page would print its name."""

    list_display_links = None
    actions = None

    def get_urls(self) -> list[URLPattern]:
        return [url for url in super().get_urls() if (url.name or "").endswith("_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(ListOnly):
    list_display = (
        "id",
        "branch",
        "uploaded_by",
        "status",
        "page_count",
        "readable_size",
        "attempts",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "created_at")
    list_select_related = ("branch", "uploaded_by")
    search_fields = ("uploaded_by__email",)
    search_help_text = "Find by the e-mail address of who uploaded it"
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Documents that nobody has deleted."""
        return Document.objects.all()

    @display(  # type: ignore[untyped-decorator]
        description="state",
        ordering="state",
        label={
            Document.State.QUEUED: "warning",
            Document.State.READING: "info",
            Document.State.READ: "success",
            Document.State.FAILED: "danger",
        },
    )
    def status(self, document: Document) -> tuple[str, str]:
        return document.state, document.get_state_display()

    @admin.display(description="size", ordering="size")
    def readable_size(self, document: Document) -> str:
        return filesizeformat(document.size)


@admin.register(Layout)
class LayoutAdmin(ListOnly):
    list_display = ("id", "branch", "made_by", "sample_state", "version_count", "offered", "created_at", "changed_at")
    list_filter = ("offered", "created_at")
    list_select_related = ("branch", "made_by")
    search_fields = ("made_by__email",)
    search_help_text = "Find by the e-mail address of who made it"
    ordering = ("-changed_at",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Layout]:
        """Layouts that nobody has removed, without the content of drafts and samples."""
        content = ("draft", "readings", "original", "sample", "reason")
        return Layout.objects.defer(*content).annotate(saved=Count("versions"))

    @admin.display(description="versions", ordering="saved")
    def version_count(self, layout: Layout) -> int:
        saved: int = layout.saved  # type: ignore[attr-defined]
        return saved


@admin.register(WorkerProcess)
class WorkerProcessAdmin(ListOnly):
    list_display = ("name", "queue", "loaded_model", "started_at", "seen_at", "is_alive")

    @admin.display(description="model", ordering="model_sha256")
    def loaded_model(self, process: WorkerProcess) -> str:
        return process.model_sha256[:12]

    @admin.display(description="heard of lately", boolean=True)
    def is_alive(self, process: WorkerProcess) -> bool:
        return timezone.now() - process.seen_at < timedelta(seconds=ALIVE_SECONDS)
