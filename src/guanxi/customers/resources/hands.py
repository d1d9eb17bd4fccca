"""On a customer's card: through whose hands it went, whether it lies in a pool, when it falls to one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer, Pool, Transfer
from guanxi.customers.queries.falling import falling, reason_words
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import calendar_day
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Show, Words
from guanxi.resource import access
from guanxi.resource.contributions import Alert, Content, Panel, contribute
from guanxi.resource.registry import find

_SHOWN = 5
_SOON = timedelta(days=7)
_VERBS: dict[str, Words] = {
    "claim": _("claimed"),
    "release": _("released"),
    "recycle": _("fell"),
    "assign": _("assigned"),
    "move": _("moved"),
    "merge": _("merged"),
    "import": _("imported"),
    "run": _("imported"),
    "undo": _("undone"),
    "lock": _("locked"),
    "unlock": _("unlocked"),
}


def name_act(verb: str, words: Words) -> None:
    """Say what an upper context's act by which a customer changes hands is called."""
    _OTHERS[verb] = words


_OTHERS: dict[str, Words] = {}


def _is_open(actor: Actor) -> bool:
    return access.is_open(actor, find("customers").kind("owner"))


def _falls(actor: Actor, record: Customer, show: Show) -> tuple[str, Words, str] | None:
    """That it falls soon, and why."""
    if record.owner_id is None or record.pool_id is None or not _is_open(actor):
        return None
    fall = falling([record]).get(record.pk)
    today = timezone.localdate()
    if fall is None or fall.day > today + _SOON:
        return None
    days = max((fall.day - today).days, 0)
    said = {
        "pool": Pool.objects.get(pk=record.pool_id).name,
        "n": days,
        "why": reason_words(f"{fall.clock}:{fall.days}"),
    }
    if not days:
        return "warn", gettext("Falls to the pool %(pool)s tonight: %(why)s.") % said, ""
    words = ngettext(
        "Falls to the pool %(pool)s in %(n)s day: %(why)s.",
        "Falls to the pool %(pool)s in %(n)s days: %(why)s.",
        days,
    )
    return "warn", words % said, ""


def _lies(actor: Actor, record: Customer, show: Show) -> tuple[str, Words, str] | None:
    """That nobody answers for it, and since when."""
    if record.owner_id is not None or record.pool_id is None or not _is_open(actor):
        return None
    name = Pool.objects.get(pk=record.pool_id).name
    if record.pooled_at is None:
        said = gettext("Lies in the pool %(pool)s.") % {"pool": name}
    else:
        since = {"pool": name, "day": _day(record.pooled_at)}
        said = gettext("Lies in the pool %(pool)s since %(day)s.") % since
    if access.withheld(actor, find("customers"), record):
        said = f"{said} {gettext('Part of it is hidden until somebody claims it.')}"
    return "", said, ""


def _hands(actor: Actor, record: Customer, show: Show) -> Content:
    """Whose it was from when to when, the last first."""
    if not _is_open(actor):
        return Content()
    rows = list(Transfer.objects.filter(customer=record.pk).order_by("-created_at", "-id")[: _SHOWN + 1])
    names = _names(rows)
    drawn = [_row(one, names) for one in rows[:_SHOWN]]
    first = rows[-1].former_owner if rows else record.owner_id
    if len(rows) <= _SHOWN and first is not None:
        owner = names.get(first) or Member.objects.filter(pk=first).values_list("name", flat=True).first()
        drawn.append(PanelRow(title=owner or "—", sub=gettext("the first"), end=_day(record.created_at)))
    return Content(
        rows=drawn,
        count=len(drawn) if len(rows) <= _SHOWN else f"{_SHOWN}+",
        empty=_("Nobody has answered for it yet."),
    )


def _day(at: datetime) -> str:
    return calendar_day(timezone.localdate(at), timezone.localdate())


def _names(rows: Iterable[Transfer]) -> dict[UUID, str]:
    ids = {one for row in rows for one in (row.former_owner, row.owner, row.by, row.pool) if one}
    return {
        **dict(Member.objects.filter(pk__in=ids).values_list("pk", "name")),
        **dict(Pool.objects.filter(pk__in=ids).values_list("pk", "name")),
    }


def _row(one: Transfer, names: dict[UUID, str]) -> PanelRow:
    to = one.owner or one.pool
    act = _OTHERS.get(one.verb) or _VERBS.get(one.verb.rpartition(".")[2], _("changed"))
    by = names.get(one.by, "") if one.by else ""
    said = [by, str(act), reason_words(one.reason)]
    return PanelRow(
        title=names.get(to, "—") if to else "—",
        sub=" · ".join(text for text in said if text),
        end=_day(one.created_at),
    )


contribute(
    "customers",
    alerts=(Alert("pool", _lies, order=25), Alert("falls", _falls, order=30)),
    panels=(Panel("hands", _("Who answered for it"), draw=_hands, order=95),),
)
