from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PrivacyConfig(AppConfig):
    name = "guanxi.privacy"
    label = "privacy"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.jobs.results import read_result, word_refusal
        from guanxi.foundation.ledger.labels import label_verbs
        from guanxi.foundation.ledger.undo import guard_undo
        from guanxi.foundation.notices.services import wording
        from guanxi.foundation.permissions.codes import OWNER, register
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.privacy import api, jobs
        from guanxi.privacy.pages.person import LEAD_PRIVACY, PRIVACY
        from guanxi.privacy.services.answering import ANSWER, EXPORT, SEE
        from guanxi.privacy.services.archives import EXPORT_KIND
        from guanxi.privacy.services.revealing import MANAGE, MANY
        from guanxi.privacy.services.undoing import guard
        from guanxi.resource.contributions import contribute

        register(
            SEE,
            _("See and export everything held of a person"),
            group=pgettext_lazy("contact", "People"),
            reach=False,
            defaults={OWNER: ""},
        )
        label_verbs(
            {
                ANSWER: _("looked at everything held of a person"),
                EXPORT: _("exported everything held of a person"),
                "settings.company.guard": _("changed the settings of data security"),
            }
        )
        guard_undo(guard)
        every_night("erasures", jobs.again)
        read_result(EXPORT_KIND, jobs.read_export)
        read_result(jobs.ERASE_KIND, jobs.read_erasure)
        word_refusal("kept", _("Documents that must be kept still need this person. Nothing was erased."))
        contribute("people", buttons=(PRIVACY,))
        contribute("leads", buttons=(LEAD_PRIVACY,))
        api.register()
        wording(MANY, _("%(who)s has looked at the masked numbers of %(n)s customers and people today."))
        register_page(
            "data_security",
            _("Data security"),
            _("Masked phone numbers, how many may be looked at, who did"),
            codes=(MANAGE,),
            group=COMPANY,
            icon="shield-lock",
            position=35,
        )
