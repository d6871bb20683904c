"""The administrators' site: who may enter, what its pages may run, and which tables it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.decorators import secure_admin_login
from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.decorators import method_decorator
from unfold.sites import UnfoldAdminSite

SHOWN_APPS = {"accounts", "recognition"}
# Alpine evaluates attributes, and the theme's colours come in a <style>. Only the administrators' pages have these.
LOOSER_POLICY = {"script-src": UNSAFE_EVAL, "style-src": UNSAFE_INLINE}


class Site(UnfoldAdminSite):  # type: ignore[misc]
    """Django's admin, for administrators who have signed in as everybody does."""

    site_header = site_title = "Countersign"
    index_title = "Dashboard"

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Register only the portal's tables, because other packages' pages would show tokens and sessions."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([model for model in models if model._meta.app_label in SHOWN_APPS], admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Every address but the one that leads from a type's number and a row's number to the row's page."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Give the looser policy to every page of this site, and to no other page."""
        guarded: Callable[..., Any] = csp_update(LOOSER_POLICY)(super().admin_view(view, cacheable))
        return guarded

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in through the portal's page, so that its rate limits and confirmations hold here too."""
        page: HttpResponse = super().login(request, extra_context)
        return page

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Change the password through the account pages, for the same reason."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Refuse to complete anything, because that would reveal the names of files."""
        raise Http404
