from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorktimeConfig(AppConfig):
    name = "guanxi.foundation.worktime"
    label = "worktime"
    verbose_name = _("Working time")

    def ready(self) -> None:
        from guanxi.foundation.worktime import words

        words.register()
