"""What is asked for: a record of each kind, made afresh, and who may see it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from every_url.cast import Stage
from guanxi.activities.services.activities import plan_activity
from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.tags import create_tag
from guanxi.customers.models import Pair
from guanxi.customers.services.customers import create_customer, delete_customers
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import (
    close_member,
    create_department,
    create_member,
    create_role,
)
from guanxi.foundation.worktime.models import SpecialDay
from guanxi.foundation.worktime.rules import Day
from guanxi.foundation.worktime.services import set_days
from guanxi.integrations.api.tokens import create_token
from guanxi.integrations.imports.uploads import keep_upload
from guanxi.kernel.ids import new_id
from guanxi.reports.services.duties import save_duty
from guanxi.resource import acting
from guanxi.resource.attachments import attach
from guanxi.resource.declaration import Resource
from guanxi.resource.reach import Everything
from guanxi.resource.registry import every, find
from guanxi.sales.services.outlooks import say_outlook
from guanxi.tailoring.models import OwnField
from guanxi.tailoring.queries.views import SHARE
from guanxi.tailoring.services.fields import add_field
from guanxi.tailoring.services.layouts import set_layout
from guanxi.tailoring.services.views import create_view, share_view
from guanxi.team.models import Handover, Share
from guanxi.team.rules import Plan
from guanxi.team.services.handover import hand_over
from guanxi.testing.factories import make
from guanxi.testing.worlds import in_scope

_numbers = count(1)
Make = Callable[[Stage], dict[str, Any]]
Sees = Callable[[Stage, Actor], bool]


@dataclass(frozen=True, slots=True)
class Target:
    """How one is made (the address's arguments) and who may see it."""

    make: Make
    sees: Sees


def _within(code: str, owner: str = "seller") -> Sees:
    """Whoever holds the code at a reach that covers somebody of the first company."""

    def sees(stage: Stage, actor: Actor) -> bool:
        member: Member = stage.world.members[owner]
        return actor.tenant_id == stage.world.tenant_id and actor.covers(code, [member.id])

    return sees


def _of_company(stage: Stage, actor: Actor) -> bool:
    return actor.tenant_id == stage.world.tenant_id


def _own(stage: Stage, actor: Actor) -> bool:
    return actor.member_id == stage.world.seller.member_id


def _nobody(stage: Stage, actor: Actor) -> bool:
    return False


def name() -> str:
    """A name that nobody has yet."""
    return f"第{next(_numbers)}号{new_id().hex[-8:]}"


def _customer(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        return {
            "id": create_customer(
                stage.world.seller, data={"name": name() + "有限公司", "relations": "customer"}
            ).id
        }


def _operation(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        create_customer(stage.world.seller, data={"name": name() + "有限公司", "relations": "customer"})
        return {"operation_id": last_operation_id()}


def _api_operation(stage: Stage) -> dict[str, Any]:
    return {"id": _operation(stage)["operation_id"]}


def _deleted(stage: Stage) -> dict[str, Any]:
    found = _customer(stage)
    with in_scope(stage.world.manager):
        delete_customers(stage.world.manager, ids=[found["id"]])
        return {"change_id": Change.objects.get(row_id=found["id"], action=Change.DELETE).id}


def _api_deleted(stage: Stage) -> dict[str, Any]:
    return {"deleted_id": _deleted(stage)["change_id"]}


def _member(stage: Stage) -> dict[str, Any]:
    east = stage.world.departments["east"].id
    with in_scope(stage.world.admin):
        return {"member_id": create_member(stage.world.admin, name=name(), department_id=east).id}


def _closed_member(stage: Stage) -> dict[str, Any]:
    found = _member(stage)
    with in_scope(stage.world.admin):
        close_member(stage.world.admin, found["member_id"])
    return found


def _department(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.admin):
        return {"department_id": create_department(stage.world.admin, name=name()).id}


def _role(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.admin):
        return {"role_id": create_role(stage.world.admin, name=name()).id}


def _fresh_field(stage: Stage) -> OwnField:
    with in_scope(stage.world.admin):
        return add_field(stage.world.admin, resource="customers", kind="text", data={"label_zh": name()})


def _own_field(stage: Stage) -> dict[str, Any]:
    return {"key": "customers", "name": _fresh_field(stage).name}


def _api_own_field(stage: Stage) -> dict[str, Any]:
    return {"id": _fresh_field(stage).id}


def _api_layout(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.admin):
        return {"id": set_layout(stage.world.admin, resource="customers", sections=[]).id}


def _job(state: str, argument: str = "job_id") -> Make:
    def make(stage: Stage) -> dict[str, Any]:
        with in_scope(stage.world.seller):
            job = Job(kind="events.handle", actor_id=stage.world.seller.member_id, state=state, label=name())
            job.save(force_insert=True)
            return {argument: job.id}

    return make


def _notice(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        assert stage.world.seller.member_id is not None
        notify([stage.world.seller.member_id], "tests.notice")
        return {"notice_id": Notice.objects.order_by("-id")[0].id}


def _token(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        return {"token_id": create_token(stage.world.seller, name=name(), may_write=False)[0].id}


def _sees_job(stage: Stage, actor: Actor) -> bool:
    return _own(stage, actor) or (_of_company(stage, actor) and actor.may("jobs.job.manage"))


def _sees_token(stage: Stage, actor: Actor) -> bool:
    return _own(stage, actor) or (_of_company(stage, actor) and actor.may("integrations.token.manage"))


def undoes(stage: Stage, actor: Actor) -> bool:
    """Whether the actor may undo what the seller did."""
    return _own(stage, actor) or (_of_company(stage, actor) and actor.may("ledger.operation.undo"))


def scans(stage: Stage, actor: Actor) -> bool:
    """Whether the actor may look through everything for duplicates."""
    return actor.members_within("customers.customer.merge") is None


def _comment(stage: Stage) -> dict[str, Any]:
    found = _customer(stage)
    with in_scope(stage.world.seller):
        made = add_comment(stage.world.seller, resource="customers", record_id=found["id"], text=name())
        return {"comment_id": made.id}


def _pair(stage: Stage) -> dict[str, Any]:
    """Two of the seller's customers that may be one."""
    called = name()
    with in_scope(stage.world.seller):
        for more in ("有限公司", ""):
            data = {"name": f"{called}机械{more}", "relations": "customer"}
            create_customer(stage.world.seller, data=data, allow_duplicate=True)
        # Who created them has said that they are two; here nobody has yet.
        with operation(stage.world.system, "tests.pair.open"):
            made = Pair.objects.latest("created_at")
            made.answer = "open"
            made.save()
        return {"id": made.pk}


def _api_comment(stage: Stage) -> dict[str, Any]:
    return {"id": _comment(stage)["comment_id"]}


def with_own_eyes(stage: Stage, actor: Actor) -> bool:
    return actor.observer_id is None


def wrote(stage: Stage, actor: Actor) -> bool:
    """Whether a comment of the seller's is the actor's."""
    return _own(stage, actor)


def deletes_comment(stage: Stage, actor: Actor) -> bool:
    """Whether the actor may delete a comment of the seller's."""
    return _own(stage, actor) or (_of_company(stage, actor) and actor.may("collaboration.comment.delete"))


def _tag(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        return {"tag_id": create_tag(stage.world.seller, name=name()).id}


def _importer(stage: Stage, resource: type[Resource]) -> Actor:
    """The manager, or, where managers import none, the administrator."""
    may = stage.world.manager.may(resource.permission("import"))
    return stage.world.manager if may else stage.world.admin


def _uploads_own(resource: type[Resource]) -> Sees:
    return lambda stage, actor: actor.member_id == _importer(stage, resource).member_id


def _view(stage: Stage) -> dict[str, Any]:
    actor = stage.world.seller
    with in_scope(actor):
        return {"view_id": create_view(actor, resource="customers", name=name(), query="grade=A").id}


def _api_view(stage: Stage) -> dict[str, Any]:
    return {"id": _view(stage)["view_id"]}


def _shared_view(stage: Stage) -> dict[str, Any]:
    """Of the seller, shared with everyone: administrators may take it over."""
    made = _view(stage)
    with in_scope(stage.world.admin):
        share_view(
            replace(stage.world.seller, grants={**stage.world.seller.grants, SHARE: "all"}),
            made["view_id"],
            everyone=True,
        )
    return made


def _api_shared_view(stage: Stage) -> dict[str, Any]:
    return {"id": _shared_view(stage)["view_id"]}


def _planned(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        made = plan_activity(
            stage.world.seller, data={"kind": "call", "subject": name(), "at": "2026-12-01 10:00"}
        )
        return {"activity_id": made.pk}


def _visit(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        made = plan_activity(
            stage.world.seller, data={"kind": "visit", "subject": name(), "at": "2026-12-01 10:00"}
        )
        return {"activity_id": made.pk}


def _promise(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        return {"commitment_id": make(stage.world.seller, find("commitments"), name()).pk}


def _handed_over(stage: Stage) -> Handover:
    """By the administrator, of somebody new in the seller's department to the seller."""
    admin = stage.world.admin
    leaver, seller = _member(stage)["member_id"], stage.world.seller.member_id
    assert seller is not None
    with in_scope(admin):
        customer = make(admin, find("customers"), name())
        acting.find(admin, find("customers"), "assign").service(admin, ids=[customer.pk], owner=leaver)
        return hand_over(admin, leaver, plan=Plan(seller))


def _handover(stage: Stage) -> dict[str, Any]:
    return {"handover_id": _handed_over(stage).pk}


def _share(stage: Stage) -> dict[str, Any]:
    made = _handed_over(stage)
    with in_scope(stage.world.admin):
        return {"share_id": Share.objects.get(handover=made).pk}


def _sees_handover(stage: Stage, actor: Actor) -> bool:
    """Whoever arranges such, and the seller, who took over."""
    return _own(stage, actor) or _within("team.handover.run")(stage, actor)


def _duty(stage: Stage) -> dict[str, Any]:
    admin = stage.world.admin
    with in_scope(admin):
        who = [("member", stage.world.members["seller"].pk)]
        return {"duty_id": save_duty(admin, period="day", by="18:30", offset=0, who=who).pk}


def _special_day(argument: str) -> Make:
    def make(stage: Stage) -> dict[str, Any]:
        with in_scope(stage.world.admin):
            set_days(stage.world.admin, days=[Day(date(2027, 2, 5), works=False)])
            return {argument: SpecialDay.objects.get(day=date(2027, 2, 5)).pk}

    return make


def _outlook(stage: Stage) -> dict[str, Any]:
    manager, seller = stage.world.manager, stage.world.seller.member_id
    with in_scope(manager):
        said = say_outlook(manager, month=date(2027, 5, 1), amount=5, reason="x", member=seller)
        return {"id": said.pk}


VIEW_CUSTOMERS = "customers.customer.view"
EDIT_CUSTOMERS = "customers.customer.edit"
TARGETS: dict[str, Target] = {
    "planned": Target(_planned, _within("activities.activity.view")),
    "visit": Target(_visit, _within("activities.activity.view")),
    "promise": Target(_promise, _within("activities.commitment.view")),
    "held": Target(_member, _within("team.handover.run")),
    "special_day": Target(_special_day("day_id"), _of_company),
    "api_special_day": Target(_special_day("id"), _of_company),
    "outlook": Target(_outlook, _within("sales.opportunity.view")),
    "duty": Target(_duty, _of_company),
    "handover": Target(_handover, _sees_handover),
    "share": Target(_share, _own),
    "pair": Target(_pair, _within(EDIT_CUSTOMERS)),
    "comment": Target(_comment, _within(VIEW_CUSTOMERS)),
    "api_comment": Target(_api_comment, _within(VIEW_CUSTOMERS)),
    "api_tag": Target(lambda stage: {"id": _tag(stage)["tag_id"]}, _of_company),
    "tag": Target(_tag, _of_company),
    "own_field": Target(_own_field, _of_company),
    "api_own_field": Target(_api_own_field, _of_company),
    "api_layout": Target(_api_layout, _of_company),
    "operation": Target(_operation, _within("ledger.operation.view")),
    "api_operation": Target(_api_operation, _within("ledger.operation.view")),
    "deleted": Target(_deleted, _within("ledger.operation.view", "manager")),
    "api_deleted": Target(_api_deleted, _within("ledger.operation.view", "manager")),
    "member": Target(_member, _within("accounts.member.view")),
    "anybody": Target(_member, _of_company),
    "closed_member": Target(_closed_member, _within("accounts.member.view")),
    "department": Target(_department, _of_company),
    "role": Target(_role, _of_company),
    "job": Target(_job("queued"), _sees_job),
    "api_job": Target(_job("queued", "id"), _sees_job),
    "api_failed_job": Target(_job("failed", "id"), _sees_job),
    "failed_job": Target(_job("failed"), _sees_job),
    "notice": Target(_notice, _own),
    "token": Target(_token, _sees_token),
    "view": Target(_view, _own),
    "api_view": Target(_api_view, _own),
    "shared_view": Target(_shared_view, _of_company),
    "api_shared_view": Target(_api_shared_view, _of_company),
    "company": Target(lambda stage: {"tenant_id": stage.world.tenant_id}, _of_company),
    # Rows that do not exist: an address that never finds one answers 404 to everybody.
    "no_session": Target(lambda stage: {"row_id": 2**31 - 1}, _nobody),
    "no_key": Target(lambda stage: {"pk": 2**31 - 1}, _nobody),
}


def _with_id(make: Make) -> Make:
    """The same for the API, where every argument is called `id`."""

    def make_it(stage: Stage) -> dict[str, Any]:
        return {"id": next(iter(make(stage).values()))}

    return make_it


for _kind in ("member", "closed_member", "department", "role", "planned", "visit", "handover", "share"):
    TARGETS[f"api_{_kind}"] = Target(_with_id(TARGETS[_kind].make), TARGETS[_kind].sees)


def _maker(stage: Stage, resource: type[Resource]) -> Actor:
    """The seller, or, where sellers make none, their manager."""
    may = stage.world.seller.may(resource.permission("create"))
    return stage.world.seller if may else stage.world.manager


def _made(resource: type[Resource]) -> Make:
    def make_it(stage: Stage) -> dict[str, Any]:
        maker = _maker(stage, resource)
        with in_scope(maker):
            return {"id": make(maker, resource, name()).pk}

    return make_it


def _attached(resource: type[Resource]) -> Make:
    def make_it(stage: Stage) -> dict[str, Any]:
        found, maker = _made(resource)(stage), _maker(stage, resource)
        with in_scope(maker):
            added = attach(maker, resource, found["id"], name="a.txt", chunks=[b"text"])
            return found | {"file_id": added.id}

    return make_it


def _uploaded(resource: type[Resource]) -> Make:
    def make_it(stage: Stage) -> dict[str, Any]:
        actor, lines = _importer(stage, resource), f"{resource.title}\n甲有限公司\n"
        with in_scope(actor):
            kept = keep_upload(actor, resource, name="a.csv", chunks=[lines.encode()], language="en")
            return {"id": kept.id}

    return make_it


for _one in every():
    _sees = _of_company if isinstance(_one.reach, Everything) else _within(_one.permission("view"))
    TARGETS |= {
        _one.key: Target(_made(_one), _sees),
        f"{_one.key}:file": Target(_attached(_one), _sees),
        f"{_one.key}:upload": Target(_uploaded(_one), _uploads_own(_one)),
    }


def put_up(stage: Stage, target: str) -> dict[str, Any]:
    """A new one, as arguments of an address."""
    stage.before = None
    return TARGETS[target].make(stage)
