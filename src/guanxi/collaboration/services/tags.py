"""Writes of tags: anybody may make and use one, who manages them may rename, merge and delete."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.choices import Colour
from guanxi.collaboration.models import Tag, Tagging
from guanxi.collaboration.queries.people import declared
from guanxi.collaboration.queries.tags import MANAGE, USE, find_tag, name_key, tag_named
from guanxi.collaboration.rules import without_commas
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused, Stale
from guanxi.kernel.pinyin import sort_key
from guanxi.kernel.text import TextTooLong, clean_text
from guanxi.resource import access

LONGEST = 40  # characters of a name
MOST = 20  # tags of one record: beyond that nobody reads them
_BATCH = 2000


def create_tag(actor: Actor, *, name: str, colour: str = "") -> Tag:
    """Make a tag; one of this name that exists already is given back as it is. Raises Forbidden, Invalid."""
    actor.require(USE)
    values = _values(name, colour)
    found = tag_named(values["name"])
    if found is not None:
        return found
    tag = Tag(**values)
    try:
        with operation(actor, "collaboration.tag.create", record_id=tag.id, label=tag.name):
            tag.save(force_insert=True)
    except IntegrityError:
        # Somebody made it in this very moment.
        found = tag_named(values["name"])
        if found is None:
            raise
        return found
    return tag


def edit_tag(
    actor: Actor, tag_id: UUID, *, name: str, colour: str = "", expected_version: int | None = None
) -> Tag:
    """Rename a tag or give it another colour.

    Raises Forbidden, NotFound, Invalid, Stale, and Refused("tag_exists") where another one has the name: then
    merging is what is meant.
    """
    actor.require(MANAGE)
    tag = find_tag(tag_id, lock=True)
    if expected_version is not None and tag.version != expected_version:
        raise Stale(current=tag.version, expected=expected_version)
    values = _values(name, colour)
    other = tag_named(values["name"])
    if other is not None and other.id != tag.id:
        words = _("There is a tag “%(name)s” already. Merge this one into it.")
        raise Invalid({"name": [Message("tag_exists", words, {"name": other.name, "id": str(other.id)})]})
    changed = [key for key, value in values.items() if getattr(tag, key) != value]
    if changed:
        with operation(actor, "collaboration.tag.edit", record_id=tag.id, label=values["name"]):
            for key in changed:
                setattr(tag, key, values[key])
            tag.save(update_fields=[*changed, "updated_at"])
        tag.version += 1
    return tag


def merge_tags(actor: Actor, tag_id: UUID, *, into: UUID) -> int:
    """Make two tags one: what bears the first bears the second from then on, and the first is gone.

    Returns how many records got the second one. Raises Forbidden, NotFound, Refused for a tag and itself.
    """
    actor.require(MANAGE)
    if tag_id == into:
        raise Refused("same_tag", _("Choose another tag to merge this one into."))
    # Locked in one order, so that two merges the other way round do not wait for each other for ever.
    locked = {
        one.id: one for one in Tag.objects.select_for_update().filter(id__in=[tag_id, into]).order_by("id")
    }
    if len(locked) < 2:
        raise NotFound("tag_not_found")
    tag, target = locked[tag_id], locked[into]
    with operation(actor, "collaboration.tag.merge", record_id=target.id, label=target.name) as opened:
        both = Tagging.objects.filter(tag_id=target.id)
        moved = 0
        for key in Tagging.objects.filter(tag_id=tag.id).values_list("resource", flat=True).distinct():
            mine = Tagging.objects.filter(tag_id=tag.id, resource=key)
            mine.filter(record_id__in=both.filter(resource=key).values("record_id")).delete()
            moved += mine.update(tag_id=target.id)
        tag.delete()
        describe(opened, updated=moved)
    return moved


def delete_tag(actor: Actor, tag_id: UUID) -> int:
    """Take a tag away from everything that bears it. Returns from how many records. Raises Forbidden, NotFound."""
    actor.require(MANAGE)
    tag = find_tag(tag_id, lock=True)
    with operation(actor, "collaboration.tag.delete", record_id=tag.id, label=tag.name) as opened:
        count = Tagging.objects.filter(tag_id=tag.id).delete()[0]
        tag.delete()
        describe(opened, deleted=1)
    return count


def set_tags(
    actor: Actor, *, resource: str, record_id: UUID, tags: Collection[UUID], new: Collection[str] = ()
) -> bool:
    """Let a record bear these tags, those of the `new` names, and no others; False where it did already.

    Raises Forbidden, NotFound, Invalid.
    """
    actor.require(USE)
    kind = declared(resource)
    record = access.get(actor, kind, record_id)
    now = set(_taggings(kind.key, [record.pk]).values_list("tag_id", flat=True))
    wanted = _existing(tags)
    if not new and wanted == now:
        return False
    with operation(actor, USE, record_id=record.pk, label=str(record)):
        wanted |= {create_tag(actor, name=name).id for name in new}
        if len(wanted) > MOST and wanted - now:
            raise _too_many()
        _add(kind.key, [record.pk], wanted - now)
        _taggings(kind.key, [record.pk]).filter(tag_id__in=now - wanted).delete()
    return True


def tag_records(
    actor: Actor,
    *,
    resource: str,
    ids: Collection[UUID],
    add: Collection[UUID] = (),
    remove: Collection[UUID] = (),
) -> int:
    """Give tags to many records and take others from them.

    Records the actor does not see, and those that would get too many, are left alone. Returns how many changed.
    Raises Forbidden, NotFound for a tag that is not there, Invalid where the only record would get too many.
    """
    actor.require(USE)
    kind = declared(resource)
    actor.require(kind.permission("view"))
    given, taken = _existing(add), _existing(remove)
    seen = list(access.visible(actor, kind).filter(pk__in=list(ids)).values_list("pk", flat=True))
    changed: set[UUID] = set()
    with operation(actor, USE, summary={"count": len(seen)}) as opened:
        for start in range(0, len(seen), _BATCH):
            part = seen[start : start + _BATCH]
            changed |= _add(kind.key, part, given, strict=len(ids) == 1)
            gone = _taggings(kind.key, part).filter(tag_id__in=taken - given)
            changed |= set(gone.values_list("record_id", flat=True))
            gone.delete()
        describe(opened, updated=len(changed))
    return len(changed)


def _add(key: str, ids: Collection[UUID], tags: Iterable[UUID], *, strict: bool = True) -> set[UUID]:
    """The records that got one of the tags."""
    wanted = set(tags)
    if not wanted or not ids:
        return set()
    have: dict[UUID, set[UUID]] = {}
    for record_id, tag_id in _taggings(key, ids).values_list("record_id", "tag_id"):
        have.setdefault(record_id, set()).add(tag_id)
    rows = []
    for record_id in ids:
        lacking = wanted - have.get(record_id, set())
        if lacking and len(have.get(record_id, ())) + len(lacking) > MOST:
            if strict:
                raise _too_many()
            continue
        rows += [Tagging(tag_id=one, resource=key, record_id=record_id) for one in lacking]
    with transaction.atomic():
        # Somebody may give the same tag in this very moment: then it has it.
        Tagging.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
    return {row.record_id for row in rows}


def _taggings(key: str, ids: Collection[UUID]):  # type: ignore[no-untyped-def]
    return Tagging.objects.filter(resource=key, record_id__in=list(ids))


def _existing(tags: Collection[UUID]) -> set[UUID]:
    asked = set(tags)
    found = set(Tag.objects.filter(id__in=asked).values_list("id", flat=True))
    if len(found) < len(asked):
        raise NotFound("tag_not_found")
    return found


def _too_many() -> Invalid:
    return Invalid(
        {"tags": [Message("too_many", _("A record bears at most %(most)s tags."), {"most": MOST})]}
    )


def _values(name: str, colour: str) -> dict[str, str]:
    problems = Invalid()
    cleaned = ""
    try:
        # A comma parts names wherever several are written in a row.
        cleaned = clean_text(without_commas(name), max_length=LONGEST)
        if not cleaned:
            problems.add("name", Message("required", _("Give the tag a name.")))
    except TextTooLong:
        problems.add("name", Message("too_long", _("At most %(limit)s characters."), {"limit": LONGEST}))
    if colour not in Colour.values:
        problems.add("colour", Message("colour", _("Choose one of these.")))
    if problems:
        raise problems
    return {"name": cleaned, "colour": colour, "name_key": name_key(cleaned), "name_sort": sort_key(cleaned)}
