from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "guanxi.foundation.notices"
    label = "notices"
