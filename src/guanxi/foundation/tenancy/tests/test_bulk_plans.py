"""What is done to many rows goes through the key, also where the statistics know nothing of them yet."""

from django.db import connection

from guanxi.foundation.tenancy.plans import keyed_joins
from guanxi.testing.worlds import World, in_scope


def test_keyed_joins_hold_within_and_end_with_it(world: World) -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_material")
            return str(cursor.fetchone()[0])

    with in_scope(world.admin):
        before = setting()
        with keyed_joins():
            assert setting() == "off"
        assert setting() == before == "on"
