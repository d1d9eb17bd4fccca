from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreensConfig(AppConfig):
    name = "guanxi.screens"
    label = "screens"
    verbose_name = _("Screens")

    def ready(self) -> None:
        from guanxi.resource.contributions import contribute
        from guanxi.screens.cards import HISTORY
        from guanxi.screens.files import FILES

        contribute("*", panels=(HISTORY, FILES))
