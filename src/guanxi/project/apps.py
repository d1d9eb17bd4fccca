from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "guanxi.project"
    label = "project"

    def ready(self) -> None:
        from guanxi.foundation.design.commands import register_command
        from guanxi.foundation.files.sweeping import sweep
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.permissions import codes
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.project import commands, logs
        from guanxi.project.mail import api as mail_api
        from guanxi.resource.registry import complete

        logs.watch_statements()
        every_night("files", sweep)
        register_command(commands.pages)
        register_command(commands.elsewhere, order=55)
        register_command(commands.switches, order=60)
        mail_api.register()
        complete()
        codes.register(
            "settings.mail.manage",
            _("Change the settings of outgoing mail"),
            group=codes.SYSTEM,
            reach=False,
        )
        register_page(
            "mail_settings",
            _("Outgoing mail"),
            _("The server through which mail is sent, with a test"),
            codes=("settings.mail.manage",),
            group=COMPANY,
            icon="mail",
            position=40,
        )
