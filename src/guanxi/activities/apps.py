from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ActivitiesConfig(AppConfig):
    name = "guanxi.activities"
    label = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        from guanxi.activities import api, jobs, moving, resources  # noqa: F401  registers the declarations
        from guanxi.activities.pages import timeline
        from guanxi.activities.pages.brief import brief_button, brief_item
        from guanxi.activities.queries.elsewhere import CHANGES, COMMENTS
        from guanxi.activities.queries.timeline import contribute_source
        from guanxi.activities.queries.touches import SOURCE
        from guanxi.activities.services import wordings
        from guanxi.foundation.jobs.regular import every_few_minutes
        from guanxi.resource.contributions import Button, Panel, contribute

        wordings.register()
        api.register()
        moving.register()
        every_few_minutes("reminders", jobs.remind)
        buttons = (
            Button("brief", brief_button, order=40),
            Button("brief_item", brief_item, place="menu", order=40),
        )
        for key in ("customers", "people"):
            for source in (SOURCE, COMMENTS, CHANGES):
                contribute_source(key, source)
            # One history and one composer: what comments and changes say stands in the timeline.
            panel = Panel(
                "timeline",
                pgettext_lazy("card", "Timeline"),
                timeline.panel,
                place="middle",
                order=10,
                code="activities.activity.view",
                at_once=True,
                instead=("comments", "history"),
            )
            contribute(key, panels=(panel,), buttons=buttons)
