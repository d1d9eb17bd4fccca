from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "guanxi.project"
    label = "project"

    def ready(self) -> None:
        from guanxi.project import logs

        logs.watch_statements()
