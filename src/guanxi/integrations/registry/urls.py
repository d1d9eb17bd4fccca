"""Addresses of the company registry's settings and log."""

from django.urls import path

from guanxi.integrations.registry import pages

urlpatterns = [
    path("settings/registry/", pages.account, name="registry_account"),
    path("settings/registry/calls/", pages.calls, name="registry_calls"),
    path("settings/registry/calls/<uuid:call_id>/retry/", pages.retry, name="registry_retry"),
]
