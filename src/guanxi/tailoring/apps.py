from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TailoringConfig(AppConfig):
    name = "guanxi.tailoring"
    label = "tailoring"
    verbose_name = _("Fields and views")

    def ready(self) -> None:
        return None
