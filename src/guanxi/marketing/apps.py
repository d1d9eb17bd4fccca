from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketingConfig(AppConfig):
    name = "guanxi.marketing"
    label = "marketing"
    verbose_name = _("Marketing")

    def ready(self) -> None:
        from django.db.models import Q

        from guanxi.activities.apps import touches_on
        from guanxi.activities.queries.asking import asks_attention
        from guanxi.channels.queries.recognising import recognise_with
        from guanxi.customers.queries.duplicates import recognise
        from guanxi.customers.queries.pairs import put_in_pairs
        from guanxi.marketing import resources  # noqa: F401  registers the declarations
        from guanxi.marketing.choices import OPEN
        from guanxi.marketing.models import Lead
        from guanxi.marketing.queries.alike import COLUMNS, LEADS, lead_of
        from guanxi.marketing.queries.pasted import read_lead
        from guanxi.marketing.queries.recognising import leads_behind
        from guanxi.marketing.queries.unanswered import unanswered
        from guanxi.marketing.services.leads import touched
        from guanxi.resource.holding import holds
        from guanxi.screens.pasting import paste_box

        recognise(LEADS, Lead, lead_of, COLUMNS)
        recognise_with(LEADS, leads_behind)
        put_in_pairs(LEADS)
        touches_on(LEADS, customer="customer", touched=touched)
        asks_attention(unanswered)
        holds(LEADS, only=Q(state__in=OPEN))
        paste_box(
            LEADS, read_lead, hint=_("One line will do: Mr Zhang 138 1234 5678 wants two moulding machines")
        )
