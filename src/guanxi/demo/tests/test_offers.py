"""What the demo's sales are made of adds up to what they come to."""

import pytest
from django.db.models import Count, Sum

from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.sales.choices import AmountBy, State
from guanxi.sales.models import Line, Opportunity, Rival

pytestmark = pytest.mark.slow


def test_lines_add_up_to_their_sale(demo: Tenant) -> None:
    with scope(demo.id, door="cli"):
        sums = dict(Line.objects.values_list("opportunity").annotate(whole=Sum("amount")))
        sales = Opportunity.objects.filter(amount__isnull=False)
        amounts = dict(sales.values_list("pk", "amount"))
        assert {pk: amounts[pk] for pk in sums} == sums
        assert len(amounts) * 0.7 < len(sums) < len(amounts)
        assert Line.objects.values("opportunity").annotate(n=Count("pk")).filter(n=2).exists()
        assert set(sales.values_list("amount_by", flat=True)) == {AmountBy.HAND}


def test_who_won_a_sale_from_us_stands_there(demo: Tenant) -> None:
    with scope(demo.id, door="cli"):
        lost = Opportunity.objects.filter(state=State.LOST).exclude(lost_to="")
        named = set(Rival.objects.values_list("opportunity", "name"))
        assert set(lost.values_list("pk", "lost_to")) <= named
        assert Rival.objects.filter(opportunity__state=State.OPEN).exists()
