"""Expand and contract: what a migration takes away has to be said."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation

from guanxi.project.backup.migrations import unmarked


class First(Migration):
    operations = [
        migrations.CreateModel(
            "Ware",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=50)),
                ("note", models.TextField(null=True)),
                ("size", models.IntegerField()),
            ],
        )
    ]


def faults_of(*operations: Operation, **marks: Any) -> list[str]:
    body = {"dependencies": [("ware", "0001")], "operations": list(operations), "__module__": "guanxi.x"}
    second = type("Migration", (Migration,), {**body, **marks})
    loader = MigrationLoader(None, load=False)
    first = First("0001", "ware")
    loader.load_disk = lambda: None  # type: ignore[method-assign]
    loader.unmigrated_apps, loader.migrated_apps = set(), {"ware"}
    loader.disk_migrations = {("ware", "0001"): first, ("ware", "0002"): second("0002", "ware")}
    loader.build_graph()
    return unmarked(loader)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("ware", "name"),
        migrations.RenameField("ware", "name", "title"),
        migrations.DeleteModel("Ware"),
        migrations.RenameModel("Ware", "Good"),
        migrations.AlterModelTable("ware", "goods"),
        migrations.AlterField("ware", "name", models.CharField(max_length=40)),
        migrations.AlterField("ware", "note", models.TextField(default="")),
        migrations.AlterField("ware", "name", models.IntegerField()),
        migrations.AlterField("ware", "size", models.IntegerField(unique=True)),
        migrations.RunSQL("ALTER TABLE ware_ware DROP COLUMN name"),
        migrations.RunSQL([("drop table x", None)]),
        migrations.SeparateDatabaseAndState([migrations.RemoveField("ware", "name")], []),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_takes_away_is_named_unless_it_says_why(operation: Operation) -> None:
    assert len(faults_of(operation)) == 1
    assert faults_of(operation, contract=True) == ["ware.0002 is marked as contracting and gives no reason"]
    assert faults_of(operation, contract=True, reason="nothing reads it since 0.4") == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("ware", "colour", models.CharField(max_length=9, default="")),
        migrations.AlterField("ware", "name", models.CharField(max_length=80)),
        migrations.AlterField("ware", "name", models.TextField()),
        migrations.AlterField("ware", "size", models.BigIntegerField(null=True)),
        migrations.AddIndex("ware", models.Index(fields=["size"], name="ware_size")),
        migrations.RunSQL("CREATE FUNCTION f() RETURNS void AS $$ BEGIN DROP TABLE x; END $$"),
        migrations.SeparateDatabaseAndState([], [migrations.RemoveField("ware", "name")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_adds_or_widens_needs_no_mark(operation: Operation) -> None:
    assert faults_of(operation) == []


def test_our_own_migrations_say_what_they_take_away() -> None:
    assert unmarked(MigrationLoader(None)) == []
