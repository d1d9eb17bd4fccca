"""What was done with a customer comes in with the customer and who took part."""

from pathlib import Path

from guanxi.activities.models import Activity, Participant
from guanxi.customers.tests.test_moving_in import bring, written
from guanxi.foundation.ledger.undo import undo
from guanxi.testing.worlds import World, in_scope

ROWS = (
    "客户名称,联系人,手机,跟进时间,跟进方式,跟进记录\n"
    "无锡新新机械有限公司,张三,13900000001,2026-03-05 14:30,电话,问了交期\n"
    "无锡新新机械有限公司,张三,13900000001,2026-03-09 09:00,拜访,看了车间\n"
    "无锡旧旧机械有限公司,,,2026-03-10,电话,没人接\n"
)


def test_what_was_done_comes_with_the_customer_and_who_took_part(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    with in_scope(world.admin):
        outcome = bring(world.admin, path)
        assert (outcome.created, outcome.skipped) == (2, 1)
        assert outcome.beside["people"] == {"created": 1, "updated": 0, "skipped": 1, "rejected": 0}
        assert outcome.beside["activities"]["created"] == 3
    with in_scope(world.admin):
        touches = Activity.objects.order_by("at").select_related("customer")
        assert [(one.kind, one.text, str(one.customer)) for one in touches] == [
            ("call", "问了交期", "无锡新新机械有限公司"),
            ("visit", "看了车间", "无锡新新机械有限公司"),
            ("call", "没人接", "无锡旧旧机械有限公司"),
        ]
        assert sorted(Participant.objects.values_list("person__name", "activity__text")) == [
            ("张三", "看了车间"), ("张三", "问了交期"),
        ]  # fmt: skip
        assert outcome.operation_id is not None
        undo(world.admin, outcome.operation_id)
        assert (Activity.objects.count(), Participant.objects.count()) == (0, 0)


def test_the_same_file_again_brings_nothing_new(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    with in_scope(world.admin):
        bring(world.admin, path)
    with in_scope(world.admin):
        again = bring(world.admin, path)
        assert (again.created, again.operation_id) == (0, None)
        assert (Activity.objects.count(), Participant.objects.count()) == (3, 2)
