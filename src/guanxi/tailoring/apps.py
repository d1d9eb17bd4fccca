from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TailoringConfig(AppConfig):
    name = "guanxi.tailoring"
    label = "tailoring"
    verbose_name = _("Fields and views")

    def ready(self) -> None:
        from guanxi.foundation.design.commands import register_command
        from guanxi.foundation.jobs.results import read_result
        from guanxi.foundation.ledger.undo import guard_undo, on_restored
        from guanxi.resource.own import register_tailor
        from guanxi.resource.viewing import register_viewing
        from guanxi.tailoring import api, jobs
        from guanxi.tailoring.pages.places import register_places
        from guanxi.tailoring.pages.views import save_command
        from guanxi.tailoring.queries.views import Keeper
        from guanxi.tailoring.services import undoing, view_guarding
        from guanxi.tailoring.services.indexes import FILL
        from guanxi.tailoring.services.tailor import CompanyTailor

        register_tailor(CompanyTailor())
        register_places()
        guard_undo(undoing.guard)
        on_restored(undoing.follow)
        read_result(FILL, jobs.read)
        register_viewing(Keeper())
        api.register()
        view_guarding.register()
        register_command(save_command, order=16)
