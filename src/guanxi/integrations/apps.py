from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "guanxi.integrations"
    label = "integrations"
    verbose_name = _("Import, export and API")

    def ready(self) -> None:
        from guanxi.foundation.jobs.results import read_result, word_refusal
        from guanxi.integrations.api.tokens import register_codes
        from guanxi.integrations.exports.pages import export_tool
        from guanxi.integrations.imports import jobs
        from guanxi.integrations.imports.pages.start import import_tool
        from guanxi.resource.pages.lists import list_tool

        register_codes()
        list_tool(import_tool)
        list_tool(export_tool)
        read_result(jobs.IMPORT, jobs.read)
        word_refusal("upload_not_found", _("The uploaded file is not there any more. Upload it again."))
