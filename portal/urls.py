"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from portal.views import (
    account,
    comparison,
    documents,
    drawings,
    error_rates,
    exports,
    files,
    health,
    history,
    pages,
    readings,
    uploads,
)

urlpatterns = [
    path("", pages.home, name="home"),
    path("sample/", drawings.sample, name="sample"),
    path("pad/", pages.pad, name="pad"),
    path("drawings/", drawings.create, name="drawing-create"),
    path("drawings/<uuid:pk>/", drawings.result, name="drawing-result"),
    path("upload/", uploads.upload, name="upload"),
    path("history/", history.listing, name="history"),
    path("history/export.<str:form>", exports.history, name="export"),
    path("documents/<uuid:pk>/", documents.show, name="document"),
    path("documents/<uuid:pk>/progress/", documents.progress, name="document-progress"),
    path("documents/<uuid:pk>/original/", files.original, name="document-original"),
    path("documents/<uuid:pk>/pages/<int:number>.jpg", files.page_image, name="page-image"),
    path("documents/<uuid:pk>/pages/<int:number>/thumbnail.jpg", files.thumbnail, name="page-thumbnail"),
    path("documents/<uuid:pk>/again/", documents.try_again, name="document-again"),
    path("documents/<uuid:pk>/layout/", documents.read_as, name="document-layout"),
    path("documents/<uuid:pk>/delete/", documents.delete, name="document-delete"),
    path("documents/<uuid:pk>/restore/", documents.restore, name="document-restore"),
    path("documents/<uuid:pk>/numbers/<int:reading_id>/", readings.show, name="reading"),
    path("documents/<uuid:pk>/numbers/<int:reading_id>/compare/", comparison.compare, name="reading-compare"),
    path("documents/<uuid:pk>/numbers/<int:reading_id>/overlay.png", comparison.overlay, name="reading-overlay"),
    path("documents/<uuid:pk>/numbers/<int:reading_id>/correct/", readings.correct, name="reading-correct"),
    path("documents/<uuid:pk>/numbers/<int:reading_id>/undo/", readings.undo, name="reading-undo"),
    path("error-rate/", error_rates.choose, name="error-rate"),
    path("account/", account.show, name="account"),
    path("account/download/", account.download, name="account-download"),
    path("account/close/", account.close, name="account-close"),
    path("account/reopen/", account.reopen, name="account-reopen"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="account-sign-out-everywhere"),
    path("accounts/confirm/<str:key>/", account.confirm, name="account-confirm"),
    path("accounts/", include("allauth.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
]
handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
