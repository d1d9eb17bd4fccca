"""Addresses of sales."""

from typing import Any

from every_url.cast import Stage
from every_url.rules import REACHED, Rule, get, post
from guanxi.sales.models import Stage as SalesStage
from guanxi.testing.worlds import in_scope

SEE, MOVE, EDIT = "sales.opportunity.view", "sales.opportunity.move", "sales.opportunity.edit"


def _second_stage(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    with in_scope(stage.world.system):
        found = SalesStage.objects.filter(kind="open").order_by("pipeline__position", "position")[1]
        return {"stage": str(found.pk)}


SALES: dict[str, Rule] = {
    "lead_convert": Rule(
        get("marketing.lead.view", "marketing.lead.edit")
        | post("marketing.lead.view", "marketing.lead.edit", answers=REACHED),
        target="leads",
    ),
    "opportunities_forecast": Rule(get(SEE)),
    "forecast_sales": Rule(get(SEE), query="?by=owner&first=2027-01-01&last=2027-01-31"),
    "opportunities_review": Rule(get(SEE) | post(SEE)),
    "board_sums": Rule(get("sales.pipeline.view", SEE), target="pipelines"),
    "board_lane": Rule(get("sales.stage.view", SEE), target="stages"),
    "board_places": Rule(get(SEE), target="opportunities"),
    "opportunity_day": Rule(get(SEE, EDIT) | post(EDIT, data={"day": "2027-01-29"}), target="opportunities"),
    "board_move": Rule(post(MOVE, data=_second_stage), target="opportunities"),
}
