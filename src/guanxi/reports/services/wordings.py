"""How our notices read, in the language of whoever reads them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guanxi.foundation.notices.services import wording
from guanxi.reports.models import Report
from guanxi.reports.services.reminding import DUE
from guanxi.reports.services.reports import SENT


def register() -> None:
    """Called once at start-up."""
    wording(SENT, _sent)
    wording(DUE, _due)


def _named(params: Mapping[str, Any]) -> str:
    return str(Report(period=params["period"], first=date.fromisoformat(params["first"])))


def _sent(params: Mapping[str, Any]) -> str:
    said = {"who": params["who"], "report": _named(params), "sentence": params["sentence"]}
    if params["sentence"]:
        return _("%(who)s sent the %(report)s: %(sentence)s") % said
    return _("%(who)s sent the %(report)s") % said


def _due(params: Mapping[str, Any]) -> str:
    return _("Your report is due at %(due)s: %(report)s") % {"due": params["due"], "report": _named(params)}
