"""How our notices read, in the language of whoever reads them."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.services.pulse import CHANGED, DIGEST, MANY
from guanxi.collaboration.services.telling import COMMENTED, MENTIONED
from guanxi.foundation.design.words import month_day
from guanxi.foundation.notices.services import wording
from guanxi.foundation.permissions.web import listed


def register() -> None:
    """Called once at start-up."""
    wording(MENTIONED, _("%(who)s mentioned you on “%(record)s”: %(text)s"))
    wording(COMMENTED, _("%(who)s commented on “%(record)s”: %(text)s"))
    wording(CHANGED, said)
    wording(MANY, said)
    wording(DIGEST, summed_up)


def said(params: Mapping[str, Any]) -> str:
    """A sentence that was written in every language when it was told."""
    words: Mapping[str, str] = params["said"]
    return words.get(get_language() or "") or next(iter(words.values()), "")


def summed_up(params: Mapping[str, Any]) -> str:
    """The summary of a day: how many records changed, and the first of their names."""
    count, names, masses = params["count"], params["names"], params["masses"]
    day = parse_date(params["day"])
    when = month_day(day) if day else ""
    if not count:
        words = ngettext(
            "%(day)s: %(n)s act on many records you follow",
            "%(day)s: %(n)s acts on many records you follow",
            masses,
        )
        return words % {"day": when, "n": masses}
    words = ngettext(
        "%(day)s: changes in %(n)s record you follow: %(names)s",
        "%(day)s: changes in %(n)s records you follow: %(names)s",
        count,
    )
    more = (
        listed(names) if count == len(names) else gettext("%(names)s and others") % {"names": listed(names)}
    )
    return words % {"day": when, "n": count, "names": more}
