from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourceConfig(AppConfig):
    name = "guanxi.resource"
    label = "resource"
    verbose_name = _("Records")

    def ready(self) -> None:
        from guanxi.foundation.jobs.results import read_result, word_refusal
        from guanxi.foundation.ledger.undo import guard_undo, on_restored
        from guanxi.resource import act_checks, checks, jobs  # noqa: F401  registers them
        from guanxi.resource.guarding import guard, label_attachments, label_facts
        from guanxi.resource.moved import put_back
        from guanxi.resource.restoring import rebuild

        guard_undo(guard)
        on_restored(put_back)
        on_restored(rebuild)
        label_attachments()
        label_facts()
        read_result(jobs.KIND, jobs.read)
        word_refusal("forbidden", _("You may not do this any more."))
        word_refusal("invalid", _("What was asked for is not acceptable any more. Ask again."))
