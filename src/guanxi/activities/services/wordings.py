"""How our notices read, in the language of whoever reads them."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import What
from guanxi.activities.services.escalating import OVERDUE
from guanxi.activities.services.telling import DUE, LOGGED, MENTIONED
from guanxi.foundation.notices.services import wording
from guanxi.foundation.permissions.web import listed


def register() -> None:
    """Called once at start-up."""
    wording(MENTIONED, _("%(who)s mentioned you in an activity with “%(record)s”: %(text)s"))
    wording(LOGGED, _logged)
    wording(DUE, _due)
    wording(OVERDUE, _overdue)


def _logged(params: Mapping[str, Any]) -> str:
    kind = params["what"]
    label = What(kind).label if kind in What.values else kind
    said = gettext("%(who)s logged on “%(record)s”: %(kind)s. %(text)s")
    return said % {**params, "kind": label}


def _due(params: Mapping[str, Any]) -> str:
    at = parse_datetime(params["at"])
    kind = params["what"]
    label = str(What(kind).label) if kind in What.values else kind
    when = f"{localtime(at):%H:%M}" if at else ""
    said = gettext("%(when)s %(kind)s: %(what)s")
    return said % {"when": when, "kind": label, "what": params["subject"]}


def _overdue(params: Mapping[str, Any]) -> str:
    one = gettext("%(who)s has promised something that is overdue: %(what)s.")
    many = gettext("%(who)s has promised %(n)s things that are overdue: %(what)s.")
    return (one if params["n"] == 1 else many) % {**params, "what": listed(params["what"])}
