"""An operation from before an upgrade is undone after it: images are read as the table is today."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connections, migrations, models
from django.db.migrations.operations.base import Operation as Migrate
from django.db.migrations.state import ProjectState

from guanxi.foundation.ledger import images
from guanxi.foundation.ledger.images import as_of_today, former_names, shape_of
from guanxi.foundation.ledger.models import Change, SchemaChange
from guanxi.foundation.ledger.services import erase_images, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.tenancy.fields import IdField, Reference, TenantField, VersionField
from guanxi.foundation.tenancy.postgresql.compiler import business_tables
from guanxi.kernel.errors import Conflict
from guanxi.testing.worlds import World, in_scope, writing

APP = "tenancy"  # a model needs some app; no migration of it is touched


class Upgrade:
    """A table that real migration operations make and change, run by the owner as at an upgrade."""

    def __init__(self) -> None:
        self.name = f"Upgraded{uuid4().hex[:8]}"
        self.state = ProjectState(real_apps={"accounts"})
        self._names: set[str] = set()

    def migrate(self, *steps: Migrate) -> Any:
        """Run migration operations, then let the running project know the table in its new shape."""
        for step in steps:
            before = self.state.clone()
            step.state_forwards(APP, self.state)
            with connections["owner"].schema_editor() as editor:
                step.database_forwards(APP, editor, before, self.state)
        for name in self._names:
            apps.all_models[APP].pop(name, None)
        fresh = self.state.clone()
        found = None
        for label, name in fresh.models:
            if label == APP:
                found = fresh.apps.get_model(APP, name)
                apps.all_models[APP][name] = found
                self._names.add(name)
        forget_models()
        return found

    def forget(self) -> None:
        for name in self._names:
            apps.all_models[APP].pop(name, None)
        forget_models()


def forget_models() -> None:
    apps.clear_cache()
    business_tables.cache_clear()
    images.models_by_table.cache_clear()


@pytest.fixture
def upgrade(database: None) -> Iterator[Upgrade]:
    made = Upgrade()
    yield made
    table = [m._meta.db_table for m in apps.get_app_config(APP).get_models() if "pgraded" in m._meta.db_table]
    made.forget()
    with connections["owner"].cursor() as cursor:
        for name in table:
            cursor.execute(f"DROP TABLE IF EXISTS {name} CASCADE")


def _create(upgrade: Upgrade) -> Any:
    return upgrade.migrate(
        migrations.CreateModel(
            upgrade.name,
            [
                ("tenant_id", TenantField()),
                ("id", IdField(serialize=False)),
                ("version", VersionField()),
                ("name", models.CharField(max_length=50)),
                ("tel", models.CharField(max_length=50, default="")),
                ("note", models.JSONField(default=dict)),
                ("price", models.DecimalField(max_digits=12, decimal_places=2, default=0)),
                ("above", Reference("self", models.PROTECT, null=True)),
            ],
        )
    )


def _rows(model: Any) -> dict[UUID, dict[str, Any]]:
    return {row["id"]: row for row in model.objects.values()}


Change_ = Callable[[Upgrade], Any]
LATER: dict[str, Change_] = {
    "nothing": lambda u: u.migrate(migrations.AlterModelOptions(u.name, {"ordering": ["name"]})),
    "a column more": lambda u: u.migrate(
        migrations.AddField(u.name, "grade", models.CharField(max_length=2, default="C"))
    ),
    "a column renamed": lambda u: u.migrate(migrations.RenameField(u.name, "tel", "phone")),
    "a column renamed twice and back": lambda u: u.migrate(
        migrations.RenameField(u.name, "tel", "phone"),
        migrations.RenameField(u.name, "phone", "mobile"),
        migrations.RenameField(u.name, "mobile", "tel"),
    ),
    "a reference renamed": lambda u: u.migrate(migrations.RenameField(u.name, "above", "parent")),
    "two columns that changed names": lambda u: u.migrate(
        migrations.RenameField(u.name, "name", "x"),
        migrations.RenameField(u.name, "tel", "name"),
        migrations.RenameField(u.name, "x", "tel"),
    ),
    "the table renamed": lambda u: u.migrate(migrations.AlterModelTable(u.name, f"moved_{u.name.lower()}")),
    "the model and a column renamed": lambda u: u.migrate(
        migrations.RenameModel(u.name, f"{u.name}b"), migrations.RenameField(f"{u.name}b", "tel", "phone")
    ),
    "everything at once": lambda u: u.migrate(
        migrations.AddField(u.name, "grade", models.CharField(max_length=2, default="C")),
        migrations.RenameField(u.name, "tel", "phone"),
        migrations.AlterModelTable(u.name, f"moved_{u.name.lower()}"),
        migrations.RemoveField(u.name, "price"),
        migrations.AddField(u.name, "tel", models.CharField(max_length=9, default="new")),
        migrations.RenameField(u.name, "note", "notes"),
        migrations.AddIndex(u.name, models.Index(fields=["phone"], name=f"i{u.name[-8:]}")),
    ),
}


@pytest.mark.parametrize("later", LATER)
def test_an_operation_from_before_an_upgrade_is_undone_after_it(
    later: str, upgrade: Upgrade, world: World
) -> None:
    model = _create(upgrade)
    with writing(world.admin):
        top = model.objects.create(name="top", tel="1", note={"a": [1, {"b": None}]}, price="1.50")
        kept = model.objects.create(name="kept", tel="2", above=top)
        lost = model.objects.create(name="lost", tel="3", note={"c": "𠮷"})
    original = _scoped(world, lambda: _rows(model))
    with in_scope(world.admin), operation(world.admin, "tests.thing.change") as act:
        made = model.objects.create(name="made", tel="4", above=kept)
        model.objects.filter(id=kept.id).update(name="edited", tel="22", note={"d": 1}, price=9, above=made)
        lost.delete()
        model.objects.filter(id=made.id).update(tel="44")
    model = LATER[later](upgrade)
    now = _scoped(world, lambda: _rows(model))
    with in_scope(world.admin):
        undoing = undo(world.admin, act.id)
    # The same rows as an upgrade of the original would have left: compare by what each column is called now.
    shape = shape_of(f"tenancy_{upgrade.name.lower()}", 0)
    assert shape is not None
    names = {column: dict(shape.moved).get(column, column) for column in next(iter(original.values()))}
    expected = {
        id_: {names[c]: value for c, value in row.items() if names[c] and c != "version"}
        for id_, row in original.items()
    }
    restored = _scoped(world, lambda: _rows(model))
    new = set(next(iter(restored.values()))) - set(names.values())
    for row in restored.values():
        for column in new:
            assert row.pop(column) == model._meta.get_field(column).get_default()
        row.pop("version")
    assert restored == expected
    # And brought about again, with images of the new shape.
    with in_scope(world.admin):
        undo(world.admin, undoing.id)
    again = _scoped(world, lambda: _rows(model))
    for row in (*again.values(), *now.values()):
        row.pop("version")
    assert again == now


def _kinds(refusal: Conflict) -> list[tuple[str, str]]:
    found: list[Any] = refusal.conflicts
    return [(conflict.kind, conflict.table) for conflict in found]


def _scoped(world: World, read: Callable[[], Any]) -> Any:
    with in_scope(world.admin):
        return read()


def test_a_name_given_up_and_used_for_another_column_does_not_mix_them(
    upgrade: Upgrade, world: World
) -> None:
    model = _create(upgrade)
    with writing(world.admin):
        row = model.objects.create(name="n", tel="old tel")
    with writing(world.admin) as deleted:
        model.objects.all().delete()
    model = upgrade.migrate(
        migrations.RemoveField(upgrade.name, "tel"),
        migrations.RenameField(upgrade.name, "name", "tel"),
        migrations.AddField(upgrade.name, "name", models.CharField(max_length=50, default="later")),
    )
    with in_scope(world.admin):
        undo(world.admin, deleted)
        found = model.objects.get(id=row.id or next(iter(model.objects.values_list("id", flat=True))))
        assert (found.tel, found.name) == ("n", "later")


def test_a_table_that_is_gone_stands_in_the_way(upgrade: Upgrade, world: World) -> None:
    model = _create(upgrade)
    with writing(world.admin) as made:
        model.objects.create(name="n")
    table = model._meta.db_table
    upgrade.migrate(migrations.DeleteModel(upgrade.name))
    with in_scope(world.admin), pytest.raises(Conflict) as refusal:
        undo(world.admin, made)
    assert _kinds(refusal.value) == [("shape", table)]
    # Nor does another table of the same name take its images.
    _create(upgrade)
    with in_scope(world.admin), pytest.raises(Conflict):
        undo(world.admin, made)


def test_values_that_no_longer_fit_stand_in_the_way(upgrade: Upgrade, world: World) -> None:
    model = _create(upgrade)
    with writing(world.admin):
        model.objects.create(name="n", tel="long telephone number")
    with writing(world.admin) as edited:
        model.objects.update(tel="1")
    upgrade.migrate(migrations.AlterField(upgrade.name, "tel", models.CharField(max_length=5, default="")))
    with in_scope(world.admin), pytest.raises(Conflict) as refusal:
        undo(world.admin, edited)
    assert _kinds(refusal.value) == [("shape", "")]


def test_history_speaks_of_the_columns_of_today(upgrade: Upgrade, world: World) -> None:
    model = _create(upgrade)
    with writing(world.seller):
        row_id = model.objects.create(name="n", tel="1", price="2.50").id
    with writing(world.manager):
        model.objects.update(tel="2")
    model = LATER["everything at once"](upgrade)
    with writing(world.admin):
        model.objects.update(phone="3")
    table = model._meta.db_table
    tables, columns = former_names(table, ["phone"])
    assert columns == {"tel", "phone"}
    with in_scope(world.admin):
        rows = Change.objects.filter(row_id=row_id, table_name__in=tables).order_by("id")
        told = as_of_today(rows)
    assert [change.table_name for change in told] == [table] * 3
    assert [change.new["phone"] for change in told if change.new] == ["1", "2", "3"]
    assert "price" not in (told[0].new or {})


def test_erasure_reaches_every_image_under_all_its_names(
    upgrade: Upgrade, world: World, other_world: World
) -> None:
    model = _create(upgrade)
    with writing(world.admin):
        person = model.objects.create(name="张三", tel="13800000000")
        other = model.objects.create(name="李四", tel="13900000000")
    with writing(world.admin) as edited:
        model.objects.filter(id=person.id).update(tel="13811111111")
    model = LATER["everything at once"](upgrade)
    table = model._meta.db_table
    with writing(world.admin):
        model.objects.filter(id=person.id).update(phone="13822222222")
    with in_scope(other_world.admin):
        assert erase_images(other_world.system, table=table, row_id=person.id, columns=["phone"]) == 0
    with in_scope(world.admin), operation(world.system, "tests.person.erase"):
        model.objects.filter(id=person.id).update(phone="")
        assert erase_images(world.system, table=table, row_id=person.id, columns=["phone"]) == 4
    with in_scope(world.admin):
        told = [str(c.old) + str(c.new) for c in Change.objects.filter(row_id=person.id)]
        assert len(told) == 4
        numbers = ("13800000000", "13811111111", "13822222222")
        assert not any(number in images for images in told for number in numbers)
        assert any("张三" in images for images in told)
        assert "13900000000" in str(Change.objects.get(row_id=other.id).new)
        # Undo still works and brings nothing back.
        undo(world.admin, edited)
        assert model.objects.get(id=person.id).phone == ""


def test_shapes_are_read_from_every_version_a_table_has_had(upgrade: Upgrade, world: World) -> None:
    model = _create(upgrade)
    table = model._meta.db_table
    start = SchemaChange.objects.order_by("-id").values_list("id", flat=True).first() or 0
    LATER["everything at once"](upgrade)
    shape = shape_of(table, start)
    assert shape is not None
    assert dict(shape.moved) == {"tel": "phone", "price": None, "note": "notes"}
    assert shape.read({"tel": "1", "price": 2, "name": "n"}) == {"phone": "1", "name": "n"}
