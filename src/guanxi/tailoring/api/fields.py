"""Own fields and layouts through the API, for whoever manages them."""

from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.resource.operations import Operation, declare
from guanxi.tailoring.models import Layout, OwnField, OwnIndex, OwnOption
from guanxi.tailoring.queries.uses import uses_of
from guanxi.tailoring.services import fields as services
from guanxi.tailoring.services.fields import MANAGE
from guanxi.tailoring.services.layouts import reset_layout, set_layout


@dataclass(frozen=True, kw_only=True)
class FieldsOf:
    """Of which records: the key of a resource; of all where it is not said."""

    resource: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnChoice:
    """One choice of a list. Without a code it is new; a choice that is left out is retired."""

    code: str = ""
    zh: str = ""
    en: str = ""
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class NewOwnField:
    """A field to be added. `kind`, `name`, `places`, `currency` and `to` are for good.

    `name` is what records have it under, with or without `x_`; "" makes it from the label.
    """

    resource: str
    kind: str
    name: str = ""
    label_zh: str = ""
    label_en: str = ""
    help: str = ""
    required: bool = False
    unique: bool = False
    indexed: bool = False
    searched: bool = False
    listed: bool = False
    personal: bool = False
    asked: bool = False
    needed: bool = False
    default: str | list[str] | None = None
    places: int = 0
    unit: str = ""
    currency: str = "CNY"
    to: str = ""
    options: list[OwnChoice] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChangedOwnField:
    """What is to be changed; `default` "" takes the default away."""

    label_zh: str | None = None
    label_en: str | None = None
    help: str | None = None
    required: bool | None = None
    unique: bool | None = None
    indexed: bool | None = None
    searched: bool | None = None
    listed: bool | None = None
    personal: bool | None = None
    asked: bool | None = None
    needed: bool | None = None
    default: str | list[str] | None = None
    unit: str | None = None
    options: list[OwnChoice] | None = None


@dataclass(frozen=True, kw_only=True)
class OwnFieldState:
    """`active`, `hidden` or `retired`; the values stay as they are."""

    state: str


@dataclass(frozen=True, kw_only=True)
class OwnFieldOrder:
    """Names of fields in their order; others stay behind them."""

    resource: str
    order: list[str]


@dataclass(frozen=True, kw_only=True)
class OwnFieldOut:
    """A field. `name` is what records have it under; `index_ready` whether filters on it are quick by now."""

    id: UUID
    version: int
    resource: str
    name: str
    kind: str
    label_zh: str
    label_en: str
    help: str
    required: bool
    unique: bool
    indexed: bool
    searched: bool
    listed: bool
    personal: bool
    asked: bool
    needed: bool
    default: str | list[str] | None
    places: int | None
    unit: str | None
    currency: str | None
    to: str | None
    state: str
    index_ready: bool
    options: list[OwnChoice]


@dataclass(frozen=True, kw_only=True)
class UsingView:
    """A saved view that names the field."""

    id: UUID
    name: str
    mine: bool
    shared: bool


@dataclass(frozen=True, kw_only=True)
class FieldUses:
    """What would miss the field: views the caller may know of, the number of those he may not, whether the layout of
    card and form places it, and how many records have a value."""

    views: list[UsingView]
    others: int
    arranged: bool
    records: int


@dataclass(frozen=True, kw_only=True)
class LayoutSection:
    """A section: a delivered one by its key, the company's own as `own` or by a key that begins with `+`."""

    key: str
    zh: str = ""
    en: str = ""
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class NewLayout:
    """How card and form are arranged; what is not named stands at the end."""

    resource: str
    sections: list[LayoutSection] = field(default_factory=list)
    off_card: list[str] = field(default_factory=list)
    off_form: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LayoutOut:
    """How card and form of a kind of record are arranged."""

    id: UUID
    version: int
    resource: str
    sections: list[LayoutSection]
    off_card: list[str]
    off_form: list[str]


def register() -> None:
    """Called once at start-up."""
    one = "own_fields/{id}"
    declare(
        Operation(
            area="own_fields", method="GET", path="own_fields", act=_fields, query=FieldsOf, answer=OwnFieldOut,
            many=True, summary=gettext_noop("Own fields"),
            words=gettext_noop("In their order, hidden and retired ones too. What a caller may use of a record's fields"
                               " is told by `fields` of the record."),
        ),
        Operation(
            area="own_fields", method="POST", path="own_fields", act=_add, body=NewOwnField, answer=OwnFieldOut,
            status=201, summary=gettext_noop("Add a field"),
        ),
        Operation(
            area="own_fields", method="GET", path=one, act=_read, answer=OwnFieldOut,
            summary=gettext_noop("Read a field"),
        ),
        Operation(
            area="own_fields", method="PATCH", path=one, act=_change, body=ChangedOwnField, answer=OwnFieldOut,
            guarded=True, summary=gettext_noop("Change a field"),
        ),
        Operation(
            area="own_fields", method="DELETE", path=one, act=_delete, status=204,
            summary=gettext_noop("Delete a field"), words=gettext_noop("Only while no record has a value in it."),
        ),
        Operation(
            area="own_fields", method="POST", path=f"{one}/state", act=_state, body=OwnFieldState, answer=OwnFieldOut,
            summary=gettext_noop("Use, hide or retire a field"),
        ),
        Operation(
            area="own_fields", method="GET", path=f"{one}/uses", act=_uses, answer=FieldUses,
            summary=gettext_noop("What uses a field"), words=gettext_noop("To be asked before it is retired."),
        ),
        Operation(
            area="own_field_order", method="POST", path="own_field_order", act=_order, body=OwnFieldOrder,
            answer=OwnFieldOut, many=True, summary=gettext_noop("Order the fields"),
        ),
        Operation(
            area="layouts", method="GET", path="layouts", act=_layouts, query=FieldsOf, answer=LayoutOut, many=True,
            summary=gettext_noop("Layouts of card and form"),
            words=gettext_noop("Of the records that are not arranged as delivered."),
        ),
        Operation(
            area="layouts", method="POST", path="layouts", act=_arrange, body=NewLayout, answer=LayoutOut,
            summary=gettext_noop("Arrange card and form"),
        ),
        Operation(
            area="layouts", method="DELETE", path="layouts/{id}", act=_reset, status=204,
            summary=gettext_noop("Restore the defaults"),
        ),
        own_fields=_("Fields"),
        own_field_order=_("Order of fields"),
        layouts=_("Card and form"),
    )  # fmt: skip


