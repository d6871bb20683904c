"""The administrators' page of people. It shows the state of accounts and nothing that people uploaded."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from accounts.admin_lists import ClosedList
from accounts.models import User


@admin.register(User)
class UserAdmin(ClosedList):
    """The list of people. People register and close accounts themselves; here they are let in or kept out."""

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
        """Whether the person has confirmed the address."""
        return bool(user.is_confirmed)

    @display(description="joined", ordering="date_joined")  # type: ignore[untyped-decorator]
    def joined(self, user: User) -> Any:
        return user.date_joined

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody is added here: people register, and `createsuperuser` makes an administrator."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted here: people delete their accounts themselves, with seven days to undo it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser decides who may sign in and who may administer."""
        return bool(request.user.is_active and request.user.is_superuser)
