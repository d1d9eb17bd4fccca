"""Addresses of API tokens: one's own below /account/, the company's below /settings/."""

from django.urls import path

from guanxi.integrations.api import pages

urlpatterns = [
    path("account/tokens/", pages.tokens, name="api_tokens"),
    path("account/tokens/new/", pages.new_token, name="api_token_new"),
    path("account/tokens/<uuid:token_id>/", pages.calls, name="api_token_calls"),
    path("account/tokens/<uuid:token_id>/revoke/", pages.revoke, name="api_token_revoke"),
    path("settings/api/", pages.access, name="api_access"),
    path("settings/api/new/", pages.new_application, name="api_application_new"),
]
