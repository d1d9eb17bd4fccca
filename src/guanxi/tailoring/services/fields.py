"""Own fields: adding, changing, putting out of use, bringing back, deleting, ordering."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused, Stale
from guanxi.kinds import Kind
from guanxi.resource import registry
from guanxi.resource.declaration import Resource
from guanxi.tailoring import rules
from guanxi.tailoring.models import OwnField, OwnOption
from guanxi.tailoring.queries.making import SLOTS, kind_of
from guanxi.tailoring.services import narrow
from guanxi.tailoring.services.drafting import Draft, read_draft
from guanxi.tailoring.services.indexes import holders, reconcile, renew_search
from guanxi.tailoring.services.stamps import touch

MANAGE = "tailoring.field.manage"


def tailorable() -> list[type[Resource]]:
    """The resources that can have own fields: those whose rows have a place for them."""
    return [one for one in registry.every() if has_room(one)]


def has_room(resource: type[Resource]) -> bool:
    """Whether the resource's rows have a place for own values."""
    return any(field.name == "own" for field in resource.model._meta.get_fields())


def find_resource(key: str) -> type[Resource]:
    """Raises NotFound for what does not exist or can have no own fields."""
    found = registry.find_by_key(key)
    if found is None or not has_room(found):
        raise NotFound("resource_not_found")
    return found


def find_field(resource: type[Resource], name: str, *, lock: bool = False) -> OwnField:
    """A field of any state. Raises NotFound."""
    rows = OwnField.objects.filter(resource=resource.key, name=name)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("own_field_not_found")
    return found


def add_field(actor: Actor, *, resource: str, kind: str, data: Mapping[str, Any]) -> OwnField:
    """Add a field to a resource; `name` in the data is what it bears in the API, else its label says it.

    Raises Forbidden, NotFound, Invalid, Refused("too_many_fields").
    """
    actor.require(MANAGE)
    target = find_resource(resource)
    touch()  # one administrator after another: names and places are given out
    row, draft = _new(actor, target, kind, data, _names_given_out(target))
    with operation(actor, "tailoring.field.create", record_id=row.id, label=row.named):
        row.save(force_insert=True)
        _write_options(row, draft)
        reconcile(actor)
    touch()
    return row


def draft_field(
    actor: Actor, *, resource: str, kind: str, data: Mapping[str, Any], given_out: set[str] | None = None
) -> Kind:
    """The field that `add_field` would make, bound; nothing is written. `given_out` are names that earlier drafts took.
    Raises as `add_field` does."""
    actor.require(MANAGE)
    target = find_resource(resource)
    row, draft = _new(actor, target, kind, data, _names_given_out(target) | (given_out or set()))
    options = [OwnOption(code=one.code, label_zh=one.zh, label_en=one.en) for one in draft.options or ()]
    made = kind_of(row, options)
    made.bind_own(target, made.own)
    return made


def _new(
    actor: Actor, target: type[Resource], kind: str, data: Mapping[str, Any], given_out: set[str]
) -> tuple[OwnField, Draft]:
    """A field as it would be written. Raises Invalid, Refused("too_many_fields")."""
    if kind not in OwnField.Kind.values:
        raise Invalid({"kind": [Message("kind", _("Choose what the field holds."))]})
    rows = OwnField.objects.filter(resource=target.key)
    if rows.count() >= rules.MOST_FIELDS:
        raise Refused(
            "too_many_fields",
            _("At most %(most)s fields. Delete some that are not used."),
            {"most": rules.MOST_FIELDS},
        )
    draft = read_draft(actor, target, kind, data)
    draft.check_labels(target, beside=None)
    name = _chosen(data.get("name"), given_out) or rules.name_for(
        draft.values["label_zh"], draft.values["label_en"], given_out
    )
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return OwnField(resource=target.key, name=name, kind=kind, position=last + 10, **draft.values), draft


def _chosen(raw: Any, given_out: set[str]) -> str:
    """The name that was asked for, "" where none was. Raises Invalid for what is none, or another field's."""
    try:
        name = rules.name_of(raw if isinstance(raw, str) else "")
    except ValueError as error:
        said = _("Latin letters, digits and underscores, %(most)s at most.")
        problem = Message("name", said, {"most": rules.LONGEST_NAME - len(rules.PREFIX)})
        raise Invalid({"name": [problem]}) from error
    if name in given_out:
        said = _("Another field bears this name, or once did: choose another.")
        raise Invalid({"name": [Message("name_taken", said)]})
    return name


def _names_given_out(resource: type[Resource]) -> set[str]:
    """Names that fields bear or bore: what stands in the change log under a name must not become another field's."""
    gone = Change.objects.filter(
        table_name=OwnField._meta.db_table, action=Change.DELETE, old__resource=resource.key
    )
    names = OwnField.objects.filter(resource=resource.key).values_list("name", flat=True)
    return {*names, *map(str, gone.values_list("old__name", flat=True))}


def edit_field(
    actor: Actor, *, resource: str, name: str, data: Mapping[str, Any], expected_version: int | None = None
) -> OwnField:
    """Change what is given of a field; name and kind are for good, places and currency too.

    Raises Forbidden, NotFound, Invalid, Stale.
    """
    actor.require(MANAGE)
    target = find_resource(resource)
    touch()
    row = find_field(target, name, lock=True)
    if expected_version is not None and row.version != expected_version:
        raise Stale(current=row.version, expected=expected_version)
    if "kind" in data and data["kind"] != row.kind:
        raise Invalid(
            {"kind": [Message("kind_fixed", _("What a field holds cannot be changed. Add another field."))]}
        )
    draft = read_draft(actor, target, row.kind, data, row=row)
    draft.check_labels(target, beside=row)
    changed = {key: value for key, value in draft.values.items() if getattr(row, key) != value}
    if changed.get("unique"):
        _refuse_doubles(target, row)
    if changed.get("required") and row.state == OwnField.State.HIDDEN:
        raise Invalid({"required": [Message("hidden", _("Show the field before it must be filled in."))]})
    searched = "searched" in changed
    with operation(actor, "tailoring.field.edit", record_id=row.id, label=row.named):
        for key, value in changed.items():
            setattr(row, key, value)
        if changed:
            row.save(update_fields=[*changed, "updated_at"])
        relabelled = _write_options(row, draft)
        reconcile(actor)
        touch()
        if searched or (relabelled and row.searched):
            renew_search(actor, row)
    touch()
    row.refresh_from_db()
    return row


