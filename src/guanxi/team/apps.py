from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TeamConfig(AppConfig):
    name = "guanxi.team"
    label = "team"
    verbose_name = _("Team")

    def ready(self) -> None:
        from django.db.models import Q

        from guanxi.customers.resources.hands import name_act
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.jobs.results import read_result, word_refusal
        from guanxi.foundation.ledger.labels import label_verbs
        from guanxi.foundation.ledger.undo import on_restored
        from guanxi.foundation.notices.services import wording
        from guanxi.foundation.permissions.codes import register
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.resource.holding import holds
        from guanxi.team import api, jobs, resources  # noqa: F401  registers the declarations
        from guanxi.team.choices import ACCEPT, DECLINE, RUN, STATED, State
        from guanxi.team.queries import reporting
        from guanxi.team.services import deciding, handover, returning, telling
        from guanxi.team.services.letters import ACT

        register(
            RUN,
            _("Hand over what somebody holds"),
            group=pgettext_lazy("rights", "Team"),
            defaults={"sales_manager": "below"},
        )
        label_verbs(
            {
                RUN: _("handed over everything of"),
                ACCEPT: _("accepted the handover of"),
                DECLINE: _("declined the handover of"),
                ACT: _("changed the letter of handovers"),
                STATED: _("changed how long registrations are protected"),
            }
        )
        name_act("team.handover.run", _("handed over"))
        wording(handover.GIVEN, handover.given_words)
        wording(returning.TAKEN_BACK, _("What %(who)s handed over to you was taken back."))
        wording(handover.ACCEPTED, _("%(who)s has taken over what %(leaver)s handed over."))
        wording(handover.DECLINED, _("%(who)s cannot take over from %(leaver)s: %(why)s"))
        read_result(jobs.KIND, jobs.read)
        word_refusal("beyond_reach", _("Not all of it was yours to give. Nothing was handed over."))
        word_refusal("nothing_held", _("There was nothing to hand over."))
        register_page(
            "handovers",
            _("Handover"),
            _("What somebody holds who leaves or moves, to others in one step"),
            codes=(RUN,),
            group=COMPANY,
            icon="arrows-right-left",
            position=15,
        )
        holds("registrations", only=Q(state__in=(State.SUBMITTED, State.IN_FORCE)), follows="customer")
        telling.register()
        on_restored(deciding.follow)
        on_restored(returning.follow)
        every_night("registrations", jobs.tell_every_night)
        register_page(
            "registration_settings",
            _("Deal registration"),
            _("How long an accepted registration is protected"),
            codes=(deciding.MANAGE,),
            group=COMPANY,
            icon="target-arrow",
            position=37,
        )
        api.register()
        reporting.register()
