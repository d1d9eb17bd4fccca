"""What a rule about an address says, and what it is said with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from every_url.cast import Stage
from every_url.targets import Sees, name, put_up
from guanxi.kernel.ids import new_id

DONE = frozenset((200, 201, 204, 302))
Given = Callable[[Stage, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A method: the codes it needs, sample data that works, what it answers where it may be done."""

    codes: tuple[str, ...] = ()
    data: Given | Mapping[str, Any] | bytes | None = None  # bytes: a file
    answers: frozenset[int] = DONE
    watched: bool = False  # whether it works through borrowed eyes although it is no reading
    refused: int = 403  # what lacking the codes is answered with
    may: Sees | None = None  # what beside codes decides whether it may be done

    def body(self, stage: Stage, arguments: dict[str, Any]) -> Any:
        """The data to send."""
        return self.data(stage, arguments) if callable(self.data) else self.data


@dataclass(frozen=True, slots=True)
class Rule:
    """An address. `public` ones ask nobody who he is; `target` names what the arguments mean."""

    calls: Mapping[str, Call] = field(default_factory=dict)
    target: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False
    query: str = ""


def get(*codes: str, **more: Any) -> dict[str, Call]:
    return {"GET": Call(codes, **more)}


def post(*codes: str, **more: Any) -> dict[str, Call]:
    return {"POST": Call(codes, **more)}


def public(*methods: str, answers: tuple[int, ...] = (200,), **more: Any) -> Rule:
    """Open to everybody; says nothing of anybody."""
    calls = {method: Call(answers=frozenset((*answers, 302, 422, 429))) for method in methods or ("GET",)}
    return Rule(calls, public=True, **more)


# A page that asks for the password again first, or has its form refused, has still been reached.
REACHED = frozenset((200, 302, 422))
# Nobody of the cast has a password or a second step: there is nothing to confirm with or to show.
LACKING = frozenset((302, 403, 404))
NOT_THERE = frozenset((404,))
NOBODY = "00000000-0000-7000-8000-000000000000"
TOKENS = "integrations.token.manage"
COMPANY, MAIL = "settings.company.manage", "settings.mail.manage"
MANAGE, SEE, ROLES = "accounts.member.manage", "accounts.member.view", "permissions.role.manage"
LOG = "ledger.operation.view"
VIEW_SAVE, VIEW_SHARE, VIEW_MANAGE = "tailoring.view.create", "tailoring.view.share", "tailoring.view.manage"
SEE_CUSTOMERS, OF_CUSTOMERS = "customers.customer.view", {"resource": "customers"}
FIELDS = "tailoring.field.manage"
PRIVACY, SEE_PEOPLE = "customers.person.privacy", "customers.person.view"
ERASE = "ledger.operation.erase"
SEE_ACTIVITIES, EDIT_ACTIVITIES = "activities.activity.view", "activities.activity.edit"
LOG_ACTIVITIES = "activities.activity.create"
PIPELINES, EDIT_SALES = "sales.pipeline.edit", "sales.opportunity.edit"
MOVE_SALES = "sales.opportunity.move"
HAND_OVER = "team.handover.run"
REPORT, SEE_REPORTS, DUTIES = "reports.report.create", "reports.report.view", "reports.duty.manage"
PROMISE, EDIT_PROMISES = "activities.commitment.create", "activities.commitment.edit"
EDIT_CUSTOMERS = "customers.customer.edit"
REGISTRY, ASKS = "settings.registry.manage", "integrations.registry.use"
PASTES = ("customers.customer.create", "customers.person.create")
COMMENT, TAG, TAGS = "collaboration.comment.add", "collaboration.tag.use", "collaboration.tag.manage"


def edit(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name(), "version": "1"}


def fresh_name(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name()}


def application(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name(), "member": str(stage.world.seller.member_id), "area.customers": "read"}


def of_a_customer(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    """The record stands in the query: here one that nobody has."""
    return {"resource": "customers", "record": str(new_id())}


def said_nowhere(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return of_a_customer(stage, arguments) | {"text": "x"}


def into(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"into": str(put_up(stage, "api_tag")["id"])}


def field_new(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "text", "label_zh": name()}


def api_field_new(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return field_new(stage, arguments) | {"resource": "customers"}


def view_named(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"resource": "customers", "name": name(), "query": "grade=A"}
