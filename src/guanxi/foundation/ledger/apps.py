from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "guanxi.foundation.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from guanxi.foundation.ledger import people, places, services
        from guanxi.foundation.ledger.undo import guard_undo, on_restored
        from guanxi.foundation.ledger.words import register_words
        from guanxi.foundation.permissions.acts import use_ledger

        use_ledger(services.operation)
        guard_undo(people.guard)
        on_restored(people.check_restored)
        register_words()
        places.register_places()
