"""What holds for every resource, declared today or tomorrow: a new entity inherits all of it.

Who may do what at which address, and that a denied act changes nothing, is `test_every_url.py`'s, which goes through
the addresses of every resource as well; that sorts and filters are served by an index at size is `test_plans.py`'s.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.integrations.exports.services import csv_lines
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import NotFound, Refused, Stale
from guanxi.kinds import FieldProblem, Number, Show
from guanxi.resource import access, acting, guards, listing
from guanxi.resource.contributions import contributed
from guanxi.resource.declaration import Resource
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.reach import Everything
from guanxi.resource.registry import every, find
from guanxi.testing.factories import make, sample
from guanxi.testing.guarding import guarding
from guanxi.testing.worlds import World, in_scope

KEYS = sorted(resource.key for resource in every())
WRITERS = ("seller", "teammate", "elsewhere", "manager")
TIMELINE_QUERIES = 5
# What a card says with its first answer: that two registered the same; when a customer falls, by its last opportunity
# too; how far a sale is, what its stage asks for and plans, what comes next.
SAID_AT_ONCE = {"customers": 2, "registrations": 1, "opportunities": 3}
MOST_QUERIES = {"list": 30, "card": 16, "form": 25}

ClientFor = Callable[[Member], Client]


@pytest.fixture(params=KEYS)
def resource(request: pytest.FixtureRequest) -> type[Resource]:
    return find(request.param)


@pytest.fixture
def records(world: World, resource: type[Resource]) -> dict[UUID, str]:
    """Two records of everybody who may create one, by id: who answers for them."""
    made: dict[UUID, str] = {}
    for name in WRITERS:
        actor = getattr(world, name)
        with in_scope(actor):
            for _ in range(2 if actor.may(resource.permission("create")) else 0):
                made[make(actor, resource).pk] = name
    return made


def _secret(actor: Actor) -> str:
    with in_scope(actor):
        return create_token(actor, name="contract", may_write=True)[1]


def _expected(world: World, actor: Actor, resource: type[Resource], records: dict[UUID, str]) -> set[UUID]:
    """By the roles alone: whose records the actor may see."""
    code = resource.permission("view")
    if not actor.may(code):
        return set()
    return {
        record
        for record, name in records.items()
        if isinstance(resource.reach, Everything) or actor.covers(code, [world.members[name].id])
    }


def test_the_same_records_are_seen_through_list_search_api_and_export(
    world: World, resource: type[Resource], records: dict[UUID, str]
) -> None:
    for name, actor in world.actors.items():
        expected = _expected(world, actor, resource, records)
        if not actor.may(resource.permission("view")):
            continue
        with in_scope(actor):
            wanted = listing.read(actor, resource, QueryDict(""))
            assert {row.pk for row in wanted.page().rows} == expected, f"list of {name}"
            if access.found_by(resource, resource.model._default_manager.first()) is not None:
                found = {hit.id for hit in access.search(actor, resource, "Sample", limit=50)}
                assert found == expected, f"search of {name}"
            exported = None
            if actor.may(resource.permission("export")):
                show = Show(actor=actor, language="en")
                exported = list(csv.reader(io.StringIO("".join(csv_lines(wanted, show)).lstrip("\ufeff"))))
        if exported is not None:
            assert len(exported) - 1 <= len(expected), f"export of {name}"
        answer = Client().get(
            f"/api/v1/{resource.key}?limit=100", headers={"Authorization": f"Bearer {_secret(actor)}"}
        )
        assert answer.status_code == 200
        assert {UUID(item["id"]) for item in answer.json()["items"]} == expected, f"API of {name}"


def test_nothing_of_another_company_is_there(
    other_world: World, resource: type[Resource], records: dict[UUID, str], client_for: ClientFor
) -> None:
    browser = client_for(other_world.members["admin"])
    some = next(iter(records))
    for page in ("card", "preview", "edit", "history"):
        assert browser.get(resource.url(page, id=some)).status_code == 404, page
    secret = {"Authorization": f"Bearer {_secret(other_world.admin)}"}
    assert Client().get(f"/api/v1/{resource.key}/{some}", headers=secret).status_code == 404
    assert Client().get(f"/api/v1/{resource.key}", headers=secret).json()["items"] == []


@contextmanager
def _unchanged(resource: type[Resource], actor: Actor) -> Iterator[None]:
    with in_scope(actor):
        before = list(resource.model._default_manager.order_by("pk").values())
    yield
    with in_scope(actor):
        assert list(resource.model._default_manager.order_by("pk").values()) == before


def test_every_act_is_undone_to_the_last_column(
    world: World, resource: type[Resource], records: dict[UUID, str]
) -> None:
    actor, ids = world.admin, list(records)[:3]

    def rows() -> list[dict[str, Any]]:
        with in_scope(actor):
            found = resource.model._default_manager.order_by("pk").values()
            return [{k: v for k, v in row.items() if k != "version"} for row in found]

    acts: dict[str, Callable[[], Any]] = {
        "create": lambda: make(actor, resource),
        "edit": lambda: resource.edit(
            actor, ids[0], data={resource.title: sample(resource)[resource.title]}, expected_version=None
        ),
        "edit_many": lambda: resource.edit_many(
            actor,
            ids=ids,
            data={name: sample(resource).get(name, "") for name in resource.bulk_fields[-2:-1]},
        ),
        "remove_many": lambda: resource.remove_many(actor, ids=ids),
    }
    for name, act in acts.items():
        if not resource.offers(name):
            continue
        before = rows()
        with in_scope(actor):
            act()
            operation = last_operation_id()
        assert operation is not None
        with in_scope(actor):
            undo(actor, operation)
        assert rows() == before, name


def test_what_was_exported_is_imported_again_as_it_was(
    world: World, resource: type[Resource], records: dict[UUID, str], tmp_path: Any
) -> None:
    actor, show = world.admin, Show(actor=world.admin, language="en")
    path = tmp_path / "export.csv"

    def exported() -> list[dict[str, str]]:
        with in_scope(actor):
            text = "".join(csv_lines(listing.read(actor, resource, QueryDict("")), show))
        path.write_text(text, encoding="utf-8")
        kept = {str(kind.label) for kind in resource.writable()}
        lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
        return sorted(
            ({k: v for k, v in line.items() if k in kept} for line in lines), key=lambda line: str(line)
        )

    before = exported()
    assert len(before) == len(records)
    with in_scope(actor):
        resource.remove_many(actor, ids=list(records))
    with in_scope(actor):
        table = open_table(path)
        columns = map_columns(actor, resource, table.headers)
        outcome = run_import(
            actor, resource=resource, table=table, columns=columns, options=Options(on_duplicate="skip")
        )
    assert (outcome.created, outcome.rejected, outcome.warnings) == (len(records), 0, 0), outcome
    assert exported() == before


def test_pages_ask_the_same_number_of_questions_however_many_records_there_are(
    world: World, resource: type[Resource], records: dict[UUID, str], client_for: ClientFor
) -> None:
    browser, some = client_for(world.members["owner"]), next(iter(records))
    pages = {
        "list": resource.url(),
        "card": resource.url("card", id=some),
        "form": resource.url("edit", id=some),
    }

    def counted() -> dict[str, int]:
        found = {}
        for name, url in pages.items():
            browser.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(url).status_code == 200
            found[name] = sum(not _CONTROL.match(one["sql"]) for one in asked.captured_queries)
        return found

    few = counted()
    with in_scope(world.owner):
        for _ in range(25):
            make(world.owner, resource)
    many = counted()
    assert many == few
    # Records it links to are fetched kind by kind.
    linked = {kind.to for kind in resource.fields().values() if isinstance(kind, RecordLink)}
    # What a history of activities, comments and changes asks, with the counts on its filters.
    timeline = any(panel.key == "timeline" for panel in contributed(resource.key).panels)
    for name, most in MOST_QUERIES.items():
        more = TIMELINE_QUERIES if timeline and name == "card" else 0
        more += SAID_AT_ONCE.get(resource.key, 0) if name == "card" else 0
        assert few[name] <= most + more + max(len(linked) - 1, 0), name


def test_every_declared_sort_has_an_index_of_its_own_columns(resource: type[Resource]) -> None:
    indexes = [tuple(name.lstrip("-") for name in index.fields) for index in resource.model._meta.indexes]
    for sort in resource.sorts:
        assert ("tenant_id", *sort.columns) in indexes, sort.key


def test_no_field_takes_a_number_that_its_column_cannot_hold(world: World, resource: type[Resource]) -> None:
    for kind in resource.kinds:
        if isinstance(kind, Number) and kind.computed is None:
            column = resource.model._meta.get_field(kind.name).get_internal_type()
            least, most = connection.ops.integer_field_range(column)
            for value in (least - 1, most + 1):
                # Amounts in a company's own currency are read by the company in scope.
                with in_scope(world.admin), pytest.raises(FieldProblem):
                    kind.clean(kind.plain(value), world.admin)


_CONTROL = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|SET LOCAL", re.IGNORECASE)
CHINESE = re.compile("[\u4e00-\u9fff]+")


def test_english_pages_are_english_and_chinese_ones_chinese(
    world: World, resource: type[Resource], records: dict[UUID, str], client_for: ClientFor
) -> None:
    browser, some = client_for(world.members["owner"]), next(iter(records))
    own = [world.tenant.name, *(member.name for member in world.members.values())]
    own += [department.name for department in world.departments.values()]
    own += [
        "简体中文",
        *(member.name[0] for member in world.members.values()),
    ]  # the initial in a round picture
    for page in (
        resource.url(),
        resource.url("new"),
        resource.url("card", id=some),
        resource.url("edit", id=some),
        resource.url("history", id=some),
    ):
        browser.post(reverse("language"), {"language": "en"})
        text = browser.get(page).content.decode()
        for name in own:
            text = text.replace(name, "")
        assert not CHINESE.findall(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)), page
        browser.post(reverse("language"), {"language": "zh-hans"})
        text = browser.get(page).content.decode()
        assert str(resource.url()) in text
        assert CHINESE.findall(text), page


@pytest.mark.parametrize("verb", ["create", "edit", "delete"])
def test_a_guard_of_an_upper_context_stops_every_verb_and_nothing_has_changed(
    world: World, resource: type[Resource], verb: str
) -> None:
    """A context's own services ask the guards as the usual verbs do."""

    def stop(attempt: guards.Attempt, records: Sequence[Any]) -> dict[UUID, guards.Verdict]:
        return {record.pk: guards.block("tests.stop", "Not now.") for record in records}

    with in_scope(world.manager):
        record = make(world.manager, resource)
    acts: dict[str, Callable[[], Any]] = {
        "create": lambda: make(world.manager, resource),
        "edit": lambda: resource.edit(
            world.manager, record.pk, data={resource.title: "Another"}, expected_version=None
        ),
        "delete": lambda: resource.remove_many(world.manager, ids=[record.pk]),
    }
    with (
        guarding(verb, stop, key=resource.key),
        in_scope(world.manager),
        pytest.raises(Refused) as refused,
    ):
        acts[verb]()
    assert refused.value.code == "tests.stop"
    with in_scope(world.manager):
        assert [str(one) for one in access.visible(world.manager, resource)] == [str(record)]


