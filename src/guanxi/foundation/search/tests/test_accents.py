"""Letters are found with and without their accents, also in what was written before that was so."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connections

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.search.grams import lines_of, rebared
from guanxi.foundation.search.models import Entry
from guanxi.kernel.text import fold
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.factories import sample
from guanxi.testing.worlds import World, in_scope

NAMES = ["Müller GmbH", "Société Générale", "Łódź Export", "Weißstraße AG", "Søren Ørsted A/S"]


def _make(world: World, name: str, **more: str) -> None:
    resource = find("customers")
    with in_scope(world.seller):
        resource.create(world.seller, data=sample(resource, name) | more, allow_duplicate=True)


def _found(world: World, typed: str, key: str = "customers") -> list[str]:
    with in_scope(world.seller):
        return [hit.title for hit in access.search(world.seller, find(key), typed)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Muller", "Müller GmbH"),
        ("müller", "Müller GmbH"),
        ("mul", "Müller GmbH"),
        ("gmbh MULLER", "Müller GmbH"),
        ("societe", "Société Générale"),
        ("generale", "Société Générale"),
        ("Generále societe", "Société Générale"),
        ("lodz", "Łódź Export"),
        ("weissstrasse", "Weißstraße AG"),
        ("soren orsted", "Søren Ørsted A/S"),
        ("Ørsted", "Søren Ørsted A/S"),
        ("Örsted", "Søren Ørsted A/S"),
    ],
)
def test_accents_count_for_nothing(world: World, typed: str, name: str) -> None:
    for one in NAMES:
        _make(world, one)
    assert _found(world, typed) == [name]


def test_what_has_none_is_found_with_them(world: World) -> None:
    _make(world, "Muller Lodz", short_name="Strasse")
    for typed in ("Müller", "Łódź müller", "straße"):
        assert _found(world, typed) == ["Muller Lodz"], typed


def test_members_are_found_without_accents(world: World) -> None:
    member = world.members["teammate"]
    with in_scope(world.system), operation(world.system, "accounts.member.edit"):
        type(member).objects.filter(pk=member.pk).update(name="Zoë Müller")
    with in_scope(world.seller):
        kind: Any = find("customers").kind("owner")
        show = Show(actor=world.seller, language="en")
        assert [one.label for one in kind.suggest("zoe mul", show)] == ["Zoë Müller"]


def test_what_was_written_with_accents_is_found_after_the_migration(world: World) -> None:
    for one in NAMES:
        _make(world, one)
    with in_scope(world.seller):
        entries = list(Entry.objects.filter(resource="customers"))
        for entry in entries:
            entry.text = f"{fold(entry.title)}\nmaier\nx1é"
            mark = world.tenant_id.hex[-8:]
            first = fold(entry.title)
            entry.grams = [
                mark + gram for gram in ("^" + first[0], "^" + first[:2], "^m", "^ma", "mai", "=x1é")
            ]
        Entry.objects.bulk_update(entries, ["text", "grams"])
    assert _found(world, "muller") == []
    connection = connections["owner"]
    migration = import_module("guanxi.foundation.search.migrations.0006_accents")
    with connection.schema_editor() as editor:
        migration.bare_entries(apps, editor)
    assert _found(world, "muller") == ["Müller GmbH"]
    assert _found(world, "societe") == ["Société Générale"]
    assert _found(world, "ørsted") == ["Søren Ørsted A/S"]
    assert len(_found(world, "ma")) == len(NAMES)


def test_lines_are_bared_as_they_would_be_written() -> None:
    fresh = lines_of(names=["Müller"], codes=["é-1"])
    text, grams = rebared("müller\né1", ["#^m", "#^mü", "#mül", "#ülle", "#^é", "#^é1", "#=é1"], "#")
    assert text == fresh.text
    assert {gram[1:] for gram in grams} >= set(fresh.grams)
