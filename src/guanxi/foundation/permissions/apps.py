from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PermissionsConfig(AppConfig):
    name = "guanxi.foundation.permissions"
    label = "permissions"
    verbose_name = _("Roles and rights")

    def ready(self) -> None:
        from guanxi.foundation.permissions.codes import register_foundation
        from guanxi.foundation.permissions.settings_index import register_own

        register_foundation()
        register_own()