def test_every_action_for_many_leaves_alone_what_is_beyond_reach(
    world: World, other_world: World, resource: type[Resource]
) -> None:
    with in_scope(other_world.owner):
        theirs = make(other_world.owner, resource).pk
    with in_scope(world.owner):
        hers = make(world.owner, resource).pk
    for action in acting.actions_of(resource):
        known = all(isinstance(kind, MemberLink) for kind in action.inputs)
        if action.form != "set" or not known or not world.manager.may(resource.permission(action.verb)):
            continue
        given = {kind.name: str(world.manager.member_id) for kind in action.inputs}
        if action.key == acting.EDIT:
            name = resource.bulk_fields[0]
            given = {name: sample(resource).get(name, "")}
        with in_scope(world.manager):
            tally = acting.act_on_many(
                world.manager, resource, action, acting.Selection((theirs, hers)), given
            )
        # Of another company never; of this one only what is nobody's in particular.
        assert (tally.total, tally.done) == (2, 1 if _is_everybodys(resource) else 0), action.key
    if not _is_everybodys(resource):
        with in_scope(world.owner):
            assert [one.pk for one in access.visible(world.owner, resource)] == [hers]


def _is_everybodys(resource: type[Resource]) -> bool:
    return isinstance(resource.reach, Everything)


