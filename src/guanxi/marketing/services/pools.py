"""Leads out of a pool and into it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.customers.choices import Pooled
from guanxi.customers.services.claiming import Claims
from guanxi.kinds.kind import Words
from guanxi.marketing.queries.pools import LYING


def _more(left: int) -> Words:
    return ngettext_lazy(
        "%(pool)s: you may claim %(left)s more lead today.",
        "%(pool)s: you may claim %(left)s more leads today.",
        left,
    )


CLAIMS = Claims(
    "leads",
    Pooled.LEADS,
    LYING,
    more=_more,
    poolless=_("%(name)s belongs to no pool of leads. Choose one."),
)
claim, release = CLAIMS.claim, CLAIMS.release
