"""Is this one there already; pairs to decide; making several one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.customers.jobs import scan_all
from guanxi.customers.queries.duplicates import Duplicate, duplicates_of, with_asked
from guanxi.customers.queries.pairs import Asked, Side, find_pair, kinds, page_of
from guanxi.customers.queries.taken import part_of_number, taken
from guanxi.customers.rules.alike import CUSTOMERS, customer_of, person_of
from guanxi.customers.services.asking import ask_for
from guanxi.customers.services.pairs import answer_pair, ask_owners
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find
from guanxi.screens.drawing import named_for

_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Check:
    """What is known of a customer or person: `text` alone (a name, phone, code, website or address), or by field."""

    resource: str = CUSTOMERS
    text: str = ""
    name: str = ""
    credit_code: str = ""
    number: str = ""
    phone: str = ""
    website: str = ""
    email: str = ""
    wechat: str = ""


@dataclass(frozen=True, kw_only=True)
class AlikeOut:
    """A record that may be the same. Of one the caller does not see only whose it is, and since when; `ask` stands for
    it where the caller asks for it; `asked`: the caller has done so within a week."""

    resource: str
    verdict: str
    reasons: list[str]
    branch: str
    visible: bool
    id: UUID | None
    name: str
    owner: UUID | None
    owner_name: str
    since: datetime
    ask: str
    asked: bool


@dataclass(frozen=True, kw_only=True)
class CheckOut:
    """Records that may be the same, the surest first. `incomplete`: the text is a part of a telephone number, and only
    the whole one tells whether somebody has it."""

    items: list[AlikeOut]
    incomplete: bool


@dataclass(frozen=True, kw_only=True)
class WhichPairs:
    """Of which resource (customers, people), in which state (open, same), from where on."""

    resource: str = CUSTOMERS
    state: str = "open"
    after: UUID | None = None
    limit: int = 20


@dataclass(frozen=True, kw_only=True)
class SideOut:
    """One of a pair; without `id` where the caller does not see it."""

    id: UUID | None
    name: str
    owner: UUID | None
    owner_name: str


@dataclass(frozen=True, kw_only=True)
class PairOut:
    """Two records that may be the same, and what was said of them; `asked_at` where the caller has asked the owners."""

    id: UUID
    resource: str
    verdict: str
    branch: str
    reasons: list[str]
    answer: str
    said: str
    asked_at: datetime | None
    records: list[SideOut]


@dataclass(frozen=True, kw_only=True)
class AnswerIn:
    """`same`, `different`, or `branch` with the `child` that belongs to the other."""

    answer: str
    child: UUID | None = None
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class AskedOut:
    """The names of those who were asked."""

    asked: list[str]


@dataclass(frozen=True, kw_only=True)
class AskIn:
    """What a check gave as `ask`, and a word to whoever answers for the record."""

    ask: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """Which resource: customers or people."""

    resource: str = CUSTOMERS


@dataclass(frozen=True, kw_only=True)
class ScanOut:
    """The job that looks."""

    job: UUID


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The field, and the record whose value stays."""

    field: str
    record: UUID


@dataclass(frozen=True, kw_only=True)
class MergeIn:
    """Two to twenty records (`ids`), the one that stays (`keep`; else the oldest), and whose value stays where."""

    resource: str = CUSTOMERS
    ids: list[UUID]
    keep: UUID | None = None
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class MergeOut:
    """The record that stays."""

    resource: str
    id: UUID
    name: str
    version: int


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="duplicates", method="POST", path="duplicates/check", act=_check, body=Check, answer=CheckOut,
            summary=gettext_noop("Is this one taken?"),
            words=gettext_noop("All records of the company are compared, also those the caller does not see."),
        ),
        Operation(
            area="duplicates", method="POST", path="duplicates/request", act=_ask_for, body=AskIn, answer=AskedOut,
            summary=gettext_noop("Ask for a record that the caller does not see"),
            words=gettext_noop("Whoever answers for it is told; where nobody does, those who may assign it."),
        ),
        Operation(
            area="duplicates", method="GET", path="duplicates", act=_pairs, query=WhichPairs, answer=PairOut,
            many=True, summary=gettext_noop("Pairs to decide"),
            words=gettext_noop("Those of which the caller may change at least one, the surest first."),
        ),
        Operation(
            area="duplicates", method="GET", path="duplicates/{id}", act=_pair, answer=PairOut,
            summary=gettext_noop("One pair"),
        ),
        Operation(
            area="duplicates", method="POST", path="duplicates/{id}/answer", act=_answer, body=AnswerIn,
            answer=PairOut, summary=gettext_noop("Say what a pair is"),
            words=gettext_noop("Kept, and never asked again. Undone like any other change."),
        ),
        Operation(
            area="duplicates", method="POST", path="duplicates/{id}/ask", act=_ask, answer=AskedOut,
            summary=gettext_noop("Put a pair to those who answer for the two"),
        ),
        Operation(
            area="duplicates", method="POST", path="duplicates/look", act=_look, body=Scan, answer=ScanOut,
            status=202, summary=gettext_noop("Look through everything for duplicates"),
        ),
        Operation(
            area="merges", method="POST", path="merges", act=_merge, body=MergeIn, answer=MergeOut, status=201,
            summary=gettext_noop("Make several records one"),
            words=gettext_noop("What belongs to the others belongs to the one that stays; undone as one."),
        ),
        duplicates=_("Duplicates"),
        merges=_("Merging"),
    )  # fmt: skip


