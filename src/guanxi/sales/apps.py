from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SalesConfig(AppConfig):
    name = "guanxi.sales"
    label = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from django.db.models import Q

        from guanxi.activities.apps import touches_on
        from guanxi.activities.queries.asking import asks_attention
        from guanxi.catalog.services.prices import rates_followed_by
        from guanxi.customers.queries.falling import Stops, stops
        from guanxi.customers.rules.pools import Clock
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.ledger.labels import label_verbs
        from guanxi.foundation.permissions.actor import rules_follow
        from guanxi.foundation.permissions.beginnings import begins_with
        from guanxi.foundation.permissions.codes import register
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.resource.contributions import Alert, Button, Panel, contribute
        from guanxi.resource.holding import holds
        from guanxi.resource.registry import find
        from guanxi.resource.writing import when_given
        from guanxi.sales import api, handlers, jobs, moving, resources  # noqa: F401  registers the declarations
        from guanxi.sales.choices import EXPECT, SETTINGS
        from guanxi.sales.models import Opportunity
        from guanxi.sales.pages import board, card, expected, stuck
        from guanxi.sales.pages.people import PEOPLE
        from guanxi.sales.pages.sending import send_item
        from guanxi.sales.queries import reporting
        from guanxi.sales.queries.board import is_open
        from guanxi.sales.queries.forecasting import may_forecast
        from guanxi.sales.services import guarding
        from guanxi.sales.services.defaults import make_for_opened_company
        from guanxi.sales.services.following import follow
        from guanxi.sales.services.rates import REVALUED, follow_rates
        from guanxi.screens.looks import TABLE, Look, contribute_looks

        rules_follow("opportunities", ("own_amount", "weighted"), of="amount")
        rules_follow("opportunities", ("chance", "weighted"), of="probability")
        # What the lines come to is the amount.
        rules_follow("sale_lines", ("price", "amount"), of="amount", at="opportunities")
        contribute("opportunities", kinds=(stuck.STUCK,), filters=("stuck",))
        asks_attention(stuck.attention)
        touches_on("opportunities", customer="customer")
        moving.register()
        rates_followed_by(follow_rates)
        every_night("rates", jobs.value_every_night)
        begins_with("sales.pipelines", make_for_opened_company)
        contribute_looks(
            "opportunities",
            (
                Look("board", _("Board"), draw=board.draw, there=is_open),
                Look(TABLE, _("List")),
                Look("calendar", pgettext_lazy("look", "Calendar"), draw=expected.draw),
                Look("stuck", _("Stuck"), draw=stuck.draw),
                Look(
                    "forecast",
                    pgettext_lazy("look", "Forecast"),
                    page="opportunities_forecast",
                    there=may_forecast,
                ),
                Look("review", pgettext_lazy("look", "To clear up"), page="opportunities_review"),
            ),
        )
        contribute(
            "opportunities",
            buttons=(Button("send", send_item, place="menu", order=12, code="sales.opportunity.assign"),),
        )
        holds("opportunities", only=Q(state="open"), follows="customer")
        stops(Clock.OPPORTUNITY, Stops(Opportunity.objects.all, "customer_id", "created_at"))
        reporting.register()
        guarding.register()
        when_given("customers", follow)
        label_verbs(
            {
                EXPECT: _("said what is expected of"),
                REVALUED: _("brought amounts over by a later exchange rate"),
                "sales.opportunity.plan": _("planned the steps of an opportunity"),
                "sales.opportunity.interview": _("wrote down answers for an opportunity"),
            }
        )
        register(
            EXPECT,
            _("Say what is expected of a month, beside the forecast"),
            group=pgettext_lazy("rights", "Sales"),
            defaults={"sales_manager": "below"},
        )
        api.register()
        register_page(
            "pipeline_settings",
            _("Pipelines"),
            _("Stages of a sale, what each asks for, plans and wants to know"),
            codes=(SETTINGS,),
            group=COMPANY,
            icon="columns-3",
            position=38,
        )
        reasons = find("lost_reasons")
        register_page(
            "lost_reasons:list",
            reasons.label_plural,
            _("Why sales are lost"),
            codes=(reasons.permission("edit"),),
            group=COMPANY,
            icon=reasons.icon,
            position=39,
        )
        contribute(
            "opportunities",
            alerts=(
                Alert("next_step", card.next_step, order=5),
                Alert("no_rate", card.no_rate, order=6),
            ),
            panels=(
                Panel(
                    "stage",
                    _("How far it is"),
                    card.stage_panel,
                    place="middle",
                    order=5,
                    at_once=True,
                    renew="gx:changed",
                ),
                PEOPLE,
                Panel("moves", _("History of stages"), card.history_panel, order=40),
                Panel("answers", _("Answers"), card.answers_panel, order=44),
            ),
        )
