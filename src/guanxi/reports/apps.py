from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportsConfig(AppConfig):
    name = "guanxi.reports"
    label = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from guanxi.activities.queries.inviting import invite
        from guanxi.foundation.jobs.regular import every_few_minutes
        from guanxi.foundation.ledger.labels import label_verbs
        from guanxi.foundation.ledger.undo import guard_undo
        from guanxi.foundation.permissions.codes import register
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.reports import api, jobs, resources  # noqa: F401  registers the declaration
        from guanxi.reports.choices import ADD_DUTY, CHANGE_DUTY, MANAGE, REMOVE_DUTY
        from guanxi.reports.pages import overview, reading
        from guanxi.reports.queries import inviting
        from guanxi.reports.services import undoing, wordings
        from guanxi.resource.contributions import Panel, contribute
        from guanxi.screens.lists import list_tool

        register(MANAGE, _("Say who must send reports by when"), group=_("Reports"), reach=False)
        label_verbs(
            {
                ADD_DUTY: _("asked for a report"),
                CHANGE_DUTY: _("changed who must send reports"),
                REMOVE_DUTY: _("asks for a report no longer"),
            }
        )
        wordings.register()
        guard_undo(undoing.guard)
        invite(inviting.to_write)
        invite(inviting.to_read)
        list_tool(overview.tool)
        api.register()
        every_few_minutes("reports", jobs.remind)
        register_page(
            "report_duties",
            _("Daily and weekly reports"),
            _("Who must send reports by when"),
            codes=(MANAGE,),
            group=COMPANY,
            icon="file-text",
            position=37,
        )
        contribute(
            "reports",
            panels=(
                Panel(
                    "text", pgettext_lazy("report", "What was done"), reading.text_panel,
                    place="middle", order=5, at_once=True,
                ),
                Panel("marks", pgettext_lazy("report", "Sent to"), reading.marks_panel, order=5),
            ),
        )  # fmt: skip
