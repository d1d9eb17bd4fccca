from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "guanxi.demo"
    label = "demo"

    def ready(self) -> None:
        from guanxi.foundation.ledger.labels import label_verbs

        label_verbs({"demo.company.build": _("built the demo company")})