def _known(key: str) -> str:
    if key not in kinds():
        raise Invalid({"resource": [Message("choice", _("Choose from the list."))]})
    return key


def _check(actor: Actor, body: Check) -> CheckOut:
    resource = find(_known(body.resource))
    if not actor.may(resource.permission("edit")):
        actor.require(resource.permission("create"))
    said = {
        name: getattr(body, name)[:_LONGEST] for name in ("name", "credit_code", "number", "phone", "website")
    }
    said |= {name: getattr(body, name)[:_LONGEST] for name in ("email", "wechat")}
    closed = [
        name
        for name, text in said.items()
        if text and (name not in resource.declared or not access.is_open(actor, resource.kind(name)))
    ]
    if closed:
        raise Invalid({name: [Message("not_writable")] for name in closed})
    if body.text:
        found = with_asked(actor, taken(actor, resource.key, body.text[:_LONGEST]))
    else:
        found = duplicates_of(actor, customer_of(said) if resource.key == CUSTOMERS else person_of(said))
    return CheckOut(
        items=[_alike(actor, resource, one) for one in found],
        incomplete=bool(part_of_number(body.text[:_LONGEST])),
    )


def _alike(actor: Actor, resource: Any, one: Duplicate) -> AlikeOut:
    owner = _owner(actor, resource, one.record)
    return AlikeOut(
        resource=resource.key,
        verdict=one.verdict,
        reasons=list(one.reasons),
        branch=one.branch,
        visible=one.visible,
        id=one.record.pk if one.visible else None,
        name=named_for(actor, resource, one.record, visible=one.visible),
        owner=owner.pk if owner else None,
        owner_name=owner.name if owner else "",
        since=one.record.created_at,
        ask=one.ask,
        asked=one.asked,
    )


def _owner(actor: Actor, resource: Any, record: Any) -> Any:
    """Who answers for a record, where that field is open to the actor."""
    return record.owner if access.is_open(actor, resource.kind("owner")) else None


def _pairs(actor: Actor, query: WhichPairs) -> tuple[list[PairOut], str | None]:
    actor.require(find(_known(query.resource)).permission("view"))
    limit = min(max(query.limit, 1), 100)
    found, onward = page_of(actor, query.resource, state=query.state, after=query.after, limit=limit)
    return [_told(actor, one) for one in found], str(onward) if onward else None


def _pair(actor: Actor, pair_id: UUID) -> PairOut:
    return _told(actor, find_pair(actor, pair_id))


def _answer(actor: Actor, pair_id: UUID, body: AnswerIn) -> PairOut:
    answer_pair(actor, pair_id, answer=body.answer, child=body.child, said=body.said)
    return _told(actor, find_pair(actor, pair_id))


def _ask(actor: Actor, pair_id: UUID) -> AskedOut:
    return AskedOut(asked=ask_owners(actor, pair_id))


def _ask_for(actor: Actor, body: AskIn) -> AskedOut:
    return AskedOut(asked=ask_for(actor, body.ask, note=body.note))


def _look(actor: Actor, body: Scan) -> ScanOut:
    return ScanOut(job=scan_all(actor, _known(body.resource)).id)


def _merge(actor: Actor, body: MergeIn) -> MergeOut:
    resource = find(_known(body.resource))
    choices = {one.field: one.record for one in body.choices}
    kept = resource.merge(actor, ids=body.ids, keep=body.keep, choices=choices)
    return MergeOut(resource=resource.key, id=kept.pk, name=str(kept), version=kept.version)


def _told(actor: Actor, asked: Asked) -> PairOut:
    pair = asked.pair
    return PairOut(
        id=pair.pk,
        resource=pair.resource,
        verdict=pair.verdict,
        branch=pair.branch,
        reasons=list(asked.reasons),
        answer=pair.answer,
        said=pair.said,
        asked_at=pair.asked_at if pair.asked_by_id == actor.member_id else None,
        records=[_side(actor, find(pair.resource), side) for side in asked.sides],
    )


def _side(actor: Actor, resource: Any, side: Side) -> SideOut:
    owner = _owner(actor, resource, side.record)
    return SideOut(
        id=side.record.pk if side.visible else None,
        name=named_for(actor, resource, side.record, visible=side.visible),
        owner=owner.pk if owner else None,
        owner_name=owner.name if owner else "",
    )
