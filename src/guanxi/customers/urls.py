"""Addresses of what belongs to customers and people beside their declared pages."""

from django.urls import path

from guanxi.customers.pages import pasting, registry

urlpatterns = [
    path("paste/", pasting.paste, name="paste"),
    path("paste/beside/", pasting.beside, name="paste_beside"),
    path("customers/registry/", registry.new_box, name="customer_registry_new"),
    path("customers/<uuid:id>/registry/", registry.fill, name="customer_registry"),
]
