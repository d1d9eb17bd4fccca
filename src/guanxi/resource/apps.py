from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourceConfig(AppConfig):
    name = "guanxi.resource"
    label = "resource"
    verbose_name = _("Records")

    def ready(self) -> None:
        from guanxi.foundation.ledger.undo import guard_undo, on_restored
        from guanxi.resource.guarding import guard, label_attachments
        from guanxi.resource.restoring import rebuild

        guard_undo(guard)
        on_restored(rebuild)
        label_attachments()
