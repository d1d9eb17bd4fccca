"""Addresses of sales."""

from typing import Any

from every_url.cast import Stage
from every_url.rules import NOBODY, PIPELINES, REACHED, Call, Rule, get, post
from guanxi.sales.models import Stage as SalesStage
from guanxi.testing.worlds import in_scope

SEE, MOVE, EDIT = "sales.opportunity.view", "sales.opportunity.move", "sales.opportunity.edit"
CLOSE, ASSIGN, EXPECT = "sales.opportunity.close", "sales.opportunity.assign", "sales.outlook.say"


def _second_stage(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    with in_scope(stage.world.system):
        found = SalesStage.objects.filter(kind="open").order_by("pipeline__position", "position")[1]
        return {"stage": str(found.pk)}


def _reason(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return _second_stage(stage, arguments) | {"reason": "x"}


def _expected(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    who = str(stage.world.seller.member_id)
    return {"whose": f"owner:{who}", "month": "2027-01-01", "amount": "5", "reason": "x"}


def _said(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"member": str(stage.world.seller.member_id), "month": "2027-01-01", "amount": "5", "reason": "x"}


# Another company has nobody of this id.
SAID = frozenset((201, 422))
SPAN = "?first=2027-01-01&last=2027-03-31"
SALES: dict[str, Rule] = {
    "lead_convert": Rule(
        get("marketing.lead.view", "marketing.lead.edit")
        | post("marketing.lead.view", "marketing.lead.edit", answers=REACHED),
        target="leads",
    ),
    "opportunities_forecast": Rule(get(SEE) | post(SEE, EXPECT, data=_expected, answers=REACHED)),
    "forecast_sales": Rule(get(SEE), query="?by=owner&first=2027-01-01&last=2027-01-31"),
    "opportunities_review": Rule(get(SEE) | post(SEE)),
    "board_sums": Rule(get("sales.pipeline.view", SEE), target="pipelines"),
    "board_lane": Rule(get("sales.stage.view", SEE), target="stages"),
    "board_places": Rule(get(SEE), target="opportunities"),
    "opportunity_day": Rule(get(SEE, EDIT) | post(EDIT, data={"day": "2027-01-29"}), target="opportunities"),
    "api:forecast_list": Rule(get(SEE), query=SPAN),
    "api:forecast_moved": Rule(get(SEE), query=SPAN),
    "api:forecast_accuracy": Rule(get(SEE)),
    "api:outlooks_list": Rule(get(SEE) | post(SEE, EXPECT, data=_said, answers=SAID), query=SPAN),
    "api:outlooks_read": Rule({"DELETE": Call((SEE, EXPECT))}, target="outlook"),
    "api:opportunities_evidence": Rule(get(SEE), target="opportunities"),
    "api:opportunities_move": Rule(post(SEE, MOVE, data=_reason), target="opportunities"),
    "api:opportunities_win": Rule(post(SEE, CLOSE, data={"reason": "x"}), target="opportunities"),
    "api:opportunities_plan": Rule(
        get(SEE) | post(SEE, EDIT, data={}, answers=frozenset((409,))), target="opportunities"
    ),
    "api:opportunities_interview": Rule(
        get(SEE, EDIT) | post(SEE, EDIT, data={"answers": []}), target="opportunities"
    ),
    "api:opportunities_candidates": Rule(get(SEE, ASSIGN), target="opportunities"),
    "api:pipelines_order": Rule(post(PIPELINES, data={"stages": []}), target="pipelines"),
    "api:stages_remove": Rule(
        post(PIPELINES, "sales.stage.edit", data={"into": NOBODY}, answers=frozenset((409,))), target="stages"
    ),
    "board_move": Rule(post(MOVE, data=_second_stage), target="opportunities"),
}
