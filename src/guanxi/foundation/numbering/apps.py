from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "guanxi.foundation.numbering"
    label = "numbering"