# Fields


def _row(actor: Actor, field_id: UUID) -> OwnField:
    actor.require(MANAGE)
    found = OwnField.objects.filter(id=field_id).first()
    if found is None:
        raise NotFound("own_field_not_found")
    return found


def _fields(actor: Actor, query: FieldsOf) -> tuple[list[OwnFieldOut], str | None]:
    actor.require(MANAGE)
    rows = OwnField.objects.order_by("resource", "position", "id")
    if query.resource:
        rows = rows.filter(resource=services.find_resource(query.resource).key)
    return _told(list(rows)), None


def _add(actor: Actor, body: NewOwnField) -> OwnFieldOut:
    data = asdict(body)
    made = services.add_field(actor, resource=data.pop("resource"), kind=data.pop("kind"), data=data)
    return _read(actor, made.id)


def _read(actor: Actor, field_id: UUID) -> OwnFieldOut:
    return _told([_row(actor, field_id)])[0]


def _change(
    actor: Actor, field_id: UUID, body: ChangedOwnField, *, expected_version: int | None
) -> OwnFieldOut:
    row = _row(actor, field_id)
    given = {key: value for key, value in asdict(body).items() if value is not None}
    services.edit_field(
        actor, resource=row.resource, name=row.name, data=given, expected_version=expected_version
    )
    return _read(actor, field_id)


def _delete(actor: Actor, field_id: UUID) -> None:
    row = _row(actor, field_id)
    services.delete_field(actor, resource=row.resource, name=row.name)


def _state(actor: Actor, field_id: UUID, body: OwnFieldState) -> OwnFieldOut:
    row = _row(actor, field_id)
    services.set_state(actor, resource=row.resource, name=row.name, state=body.state)
    return _read(actor, field_id)


def _uses(actor: Actor, field_id: UUID) -> FieldUses:
    found = uses_of(actor, _row(actor, field_id))
    views = [
        UsingView(id=one.view.pk, name=one.view.name, mine=one.mine, shared=one.shared) for one in found.views
    ]
    return FieldUses(views=views, others=found.others, arranged=found.arranged, records=found.records)


def _order(actor: Actor, body: OwnFieldOrder) -> tuple[list[OwnFieldOut], str | None]:
    services.order_fields(actor, resource=body.resource, names=body.order)
    return _fields(actor, FieldsOf(resource=body.resource))


def _told(rows: list[OwnField]) -> list[OwnFieldOut]:
    options: dict[UUID, list[OwnChoice]] = {}
    held = OwnOption.objects.filter(field_id__in=[row.id for row in rows]).order_by("position", "id")
    for one in held:
        choice = OwnChoice(code=one.code, zh=one.label_zh, en=one.label_en, retired=one.retired)
        options.setdefault(one.field_id, []).append(choice)
    ready = set(OwnIndex.objects.filter(ready=True).values_list("field_id", flat=True))
    plain = [
        name
        for name in OwnFieldOut.__dataclass_fields__
        if name not in ("places", "unit", "currency", "to", "index_ready", "options")
    ]
    return [
        OwnFieldOut(
            **{name: getattr(row, name) for name in plain},
            **{name: row.settings.get(name) for name in ("places", "unit", "currency", "to")},
            index_ready=row.id in ready,
            options=options.get(row.id, []),
        )
        for row in rows
    ]


# Layouts


def _layouts(actor: Actor, query: FieldsOf) -> tuple[list[LayoutOut], str | None]:
    actor.require(MANAGE)
    rows = Layout.objects.order_by("resource")
    if query.resource:
        rows = rows.filter(resource=services.find_resource(query.resource).key)
    return [_layout(row) for row in rows], None


def _arrange(actor: Actor, body: NewLayout) -> LayoutOut:
    sections = [asdict(one) for one in body.sections]
    made = set_layout(
        actor, resource=body.resource, sections=sections, off_card=body.off_card, off_form=body.off_form
    )
    made.refresh_from_db()
    return _layout(made)


def _reset(actor: Actor, layout_id: UUID) -> None:
    actor.require(MANAGE)
    row = Layout.objects.filter(id=layout_id).first()
    if row is None:
        raise NotFound("layout_not_found")
    reset_layout(actor, resource=row.resource)


def _layout(row: Layout) -> LayoutOut:
    sections = [LayoutSection(**one) for one in row.sections]
    return LayoutOut(
        id=row.id,
        version=row.version,
        resource=row.resource,
        sections=sections,
        off_card=row.off_card,
        off_form=row.off_form,
    )
