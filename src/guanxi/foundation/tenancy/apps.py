from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "guanxi.foundation.tenancy"
    label = "tenancy"
    verbose_name = _("Companies")

    def ready(self) -> None:
        from guanxi.foundation.tenancy import checks  # noqa: F401  registers the system checks
        from guanxi.foundation.tenancy.postgresql.install import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="guanxi_prepare")
