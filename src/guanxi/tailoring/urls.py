"""Pages of administration under settings, and what a list's saved views need."""

from django.urls import URLPattern, URLResolver, path

from guanxi.tailoring.pages import fields, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/fields/", fields.index, name="own_fields"),
    path("views/new/", views.view_new, name="view_new"),
    path("views/people/", views.view_people, name="view_people"),
    path("views/of/<slug:key>/", views.views_page, name="views"),
    path("views/<uuid:view_id>/", views.view_page, name="view"),
    path("views/<uuid:view_id>/save/", views.view_save, name="view_save"),
    path("views/<uuid:view_id>/delete/", views.view_delete, name="view_delete"),
    path("views/<uuid:view_id>/take/", views.view_take, name="view_take"),
]
