from collections.abc import Callable, Collection
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def touches_on(
    key: str, *, customer: str = "", touched: Callable[[Collection[UUID]], None] | None = None
) -> None:
    """Touches and promises can be about records of the upper resource with this key, which is registered already: its
    card gets the timeline with the composer, the promises and the brief. `customer` is the field that links such a
    record to its customer, in whose timeline the touches stand too. `touched` hears
    of the records that a touch took place with, inside its operation. Called once, at start-up."""
    from guanxi.activities.queries.subjects import Subject, carry

    carry(Subject(key, customer, touched))
    _put_on(key)


def _put_on(key: str) -> None:
    """One history and one composer on a card: what comments and changes say stands in the timeline."""
    from guanxi.activities.pages import mailing, promising, timeline
    from guanxi.activities.pages.brief import brief_button, brief_item
    from guanxi.activities.queries.elsewhere import CHANGES, COMMENTS
    from guanxi.activities.queries.timeline import contribute_source
    from guanxi.activities.queries.touches import SOURCE
    from guanxi.resource.contributions import Alert, Button, Panel, contribute

    for source in (SOURCE, COMMENTS, CHANGES):
        contribute_source(key, source)
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
    promises = Panel(
        "promises",
        _("Commitments"),
        promising.panel,
        order=8,
        code="activities.commitment.view",
        renew="gx:saved",
    )
    contribute(
        key,
        panels=(panel, promises),
        alerts=(Alert("promises", promising.owed, order=10),),
        buttons=(
            Button("brief", brief_button, order=40),
            Button("brief_item", brief_item, place="menu", order=40),
            Button("mail", mailing.write_item, place="menu", order=29),
        ),
    )


class ActivitiesConfig(AppConfig):
    name = "guanxi.activities"
    label = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        from django.db.models import Q

        from guanxi.activities import api, jobs, moving, resources  # noqa: F401  registers the declarations
        from guanxi.activities.pages import visits
        from guanxi.activities.queries import reporting
        from guanxi.activities.queries.effective import effective
        from guanxi.activities.services import answering, hiding, mailing, watching, wordings
        from guanxi.activities.services.rhythm import ACT, MANAGE
        from guanxi.channels.services.storing import when_stored
        from guanxi.customers.queries.falling import Stops, stops
        from guanxi.customers.rules.pools import Clock
        from guanxi.foundation.jobs.regular import every_few_minutes
        from guanxi.foundation.ledger.labels import label_verbs
        from guanxi.foundation.ledger.undo import guard_undo
        from guanxi.foundation.permissions.settings_index import COMPANY, register_page
        from guanxi.resource.contributions import Button, contribute
        from guanxi.resource.holding import holds

        wordings.register()
        watching.label()
        label_verbs(
            {
                ACT: _("changed the contact rhythm"),
                answering.ACT: _("changed within how many hours e-mails are answered"),
                mailing.RECEIVE: _("received e-mails"),
                hiding.HIDE: _("took a private e-mail off the cards"),
            }
        )
        when_stored("activities", mailing.record_mail)
        register_page(
            "rhythm_settings",
            _("Contact rhythm"),
            _("How often customers of a grade are to be heard of"),
            codes=(MANAGE,),
            group=COMPANY,
            icon="calendar-event",
            position=36,
        )
        register_page(
            "answering_settings",
            pgettext_lazy("settings", "E-mail"),
            _("Within how many hours e-mails are answered; how members' mailboxes stand"),
            codes=(MANAGE,),
            group=COMPANY,
            icon="mail",
            position=37,
        )
        guard_undo(hiding.guard)
        holds("activities", only=Q(state="planned"), follows="customer")
        holds("commitments", only=Q(state="open"), follows="customer")
        stops(Clock.ACTIVITY, Stops(effective, "customer_id", "at"))
        api.register()
        moving.register()
        reporting.register()
        every_few_minutes("reminders", jobs.remind)
        every_few_minutes("overdue promises", jobs.escalate)
        every_few_minutes("unanswered e-mails", jobs.answer)
        contribute(
            "customers",
            buttons=(
                Button("visit", visits.customer_item, place="menu", order=30),
                Button("around", visits.around_item, place="menu", order=31),
            ),
        )
        contribute("activities", buttons=(Button("visit", visits.activity_item, place="menu", order=30),))
        for key in ("customers", "people"):
            _put_on(key)
