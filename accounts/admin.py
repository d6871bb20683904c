"""People, as administrators see them: states and facts, nothing of what they uploaded."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.models import User


@admin.register(User)
class UserAdmin(ModelAdmin):  # type: ignore[misc]
    """Who there is and how they stand. A person registers and closes the account; here they are let in or kept out."""

    list_display: ClassVar[list[str]] = [
        "email",
        "confirmed",
        "is_active",
        "is_staff",
        "joined",
        "last_login",
        "close_at",
    ]
    list_filter: ClassVar[list[str]] = ["is_active", "is_staff", "date_joined"]
    search_fields: ClassVar[list[str]] = ["email"]
    ordering: ClassVar[list[str]] = ["-date_joined"]
    fields: ClassVar[list[str]] = ["email", "is_active", "is_staff", "is_superuser", "joined", "last_login", "close_at"]
    readonly_fields: ClassVar[list[str]] = ["email", "joined", "last_login", "close_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request)
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        return people.annotate(is_confirmed=Exists(verified))

    @display(description="address confirmed", boolean=True)  # type: ignore[untyped-decorator]
    def confirmed(self, user: Any) -> bool:
        """Whether the person has shown that the address is theirs."""
        return bool(user.is_confirmed)

    @display(description="joined", ordering="date_joined")  # type: ignore[untyped-decorator]
    def joined(self, user: User) -> Any:
        return user.date_joined

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody is made here: people register, and `createsuperuser` makes an administrator."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a person deletes an account, with seven days to undo."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who enters and who administers is a superuser's to say."""
        return bool(request.user.is_active and request.user.is_superuser)
