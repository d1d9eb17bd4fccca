"""Pages of every registered resource, and the search over all of them."""

from django.urls import path

from guanxi.resource.pages import finding, urls
from guanxi.resource.registry import every

urlpatterns = [
    path("search/", finding.search, name="search"),
    *(urls(resource) for resource in every()),
]
