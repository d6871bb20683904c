"""The administrators' pages of people and invitations: the state of accounts, and nothing that people uploaded."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import display

from accounts.admin_lists import ClosedList
from accounts.models import INVITATION_DAYS, Action, Invitation, User
from accounts.models.audit import record


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

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save what an operator changed, and record it."""
        super().save_model(request, obj, form, change)
        record(Action.OPERATOR_CHANGED, obj, after={name: form.cleaned_data[name] for name in form.changed_data})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody is added here: people register, and `createsuperuser` makes an administrator."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted here: people delete their accounts themselves, with seven days to undo it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser decides who may sign in and who may administer."""
        return bool(request.user.is_active and request.user.is_superuser)


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Invites an address that has neither an account nor an invitation."""

    class Meta:
        help_texts: ClassVar[dict[str, str]] = {
            "email": f"A mail with a link goes to it at once. The link holds for {INVITATION_DAYS} days."
        }

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("This address has an account already.")
        if Invitation.objects.filter(email=email).exists():
            raise forms.ValidationError("This address was invited before: choose it in the list, and “Send again”.")
        return email


@admin.register(Invitation)
class InvitationAdmin(ClosedList):
    """The list of invitations: inviting an address sends it a mail with a link."""

    form = InvitationForm
    fields = ("email",)
    list_display = ("email", "status", "invited_by", "sent_at", "expires_at", "accepted_at")
    list_display_links = None
    list_select_related = ("invited_by",)
    list_before_template = "admin/invitations.html"
    search_fields = ("email",)
    ordering = ("-sent_at",)
    actions = ("send_again", "revoke")

    @display(  # type: ignore[untyped-decorator]
        description="state",
        label={
            Invitation.State.OPEN: "info",
            Invitation.State.ACCEPTED: "success",
            Invitation.State.REVOKED: "danger",
            Invitation.State.EXPIRED: "warning",
        },
    )
    def status(self, invitation: Invitation) -> str:
        return invitation.state

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Nothing of an invitation is edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """An invitation is revoked, and stays in the list."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        """Show the form with one button: an invitation has no page of its own to go on with."""
        buttons = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **buttons})

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        obj.invited_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)
        # After the transaction: the mail server may be slow, and events would wait for it.
        transaction.on_commit(partial(self._send, request, obj))

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        """Go back to the list: whether the mail went out is said there."""
        return redirect("admin:accounts_invitation_changelist")

    @admin.action(description="Send again", permissions=["add"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        """Mail the link once more, valid from now on."""
        for invitation in chosen.filter(accepted_at=None):
            self._send(request, invitation)

    @admin.action(description="Revoke", permissions=["add"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        """Make links invalid."""
        revoked = [invitation.email for invitation in chosen if invitation.revoke()]
        self.message_user(request, f"Revoked: {', '.join(revoked) or 'none, for all were used'}.")

    def _send(self, request: HttpRequest, invitation: Invitation) -> None:
        try:
            invitation.send()
        except OSError as error:
            why = f"The mail to {invitation.email} did not go out ({error}). Choose it in the list, and “Send again”."
            self.message_user(request, why, messages.ERROR)
        else:
            self.message_user(request, f"Invited: {invitation.email}.", messages.SUCCESS)
