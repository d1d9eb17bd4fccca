"""Addresses of one's own API tokens."""

from django.urls import path

from guanxi.integrations.api import pages

urlpatterns = [
    path("", pages.tokens, name="api_tokens"),
    path("new/", pages.new_token, name="api_token_new"),
    path("<uuid:token_id>/revoke/", pages.revoke, name="api_token_revoke"),
]
