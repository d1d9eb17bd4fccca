from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guanxi.foundation.files"
    label = "files"
