from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "guanxi.integrations"
    label = "integrations"
    verbose_name = _("Import, export and API")

    def ready(self) -> None:
        from guanxi.integrations.api.tokens import register_codes

        register_codes()
