"""Two who send the same report at once: one of them is told that it is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from django.db import connections
from django.utils import timezone

from guanxi.kernel.errors import Invalid, Refused
from guanxi.reports.models import Report
from guanxi.reports.services.reports import create_reports, send_report
from guanxi.testing.worlds import World, in_scope


def test_of_two_sends_of_a_day_one_is_refused(world: World) -> None:
    today = timezone.localdate()
    for ago in range(4):
        day, gate = today - timedelta(days=ago), Barrier(2)

        def send(_turn: int, day: date = day, gate: Barrier = gate) -> str:
            gate.wait(10)
            try:
                with in_scope(world.seller):
                    send_report(world.seller, period="day", first=day)
                return "done"
            except Refused as refused:
                return refused.code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(send, range(2))) == ["done", "sent"]
    with in_scope(world.seller):
        assert Report.objects.count() == 4


def test_of_two_files_with_the_same_report_one_is_refused(world: World) -> None:
    gate = Barrier(2)

    def bring(_turn: int) -> str:
        row = {"member_id": world.seller.member_id, "period": "day", "first": timezone.localdate()}
        gate.wait(10)
        try:
            with in_scope(world.admin):
                create_reports(world.admin, rows=[row])
            return "done"
        except Invalid:
            return "twice"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(bring, range(2))) == ["done", "twice"]
