"""Sales come in with their seller, stage, days and product; sellers who are nobody of us become colleagues."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Invalid
from guanxi.resource.registry import find
from guanxi.sales.models import Line, Move, Opportunity, Stage
from guanxi.sales.services.defaults import make_defaults
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

TEAM = "sales_agent,manager,regional_office\nAnn Lee,Bo Li,North\nCai Wu,Bo Li,South\n"
SALES = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    "A1,Ann Lee,Pump 2,,Engaging,2020-03-04,,\n"
    "A2,Cai Wu,Pump2,Acme,Won,2020-03-04,2020-05-06,120\n"
    "A3,Ann Lee,,,Prospecting,,,\n"
)


@pytest.fixture
def files(world: World, tmp_path: Path) -> list[Path]:
    """The two files, in a company that has a pipeline and one product."""
    with in_scope(world.admin):
        make_defaults(world.admin)
        products = find("products")
        products.create(world.admin, data={**products.defaults, "name": "Pump 2"})
    found = []
    for name, text in (("sales_pipeline.csv", SALES), ("north_south.csv", TEAM)):
        found.append(tmp_path / name)
        found[-1].write_text(text, encoding="utf-8")
    return found


def _imported(world: World, path: Path, **options: Any) -> Outcome:
    with in_scope(world.admin):
        resource, table = find("opportunities"), open_table(path)
        columns = match_table(world.admin, resource, table)
        return run_import(
            world.admin, resource=resource, table=table, columns=columns, options=Options(**options)
        )


def test_a_set_is_moved_in_by_command_and_taken_out(world: World, files: list[Path], capsys: Any) -> None:
    whose = ("--company", world.tenant.slug, "--as", world.admin.name)
    call_command("move_in", *map(str, files), "--new-colleagues", "--json", *whose)
    found = json.loads(capsys.readouterr().out)
    assert (found["colleagues"], found["departments"], found["files"][0]["created"]) == (3, 2, 3)
    with in_scope(world.admin):
        first, second, third = Opportunity.objects.select_related("owner__superior", "stage").order_by(
            "external_number"
        )
        assert [one.name for one in (first, second, third)] == ["Pump 2", "Acme · Pump2", "A3"]
        assert [one.owner.superior.name for one in (first, second) if one.owner and one.owner.superior] == [
            "Bo Li"
        ] * 2
        assert (first.state, second.state, third.customer, second.customer) == ("open", "won", None, None)
        assert [str(timezone.localdate(one.stage_since)) for one in (first, second)] == [
            "2020-03-04", "2020-05-06",
        ]  # fmt: skip
        lines = dict(Line.objects.values_list("text", "suggested__name"))
        assert lines == {"": None, "Pump2": "Pump 2"}
        begun = Move.objects.get(opportunity=second.pk)
        assert begun.created_at == second.stage_since
        undo(world.admin, found["operation"])
    with in_scope(world.admin):
        assert (Opportunity.objects.count(), Line.objects.count()) == (0, 0)
        assert not Member.objects.filter(name__in=("Ann Lee", "Bo Li", "Cai Wu")).exists()
        assert not Department.objects.filter(name__in=("North", "South")).exists()


def test_a_page_makes_colleagues_of_users(world: World, files: list[Path]) -> None:
    client = client_for(world.members["admin"])
    url = client.post("/settings/moves/")["Location"]
    with files[1].open("rb") as team:
        client.post(url, {"files": team})
    assert 'value="welcome"' in client.get(url).content.decode()
    client.post(url, {"do": "welcome"})
    page = client.get(url).content.decode()
    assert page.count('<option value="new" selected') == 3


def test_what_a_stage_means_is_said_once(world: World, files: list[Path]) -> None:
    with in_scope(world.admin), operation(world.admin, "sales.settings.edit"):
        for name in ("需求确认", "Need confirmed"):
            Stage.objects.filter(name=name).update(name="Talks")
    assert _imported(world, files[0]).remarks
    meanings = {"deal_stage": {"Engaging": "Talks", "Prospecting": "Talks"}}
    with pytest.raises(Invalid):
        _imported(world, files[0], meanings={"deal_stage": {"Engaging": "No such stage"}})
    outcome = _imported(world, files[0], on_duplicate="overwrite", meanings=meanings)
    assert outcome.rejected == 0
    with in_scope(world.admin):
        stages = dict(Opportunity.objects.values_list("external_number", "stage__name"))
        assert (stages["A1"], stages["A3"]) == ("Talks", "Talks")


def test_a_stage_is_never_entered_in_the_future(world: World, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("name,stage since\nX,2999-01-01\nY,2020-01-02\n", encoding="utf-8")
    with in_scope(world.admin):
        make_defaults(world.admin)
    assert _imported(world, path).created == 2
    with in_scope(world.admin):
        since = dict(Opportunity.objects.values_list("name", "stage_since"))
    assert since["X"].year != 2999
    assert str(timezone.localdate(since["Y"])) == "2020-01-02"
