from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "guanxi.foundation.search"
    label = "search"
