from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "guanxi.integrations"
    label = "integrations"
    verbose_name = _("Import, export and API")

    def ready(self) -> None:
        from guanxi.foundation.design.commands import register_command
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.jobs.regular import every_few_minutes
        from guanxi.foundation.jobs.results import read_result, word_refusal
        from guanxi.foundation.ledger.labels import label_verbs
        from guanxi.foundation.notices.services import wording
        from guanxi.foundation.permissions.codes import SYSTEM, register
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.integrations.api import company, roles, staff, worktime
        from guanxi.integrations.api.calls import forget_calls
        from guanxi.integrations.api.tokens import MANAGE, register_codes
        from guanxi.integrations.archives import jobs as archive_jobs
        from guanxi.integrations.archives.services import taking as archives
        from guanxi.integrations.exports.pages import export_command, export_tool
        from guanxi.integrations.exports.regular import jobs as regular_jobs
        from guanxi.integrations.exports.regular import services as regular
        from guanxi.integrations.imports import jobs
        from guanxi.integrations.imports.former import MOVE
        from guanxi.integrations.imports.pages.start import import_tool
        from guanxi.integrations.moves import jobs as move_jobs
        from guanxi.integrations.registry import api as registry_api
        from guanxi.integrations.registry import services as registry
        from guanxi.screens.lists import list_tool

        register_codes()
        register(MOVE, _("Move in from another program"), group=SYSTEM, reach=False)
        label_verbs({MOVE: _("moved in from another program")})
        register_page(
            "moves",
            _("Move in"),
            _("Bring customers, people and activities over from another program, all its files at once"),
            codes=(MOVE,),
            group=COMPANY,
            icon="upload",
            position=37,
        )
        read_result(move_jobs.RUN, move_jobs.read)
        read_result(move_jobs.REHEARSE, move_jobs.read)
        registry.register_codes()
        registry_api.register()
        company.register()
        worktime.register()
        staff.register()
        roles.register()
        register_page(
            "api_access",
            _("API access"),
            _("Programs that work with this company's records, everybody's tokens, and what they did"),
            codes=(MANAGE,),
            group=_("Connections"),
            icon="key",
            position=60,
        )
        register_page(
            "registry_account",
            _("Company registry"),
            _("Where what is on record of a company is looked up, and what was asked"),
            codes=(registry.MANAGE,),
            group=_("Connections"),
            icon="building-bank",
            position=70,
        )
        register(
            archives.TAKE,
            _("Take the whole company out as one archive"),
            group=SYSTEM,
            reach=False,
        )
        label_verbs(
            {
                archives.TAKE: _("took the whole company out as an archive"),
                archives.FETCH: _("fetched an archive of the whole company"),
            }
        )
        wording(archives.TAKEN, _("%(who)s has taken the whole company out as an archive."))
        register_page(
            "archives",
            _("Take everything out"),
            _("All data of the company as one file of open formats, which can be brought back in"),
            codes=(archives.TAKE,),
            group=COMPANY,
            icon="download",
            position=38,
        )
        wording(regular.READY, _("“%(name)s” is exported: %(rows)s rows"))
        wording(regular.STOPPED, _("The regular export “%(name)s” stopped: %(reason)s"))
        label_verbs(
            {
                regular.CREATE: _("set up a regular export"),
                regular.CHANGE: _("paused or resumed a regular export"),
                regular.DELETE: _("deleted a regular export"),
            }
        )
        every_few_minutes("exports", regular_jobs.start)
        every_night("exports", regular_jobs.every_night)
        read_result(regular.KIND, regular_jobs.read)
        read_result(archives.KIND, archive_jobs.read)
        every_night("archives", archive_jobs.every_night)
        every_night("api calls", forget_calls)
        every_night("registry calls", registry.forget_calls)
        list_tool(import_tool)
        list_tool(export_tool)
        register_command(export_command, order=14)
        read_result(jobs.IMPORT, jobs.read)
        word_refusal("upload_not_found", _("The uploaded file is not there any more. Upload it again."))