def test_saving_what_stands_already_leaves_no_trace(world: World, resource: type[Resource]) -> None:
    title = resource.title
    with in_scope(world.owner):
        record = make(world.owner, resource)
        before = last_operation_id()
        kept = resource.edit(
            world.owner, record.pk, data={title: str(getattr(record, title))}, expected_version=record.version
        )
        assert kept.version == record.version
        assert last_operation_id() == before
        with pytest.raises(Stale):
            resource.edit(world.owner, record.pk, data={title: "别的"}, expected_version=record.version + 1)


def test_different_values_for_many_are_one_operation_and_never_reach_beyond(
    world: World, resource: type[Resource]
) -> None:
    if not resource.offers("edit_each"):
        pytest.skip("edited one by one")
    title = resource.kind(resource.title)
    with in_scope(world.owner):
        hers = [make(world.owner, resource).pk for _ in range(2)]
    with in_scope(world.manager):
        made = [make(world.manager, resource).pk for _ in range(2)]
        before = _titles(resource, made)
        changed = resource.edit_each(
            world.manager,
            changes=[(made[1], {title.column: "第二个甲"}), (made[0], {title.column: "第一个乙"})],
        )
        assert [row.pk for row in changed] == [made[1], made[0]]
        assert _titles(resource, made) == {made[0]: "第一个乙", made[1]: "第二个甲"}
        done = last_operation_id()
        assert done is not None
        undo(world.manager, done)
        assert _titles(resource, made) == before
        if _is_everybodys(resource):
            return
        with pytest.raises(NotFound):
            resource.edit_each(
                world.manager, changes=[(made[0], {title.column: "丙"}), (hers[0], {title.column: "丁"})]
            )
        assert _titles(resource, made) == before


def _titles(resource: type[Resource], ids: Sequence[UUID]) -> dict[UUID, str]:
    column = resource.kind(resource.title).column
    return dict(resource.model._default_manager.filter(pk__in=ids).values_list("pk", column))
