"""Addresses of the change log, the recycle bin and undo."""

from django.urls import path

from guanxi.foundation.ledger.pages import audit, recycle, undoing

urlpatterns = [
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/audit/<uuid:operation_id>/", audit.operation_page, name="operation"),
    path("settings/recycle-bin/", recycle.recycle_bin, name="recycle_bin"),
    path("settings/recycle-bin/<int:change_id>/restore/", recycle.restore, name="restore"),
    path("undo/<uuid:operation_id>/", undoing.undo_operation, name="undo"),
]
