"""Addresses of the company's archives."""

from django.urls import path

from guanxi.integrations.archives import pages

urlpatterns = [
    path("settings/archives/", pages.archives, name="archives"),
    path("settings/archives/<uuid:job_id>/", pages.archive_file, name="archive_file"),
]
