"""Addresses of what belongs to customers and people beside their declared pages."""

from django.urls import path

from guanxi.customers.pages import duplicates, pasting, pools, registry, ties

urlpatterns = [
    path("taken/", duplicates.taken, name="taken"),
    path("taken/ask/", duplicates.ask, name="taken_ask"),
    path("duplicates/", duplicates.pairs, name="pairs"),
    path("duplicates/look/", duplicates.look, name="pairs_look"),
    path("duplicates/<uuid:id>/", duplicates.pair, name="pair"),
    path("duplicates/<uuid:id>/answer/", duplicates.answer, name="pair_answer"),
    path("paste/", pasting.paste, name="paste"),
    path("paste/beside/", pasting.beside, name="paste_beside"),
    path("pools/<uuid:id>/settings/", pools.pool_settings, name="pool_settings"),
    path("pools/<uuid:id>/who/", pools.pool_who, name="pool_who"),
    path("customers/registry/", registry.new_box, name="customer_registry_new"),
    path("customers/<uuid:id>/registry/", registry.fill, name="customer_registry"),
    path("ties/<slug:key>/<uuid:id>/", ties.ties_page, name="ties"),
    path("ties/<slug:key>/<uuid:id>/around/", ties.ties_around, name="ties_around"),
    path("ties/<slug:key>/<uuid:id>/new/", ties.new_tie, name="tie_new"),
]
