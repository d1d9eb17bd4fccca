"""The demo company's mail: threads with customers over two years, some that wait, and no mailbox that is connected."""

import pytest
from django.db.models import Count
from django.utils import timezone

from guanxi.activities.models import Activity, Commitment, Letter
from guanxi.channels.choices import Direction, Standing
from guanxi.channels.models import Mailbox, Message
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope

pytestmark = pytest.mark.slow


def test_threads_stand_on_cards_and_some_wait(demo: Tenant) -> None:
    today = timezone.localdate()
    with scope(demo.id, door="cli"):
        messages = Message.objects.all()
        assert 200 < messages.count() < 700
        assert messages.filter(direction=Direction.OUT).count() > 80
        assert (
            messages.filter(subject__contains="quotation").exists()
            or messages.filter(text__contains="Dear").exists()
        )
        assert max(timezone.localdate(one) for one in messages.values_list("at", flat=True)) < today
        threads = messages.values("thread").annotate(n=Count("pk")).filter(n__gt=1)
        assert threads.count() > 40
        assert messages.exclude(quotation="").count() > 80
        assert messages.exclude(signature="").count() > 150
        touches = Activity.objects.filter(kind="email")
        assert touches.count() >= messages.count()
        assert set(touches.values_list("about", flat=True)) == {"", "leads", "opportunities"}
        promised = Letter.objects.filter(commitment__isnull=False).values_list("commitment", flat=True)
        assert 3 < len(promised) < 40
        assert Commitment.objects.filter(pk__in=list(promised), state="open").count() == len(promised)
        assert set(Mailbox.objects.values_list("state", "secret")) == {(Standing.OFF.value, "")}
