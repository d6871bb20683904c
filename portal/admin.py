"""The administrators' site: who enters, what its pages may run, and which tables are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.decorators import secure_admin_login
from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from unfold.sites import UnfoldAdminSite

SHOWN_APPS = {"accounts", "recognition"}
# Alpine evaluates the attributes it finds; the theme's colours come as a <style>. Pages outside the site have neither.
LOOSER_POLICY = {"script-src": UNSAFE_EVAL, "style-src": UNSAFE_INLINE}


class Site(UnfoldAdminSite):  # type: ignore[misc]
    """Django's admin, read by administrators who signed in the way everybody does."""

    site_header = site_title = "Countersign"
    index_title = "Dashboard"

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Show our own tables alone: other packages' pages would show tokens and sessions."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([model for model in models if model._meta.app_label in SHOWN_APPS], admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Every page of the site passes here; it carries the looser policy, and only it."""
        guarded: Callable[..., Any] = csp_update(LOOSER_POLICY)(super().admin_view(view, cacheable))
        return guarded

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Through the site's own sign-in, so that its rate limits and confirmations hold here too."""
        page: HttpResponse = super().login(request, extra_context)
        return page

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Through the account pages, for the same reason."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Nothing here completes; it would tell the names of files."""
        raise Http404
