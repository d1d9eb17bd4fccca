"""Addresses of notices."""

from django.urls import path

from guanxi.foundation.notices import pages

urlpatterns = [
    path("notices/", pages.notices, name="notices"),
    path("notices/latest/", pages.latest, name="notices_latest"),
    path("notices/read/", pages.read, name="notices_read"),
    path("notices/<uuid:notice_id>/open/", pages.open_notice, name="notice_open"),
]
