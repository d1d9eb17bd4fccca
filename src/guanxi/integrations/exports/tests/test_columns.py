"""Cells made column by column are those that records say."""

# Chinese in code: values as people have them

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.exports import services
from guanxi.integrations.exports.columns import fits
from guanxi.kinds import Show
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.resource.writing import insert
from guanxi.tailoring.tests.making import every_kind, make
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing


def lines(
    actor: Actor, key: str, *, by_record: bool, monkeypatch: pytest.MonkeyPatch, zone: str
) -> list[str]:
    with monkeypatch.context() as patch, in_scope(actor), timezone.override(zone):
        wanted = listing.read(
            actor, find(key), QueryDict("sort=-updated_at" if key == "activities" else "sort=name")
        )
        show = Show(actor=actor)
        assert fits(services.exported(wanted), show)
        if by_record:
            patch.setattr(services, "fits", lambda kinds, show: False)
        return list(services.csv_lines(wanted, show))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns", "UTC"])
def test_both_ways_say_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, zone: str
) -> None:
    with override(language):
        with in_scope(world.admin):
            values = every_kind(world)
            make(
                world.admin, "甲", **values, owner=world.seller.member_id, grade="A", credit_limit="-1200.50"
            )
            make(world.admin, "=1+1", **dict.fromkeys(values, ""), phone="+86 512", remarks="\t@x\n'y'")
        with writing(world.system):
            mother = make_customer(name="母公司", owner=world.members["admin"])
            make_customer(name="子公司", owner=world.members["seller"], parent=mother)
            insert(find("people"), {"name": "王芳", "born": date(1980, 2, 29), "customer_id": mother.pk})
            for undated in (True, False):
                touch = {"subject": "回访", "kind": "visit", "undated": undated} | {
                    "owner_id": world.members["seller"].pk, "customer_id": mother.pk,
                }  # fmt: skip
                insert(find("activities"), touch)
            role = world.roles["sales_manager"]
            FieldRule(role=role, resource="activities", field="at", mode="mask").save()
            FieldRule(role=role, resource="customers", field="phone", mode="mask").save()
            FieldRule(role=role, resource="customers", field="created_at", mode="mask").save()
            FieldRule(role=role, resource="customers", field=next(iter(values)), mode="mask").save()
        with in_scope(world.system):
            manager = load_actor(world.members["manager"].pk)
        asked = [(world.admin, key) for key in ("customers", "people", "activities")]
        for actor, key in (*asked, (manager, "customers"), (manager, "activities")):
            said: Any = {
                by_record: lines(actor, key, by_record=by_record, monkeypatch=monkeypatch, zone=zone)
                for by_record in (True, False)
            }
            assert len(said[True]) > 1
            assert said[False] == said[True]
