from django.apps import AppConfig


class ResourceConfig(AppConfig):
    name = "guanxi.resource"
    label = "resource"
