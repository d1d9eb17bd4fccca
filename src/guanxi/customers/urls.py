"""Addresses of what belongs to customers and people beside their declared pages."""

from django.urls import path

from guanxi.customers.pages import pasting

urlpatterns = [
    path("paste/", pasting.paste, name="paste"),
    path("paste/beside/", pasting.beside, name="paste_beside"),
]
