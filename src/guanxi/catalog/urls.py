"""Addresses of the catalog beside its declared pages."""

from django.urls import path

from guanxi.catalog.pages import grid, lookup

urlpatterns = [
    path("products/price/", lookup.price_lookup, name="price_lookup"),
    path("price_books/<uuid:id>/grid/", grid.price_grid, name="price_grid"),
]
