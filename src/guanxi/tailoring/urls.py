"""Pages of administration under settings, and what a list's saved views need."""

from django.urls import URLPattern, URLResolver, path

from guanxi.tailoring.pages import fields, layouts, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/fields/", fields.index, name="own_fields"),
    path("settings/fields/<slug:key>/", fields.fields_of, name="own_fields_of"),
    path("settings/fields/<slug:key>/new/", fields.new, name="own_field_new"),
    path("settings/fields/<slug:key>/preview/", fields.preview, name="own_field_preview"),
    path("settings/fields/<slug:key>/order/", fields.order, name="own_field_order"),
    path("settings/fields/<slug:key>/layout/", layouts.layout, name="own_layout"),
    path("settings/fields/<slug:key>/layout/reset/", layouts.reset, name="own_layout_reset"),
    path("settings/fields/<slug:key>/field/<slug:name>/", fields.edit, name="own_field"),
    path("settings/fields/<slug:key>/field/<slug:name>/state/", fields.state, name="own_field_state"),
    path("settings/fields/<slug:key>/field/<slug:name>/delete/", fields.delete, name="own_field_delete"),
    path("views/new/", views.view_new, name="view_new"),
    path("views/people/", views.view_people, name="view_people"),
    path("views/of/<slug:key>/", views.views_page, name="views"),
    path("views/<uuid:view_id>/", views.view_page, name="view"),
    path("views/<uuid:view_id>/save/", views.view_save, name="view_save"),
    path("views/<uuid:view_id>/delete/", views.view_delete, name="view_delete"),
    path("views/<uuid:view_id>/take/", views.view_take, name="view_take"),
]
