from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "guanxi.integrations"
    label = "integrations"