def set_state(actor: Actor, *, resource: str, name: str, state: str) -> OwnField:
    """Use, hide or retire a field; its values stay as they are.

    Raises Forbidden, NotFound, Invalid, Refused for hiding one that must be filled in.
    """
    actor.require(MANAGE)
    target = find_resource(resource)
    if state not in OwnField.State.values:
        raise Invalid({"state": [Message("state", _("There is no such state."))]})
    touch()
    row = find_field(target, name, lock=True)
    if row.state == state:
        return row
    if state == OwnField.State.HIDDEN and row.required:
        raise Refused("required_hidden", _("What must be filled in cannot be hidden. Take that off first."))
    if not row.in_use:
        read_draft(actor, target, row.kind, {}, row=row).check_labels(target, beside=row)
    verb = {"active": "show", "hidden": "hide", "retired": "retire"}[state]
    with operation(actor, f"tailoring.field.{verb}", record_id=row.id, label=row.named):
        was_found = row.searched and row.in_use
        row.state = state
        row.save(update_fields=["state", "updated_at"])
        touch()
        if row.searched and was_found != row.in_use:
            renew_search(actor, row)
    return row


def delete_field(actor: Actor, *, resource: str, name: str) -> None:
    """Delete a field in which no record has a value. Raises Forbidden, NotFound, Refused("has_values")."""
    actor.require(MANAGE)
    target = find_resource(resource)
    touch()
    row = find_field(target, name, lock=True)
    narrow.lock(target.key, alone=True)  # whoever writes a value just now has done so
    refuse_with_values([row])
    with operation(actor, "tailoring.field.delete", record_id=row.id, label=row.named):
        row.delete()
        reconcile(actor)
    touch()


def refuse_with_values(rows: Sequence[OwnField]) -> None:
    """Raises Refused where a record has a value in one of these fields."""
    for row in rows:
        if registry.find_by_key(row.resource) is not None and holders(row)[:1].exists():
            raise Refused(
                "has_values",
                _(
                    "Records have values in “%(field)s”. Retire it: then it is out of the way and nothing is lost."
                ),
                {"field": row.shown_label},
            )


def order_fields(actor: Actor, *, resource: str, names: Sequence[str]) -> None:
    """Give the named fields this order; others stay behind them. Raises Forbidden, NotFound, Invalid."""
    actor.require(MANAGE)
    target = find_resource(resource)
    touch()
    rows = {row.name: row for row in OwnField.objects.select_for_update().filter(resource=target.key)}
    wanted = list(dict.fromkeys(names))
    if any(name not in rows for name in wanted):
        raise Invalid({"order": [Message("unknown_field", _("The list has changed. Load the page again."))]})
    rest = sorted((row for row in rows.values() if row.name not in wanted), key=lambda row: row.position)
    ordered = [*(rows[name] for name in wanted), *rest]
    moved = [(row, at * 10) for at, row in enumerate(ordered, 1) if row.position != at * 10]
    if not moved:
        return
    with operation(actor, "tailoring.field.order", label=target.label_plural):
        for row, position in moved:
            row.position = position
            row.save(update_fields=["position", "updated_at"])
    touch()


def _refuse_doubles(resource: type[Resource], row: OwnField) -> None:
    twice = narrow.doubles(resource, row.name)
    if twice:
        kind = kind_of(row, list(OwnOption.objects.filter(field_id=row.id)))
        said = [kind.logged(kind.unpack(_unpacked(row, value)), "zh-hans") for value in twice]
        raise Invalid(
            {
                "unique": [
                    Message(
                        "doubles",
                        _("Several records have the same value: %(values)s. Change these first."),
                        {"values": listed(text[:40] for text in said)},
                    )
                ]
            }
        )


def _unpacked(row: OwnField, text: str) -> Any:
    return int(text) if SLOTS.get(row.kind) == "number" else text


def _write_options(row: OwnField, draft: Draft) -> bool:
    """Write the choices as drafted; those left out are retired. Returns whether anything changed."""
    if draft.options is None:
        return False
    held = {one.code: one for one in OwnOption.objects.filter(field_id=row.id)}
    kept = {wanted.code for wanted in draft.options}
    changed = False
    for at, wanted in enumerate(draft.options, 1):
        code = wanted.code
        values = {
            "label_zh": wanted.zh, "label_en": wanted.en, "retired": wanted.retired, "position": at * 10,
        }  # fmt: skip
        if code in held:
            changed = _set(held[code], values) or changed
        else:
            OwnOption(field=row, code=code, **values).save(force_insert=True)
            changed = True
    for code, one in held.items():
        if code not in kept:
            changed = _set(one, {"retired": True}) or changed
    return changed


def _set(one: OwnOption, values: Mapping[str, Any]) -> bool:
    changed = [key for key, value in values.items() if getattr(one, key) != value]
    for key in changed:
        setattr(one, key, values[key])
    if changed:
        one.save(update_fields=[*changed, "updated_at"])
    return bool(changed)
