from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "guanxi.foundation.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from guanxi.foundation.events import use_outbox
        from guanxi.foundation.jobs import places, run, services  # noqa: F401  run registers the carrier's task

        use_outbox(services.enqueue_event)
        places.register_places()
