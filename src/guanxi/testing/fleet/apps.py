from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "guanxi.testing.fleet"
    label = "fleet"

    def ready(self) -> None:
        from guanxi.testing.fleet import resources  # noqa: F401
