from django.apps import AppConfig


class WareConfig(AppConfig):
    name = "guanxi.project.tests.ware_before"
    label = "ware"
