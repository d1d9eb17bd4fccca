"""What a sale is led by, through the API: evidence, moves and wins with it, the plan, the interview, whom to send, the
order of stages; the forecast as the page has it."""

from typing import Any

from django.test import Client
from django.utils import timezone

from guanxi.resource.registry import find
from guanxi.sales.choices import HAND
from guanxi.sales.models import Opportunity, Proof, Stage
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import caller, opened, stage
from guanxi.testing.worlds import World, in_scope


def _post(client: Client, address: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{address}", body, content_type="application/json")


def test_a_sale_is_moved_and_won_with_what_shows_it(world: World) -> None:
    with in_scope(world.seller):
        sale = opened(world.seller, amount="5")
        place, other = stage(1), stage(4)
    with in_scope(world.admin):
        data = {"stage": str(place.pk), "name": "They signed the letter", "how": HAND}
        evidence = find("evidence").create(world.admin, data=data)
    client, address = caller(world.seller), f"opportunities/{sale.pk}"
    asked = {one["id"]: one for one in client.get(f"/api/v1/{address}/evidence").json()["items"]}
    assert asked[str(evidence.pk)]["by_hand"]
    assert not asked[str(evidence.pk)]["there"]
    refused = _post(client, f"{address}/move", stage=str(place.pk))
    assert refused.status_code == 409
    proofs = [{"evidence": str(evidence.pk), "note": "Scan in the mail"}]
    moved = _post(client, f"{address}/move", stage=str(place.pk), proofs=proofs, reason="No contact yet")
    assert moved.status_code == 200, moved.content
    assert (moved.json()["stage"], moved.json()["state"]) == (str(place.pk), "open")
    with in_scope(world.seller):
        assert Proof.objects.get(opportunity=sale).note == "Scan in the mail"
    assert _post(client, f"{address}/move", stage=str(sale.pk)).status_code == 422
    assert _post(client, f"{address}/win", closed_on="2027-13-01").status_code == 422
    won = _post(client, f"{address}/win", reason="The order came", closed_on=str(timezone.localdate()))
    assert won.json()["state"] == "won"
    assert _post(client, f"{address}/win", reason="Again").status_code == 409
    assert _post(client, f"{address}/move", stage=str(other.pk)).status_code == 409
    stranger = caller(world.elsewhere)
    for path, body in (("move", {"stage": str(place.pk)}), ("win", {}), ("plan", {})):
        assert _post(stranger, f"{address}/{path}", **body).status_code == 404
    for path in ("evidence", "plan", "interview"):
        assert stranger.get(f"/api/v1/{address}/{path}").status_code == 404


def test_the_plan_of_a_stage_is_planned_once(world: World) -> None:
    with in_scope(world.seller):
        sale = opened(world.seller)
    with in_scope(world.admin):
        data = {"stage": str(sale.stage_id), "kind": "call", "subject": "Ask who decides", "days": "2"}
        find("plan_steps").create(world.admin, data=data)
    client, address = caller(world.seller), f"opportunities/{sale.pk}/plan"
    (step,) = client.get(f"/api/v1/{address}").json()["items"]
    assert (step["subject"], step["planned"], step["activity"]) == ("Ask who decides", False, None)
    assert _post(client, address).json() == {"planned": 1}
    (step,) = client.get(f"/api/v1/{address}").json()["items"]
    assert step["planned"]
    assert step["activity"]
    assert _post(client, address).status_code == 409


def test_answers_of_the_interview_become_fields(world: World) -> None:
    with in_scope(world.seller):
        sale = opened(world.seller)
        far = stage(3)
    with in_scope(world.admin):
        of = {"stage": str(sale.stage_id)}
        field = find("questions").create(
            world.admin, data=of | {"text": "How much?", "goes_to": "field", "field": "amount"}
        )
        plain = find("questions").create(world.admin, data=of | {"text": "Who else?"})
        other = find("questions").create(world.admin, data={"stage": str(far.pk), "text": "When?"})
    client, address = caller(world.seller), f"opportunities/{sale.pk}/interview"
    asked = client.get(f"/api/v1/{address}").json()["items"]
    assert {one["question"] for one in asked} == {str(field.pk), str(plain.pk)}
    answers = [{"question": str(field.pk), "text": "1500"}, {"question": str(plain.pk), "text": "Two others"}]
    assert _post(client, address, answers=answers).json() == {"answered": 2}
    assert _post(client, address, answers=answers).json() == {"answered": 0}
    with in_scope(world.seller):
        assert Opportunity.objects.get(pk=sale.pk).amount == 150_000
    answers = [{"question": str(field.pk), "text": "a lot"}]
    assert _post(client, address, answers=answers).status_code == 422
    answers = [{"question": str(other.pk), "text": "Now"}]
    assert _post(client, address, answers=answers).status_code == 422


def test_whom_to_send_says_points_and_reasons(world: World) -> None:
    with in_scope(world.admin):
        data = {"name": "L100", "kind": "goods", "state": "active"}
        product = find("products").create(world.admin, data=data)
    with in_scope(world.teammate):
        sold = opened(world.teammate, customer="")
        _line(world.teammate, sold, product)
        win_opportunity(world.teammate, sold.pk, reason="The order came")
    with in_scope(world.seller):
        sale = opened(world.seller, customer="")
        _line(world.seller, sale, product)
    manager, address = caller(world.manager), f"/api/v1/opportunities/{sale.pk}/candidates"
    first, *_rest = manager.get(address).json()["items"]
    assert first["member"] == str(world.teammate.member_id)
    assert any("1" in one for one in first["reasons"])
    assert 0 < first["points"] <= 100
    assert caller(world.seller).get(address).status_code == 403


def _line(actor: Any, sale: Opportunity, product: Any) -> None:
    data = {"opportunity": str(sale.pk), "product": str(product.pk), "price": "5"}
    find("sale_lines").create(actor, data=data)


def test_stages_are_put_in_order_and_removed(world: World) -> None:
    with in_scope(world.seller):
        sale = opened(world.seller)
        stages = [stage(place) for place in range(7)]
        pipeline = stages[0].pipeline_id
    manager = caller(world.manager)
    turned = [str(one.pk) for one in reversed(stages[:5])]
    answer = _post(manager, f"pipelines/{pipeline}/order", stages=turned)
    assert answer.status_code == 200, answer.content
    assert answer.json()["stages"][:5] == turned
    assert answer.json()["stages"][5:] == [str(one.pk) for one in stages[5:]]
    target = str(stages[2].pk)
    removed = _post(manager, f"stages/{sale.stage_id}/remove", into=target)
    assert removed.json() == {"moved": 1}
    with in_scope(world.seller):
        assert str(Opportunity.objects.get(pk=sale.pk).stage_id) == target
        assert not Stage.objects.filter(pk=sale.stage_id).exists()
    assert _post(manager, f"stages/{stages[5].pk}/remove", into=target).status_code == 409
    seller = caller(world.seller)
    assert _post(seller, f"stages/{target}/remove", into=turned[0]).status_code == 403
    assert _post(seller, f"pipelines/{pipeline}/order", stages=turned).status_code == 403


def test_the_forecast_is_told_by_the_api(world: World) -> None:
    with in_scope(world.seller):
        opened(world.seller, amount="1000", expected_on="2027-01-10", probability="50", category="best")
        opened(world.seller, expected_on="2027-01-20", category="best")
    client = caller(world.manager)
    span = "first=2027-01-01&last=2027-03-31"
    (row,) = client.get(f"/api/v1/forecast?{span}").json()["items"]
    assert (row["key"], row["month"]) == (str(world.seller.member_id), "2027-01-01")
    assert (row["best"], row["weighted"], row["sales"], row["unknown"]) == ("1000.00", "500.00", 2, 1)
    for by in ("department", "pipeline", "stage", "region", "product_line", "product"):
        rows = client.get(f"/api/v1/forecast?{span}&by={by}").json()["items"]
        assert sum(float(one["best"]) for one in rows) == 1000, by
    moved = client.get(f"/api/v1/forecast/moved?{span}").json()["items"]
    assert [(one["reason"], one["delta"]) for one in moved] == [("new", "1000.00"), ("new", "0.00")]
    truth = client.get("/api/v1/forecast/accuracy").json()["items"]
    assert [one["whole"] for one in truth] == [True] * 3
    for wrong in (
        "first=x&last=2027-01-01",
        "first=2027-02-01&last=2027-01-01",
        f"{span}&by=weather",
        "first=2027-01-01",
    ):
        assert client.get(f"/api/v1/forecast?{wrong}").status_code == 422, wrong
