"""Addresses of the rights of the people we know."""

from django.urls import path

from guanxi.privacy.pages import person

urlpatterns = [
    path("people/<uuid:id>/personal-data/", person.personal_data, name="personal_data"),
]
