from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourceConfig(AppConfig):
    name = "guanxi.resource"
    label = "resource"
    verbose_name = _("Records")

    def ready(self) -> None:
        from guanxi.foundation.ledger.undo import guard_undo, on_restored
        from guanxi.resource import checks  # noqa: F401  registers them
        from guanxi.resource.contributions import contribute
        from guanxi.resource.guarding import guard, label_attachments
        from guanxi.resource.pages.cards import HISTORY
        from guanxi.resource.pages.files import FILES
        from guanxi.resource.restoring import rebuild

        guard_undo(guard)
        on_restored(rebuild)
        label_attachments()
        contribute("*", panels=(HISTORY, FILES))
