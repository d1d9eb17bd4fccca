"""Pages of every registered resource, the search over all of them, and the universal undo."""

from django.urls import path

from guanxi.resource.pages import acts, finding, urls
from guanxi.resource.registry import every

urlpatterns = [
    path("search/", finding.search, name="search"),
    path("undo/<uuid:operation_id>/", acts.undo_operation, name="undo"),
    *(urls(resource) for resource in every()),
]
