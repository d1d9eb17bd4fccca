"""Pages of administration under settings, and what a list's saved views need."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
