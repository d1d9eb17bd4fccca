"""The screens every resource has: list, preview, card, form, history. One URL gives the page or, to htmx, a part."""

from django.urls import URLPattern, URLResolver, include, path

from guanxi.resource.declaration import Resource
from guanxi.resource.pages import (
    acts,
    cards,
    columns,
    files,
    filtering,
    finding,
    forms,
    lists,
    panels,
    parts,
    spot,
)


def urls(resource: type[Resource]) -> URLPattern | URLResolver:
    """All pages of one resource under its key; names are `customers:card` and so on."""
    given = {"resource": resource}
    routes = [
        path("", lists.list_page, given, name="list"),
        path("total/", lists.total, given, name="total"),
        path("filter/", filtering.filter_fields, given, name="filter_fields"),
        path("filter/<slug:field>/", filtering.filter_editor, given, name="filter_editor"),
        path("sort/", filtering.sort_editor, given, name="sort_editor"),
        path("columns/", columns.columns_editor, given, name="columns_editor"),
        path("options/<slug:field>/", parts.options, given, name="options"),
        path("new/", forms.new_page, given, name="new"),
        path("new/spot/", spot.spot, given, name="spot"),
        path("duplicates/", forms.duplicates, given, name="duplicates"),
        path("bulk/edit/", acts.bulk_edit, given, name="bulk_edit"),
        path("bulk/delete/", acts.bulk_delete, given, name="bulk_delete"),
        path("<uuid:id>/", cards.card, given, name="card"),
        path("<uuid:id>/preview/", cards.preview, given, name="preview"),
        path("<uuid:id>/panel/<slug:key>/", panels.panel, given, name="panel"),
        path("<uuid:id>/opened/", finding.opened, given, name="opened"),
        path("<uuid:id>/edit/", forms.edit_page, given, name="edit"),
        path("<uuid:id>/delete/", acts.delete_one, given, name="delete"),
        path("<uuid:id>/history/", cards.history, given, name="history"),
        path("<uuid:id>/files/", files.add, given, name="file_add"),
        path("<uuid:id>/files/<uuid:file_id>/", files.download, given, name="file"),
        path("<uuid:id>/files/<uuid:file_id>/remove/", files.remove, given, name="file_remove"),
        path("<uuid:id>/field/<slug:field>/", parts.field, given, name="field"),
        path("<uuid:id>/field/<slug:field>/value/", parts.field_value, given, name="field_value"),
    ]
    return path(f"{resource.key}/", include((routes, resource.key)))
