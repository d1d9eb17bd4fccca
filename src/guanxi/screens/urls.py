"""Addresses of the screens of every registered resource, and the search over all of them."""

from django.urls import URLPattern, URLResolver, include, path

from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every
from guanxi.screens import (
    acts,
    cards,
    columns,
    files,
    filtering,
    finding,
    forms,
    lists,
    merging,
    parts,
    pasting,
    spot,
)


def _merging(resource: type[Resource]) -> list[URLPattern]:
    """Where several can be made one, and one several again."""
    if not resource.offers("merge"):
        return []
    given: dict[str, object] = {"resource": resource}
    return [
        path("merge/", acts.accepting(merging.merge_page), given, name="merge"),
        path("<uuid:id>/split/", merging.split_page, given, name="split"),
    ]


def _of_resource(resource: type[Resource]) -> URLPattern | URLResolver:
    """All screens of one resource under its key; names are `customers:card` and so on."""
    given: dict[str, object] = {"resource": resource}
    routes = [
        path("", lists.list_page, given, name="list"),
        path("total/", lists.total, given, name="total"),
        path("filter/", filtering.filter_fields, given, name="filter_fields"),
        path("filter/<slug:field>/", filtering.filter_editor, given, name="filter_editor"),
        path("sort/", filtering.sort_editor, given, name="sort_editor"),
        path("columns/", columns.columns_editor, given, name="columns_editor"),
        path("options/<slug:field>/", parts.options, given, name="options"),
        path("new/", acts.accepting(forms.new_page), given, name="new"),
        path("new/spot/", acts.accepting(spot.spot), given, name="spot"),
        *([path("pasted/", pasting.pasted, given, name="pasted")] if pasting.offers(resource) else []),
        path("duplicates/", forms.duplicates, given, name="duplicates"),
        path("bulk/edit/", acts.accepting(acts.bulk), given | {"key": "edit"}, name="bulk_edit"),
        path("bulk/delete/", acts.accepting(acts.bulk), given | {"key": "delete"}, name="bulk_delete"),
        path("bulk/<slug:key>/", acts.accepting(acts.bulk), given, name="bulk_act"),
        *_merging(resource),
        path("act/<slug:key>/<slug:field>/", acts.options, given, name="act_options"),
        path("<uuid:id>/", cards.card, given, name="card"),
        path("<uuid:id>/preview/", cards.preview, given, name="preview"),
        path("<uuid:id>/opened/", finding.opened, given, name="opened"),
        path("<uuid:id>/panel/<slug:key>/", cards.panel, given, name="panel"),
        path("<uuid:id>/edit/", acts.accepting(forms.edit_page), given, name="edit"),
        path("<uuid:id>/delete/", acts.accepting(acts.act), given | {"key": "delete"}, name="delete"),
        path("<uuid:id>/act/<slug:key>/", acts.accepting(acts.act), given, name="act"),
        path("<uuid:id>/history/", cards.history, given, name="history"),
        path("<uuid:id>/files/", files.add, given, name="file_add"),
        path("<uuid:id>/files/<uuid:file_id>/", files.download, given, name="file"),
        path("<uuid:id>/files/<uuid:file_id>/kind/", files.classify, given, name="file_kind"),
        path("<uuid:id>/files/<uuid:file_id>/remove/", files.remove, given, name="file_remove"),
        path("<uuid:id>/field/<slug:field>/", acts.accepting(parts.field), given, name="field"),
        path("<uuid:id>/field/<slug:field>/value/", parts.field_value, given, name="field_value"),
    ]
    return path(f"{resource.key}/", include((routes, resource.key)))


urlpatterns = [
    path("search/", finding.search, name="search"),
    *(_of_resource(resource) for resource in every()),
]
