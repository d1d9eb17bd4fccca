"""What was heard, in words for one person: who did what to which record, no field he may not see."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext, ngettext, pgettext

from guanxi.collaboration.models import Follow
from guanxi.collaboration.queries.following import followed_q
from guanxi.collaboration.queries.news import Heard, Mass, Place
from guanxi.foundation.ledger.images import as_of_today, former_names
from guanxi.foundation.ledger.labels import people_named, verb_label
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.web import listed
from guanxi.kinds import Show
from guanxi.resource import access, registry
from guanxi.resource.declaration import Resource
from guanxi.resource.history import Entry, FieldChange, history_of

FIELDS = 3  # that a sentence tells of
_ENTRIES, _LONGEST = 50, 40
UNDO = "ledger.operation.undo"


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one record: a sentence that names it, and the parts for who has room for them."""

    name: str
    url: str
    sentence: str
    who: str
    what: str = ""
    fields: Sequence[FieldChange] = field(default_factory=tuple)
    comments: int = 0
    gone: bool = False


def stories(actor: Actor, what: Heard, language: str, *, most: int = 100) -> Iterator[Story]:
    """A story of each record that the actor may know of today. Call it in the reader's language."""
    show = Show(actor=actor, language=language)
    for place in islice(what.places, most):
        found = _story(actor, place, what, show)
        if found is not None:
            yield found


def titles(actor: Actor, places: Collection[Place]) -> list[str]:
    """The names of those records that the actor sees."""
    found = []
    for key in dict.fromkeys(key for key, _row in places):
        resource = registry.find_by_key(key)
        if resource is not None:
            ids = [row for kind, row in places if kind == key]
            found += [str(record) for record in access.visible(actor, resource).in_bulk(ids).values()]
    return found


def mass_words(actor: Actor, mass: Mass) -> str:
    """An act on many records in a sentence; "" where the actor sees none of the kind."""
    resource = registry.find_by_key(mass.resource)
    done = Operation.objects.filter(id=mass.operation_id).first()
    count = _in_sight(actor, resource, mass) if resource is not None else 0
    if done is None or not count:
        return ""
    said = ngettext(
        "%(who)s %(act)s: this touched %(n)s record you follow",
        "%(who)s %(act)s: this touched %(n)s records you follow",
        count,
    )
    return said % {"who": _who([done.actor_id]), "act": verb_label(done.verb), "n": f"{count:,}"}


def _in_sight(actor: Actor, resource: type[Resource], mass: Mass) -> int:
    """How many of the records the actor follows and sees today, or saw when they were deleted."""
    names = former_names(resource.model._meta.db_table, ())[0]
    changes = Change.objects.filter(operation_id=mass.operation_id, table_name__in=names)
    there = access.visible(actor, resource).filter(followed_q(actor, resource))
    count = there.filter(pk__in=changes.values("row_id")).count()
    code = resource.permission("view")
    gone = changes.filter(action=Change.DELETE)
    if actor.may(code):
        mine = Q(row_id__in=Follow.objects.filter(member=actor.member_id, on=True).values("record_id"))
        if resource.owner:
            gone = gone.annotate(owner=KeyTextTransform(resource.kind(resource.owner).column, "old"))
            mine |= Q(owner=str(actor.member_id))
            within = actor.members_within(code)
            if within is not None:
                gone = gone.filter(owner__in=[str(one) for one in within])
        count += gone.filter(mine).count()
    return count


def _story(actor: Actor, place: Place, what: Heard, show: Show) -> Story | None:
    key, row_id = place
    resource = registry.find_by_key(key)
    if resource is None:
        return None
    ids, comments = what.changes.get(place, []), what.comments.get(place, 0)
    record = access.visible(actor, resource).filter(pk=row_id).first()
    if record is None:
        return _gone(actor, resource, ids)
    entries = _entries(actor, resource, record, ids, show)
    told = _told(str(record), entries, resource, actor)
    if told is None and not comments:
        return None
    url = resource.url("card", id=row_id)
    if told is None:
        return Story(str(record), url, "", "", comments=comments)
    who, verb, sentence, fields = told
    return Story(str(record), url, sentence, who, verb, fields, comments)


def _entries(
    actor: Actor, resource: type[Resource], record: Any, ids: Collection[int], show: Show
) -> list[Entry]:
    if not ids:
        return []
    found, _more = history_of(actor, resource, record, show, limit=_ENTRIES, before=max(ids) + 1)
    wanted = set(ids)
    return [entry for entry in found if entry.id in wanted]


def _told(
    name: str, entries: Sequence[Entry], resource: type[Resource], actor: Actor
) -> tuple[str, str, str, list[FieldChange]] | None:
    """Who, what, the whole sentence and the fields; None where nothing is left that may be told."""
    telling = [entry for entry in entries if entry.action != Change.UPDATE or entry.fields]
    if not telling:
        return None
    who = listed(dict.fromkeys(entry.who or gettext("The system") for entry in telling))
    made = next((entry for entry in telling if entry.action == Change.INSERT), None)
    given = {"who": who, "record": name}
    if made is not None and made.verb == UNDO:
        return who, gettext("brought it back"), gettext("%(who)s brought “%(record)s” back") % given, []
    if made is not None:
        return who, gettext("created it"), gettext("%(who)s created “%(record)s”") % given, []
    fields = _net(telling)
    if not fields:
        return None
    what = listed_changes(fields)
    sentence = gettext("%(who)s changed “%(record)s”: %(what)s") % {**given, "what": what}
    return who, what, sentence, fields


def _net(entries: Sequence[Entry]) -> list[FieldChange]:
    """Several changes of one field as one; what was changed and changed back is none."""
    found: dict[str, FieldChange] = {}
    for entry in reversed(entries):  # the oldest first
        for one in entry.fields:
            first = found.get(one.key)
            found[one.key] = FieldChange(one.label, first.old if first else one.old, one.new, one.key)
    return [one for one in found.values() if one.old != one.new]


def listed_changes(fields: Sequence[FieldChange]) -> str:
    """At most three changes in words, and how many more there are."""
    said = [
        pgettext("a field's change", "%(field)s %(old)s → %(new)s")
        % {"field": one.label, "old": _short(one.old), "new": _short(one.new)}
        for one in fields[:FIELDS]
    ]
    rest = len(fields) - len(said)
    if rest:
        said.append(ngettext("%(n)s more field", "%(n)s more fields", rest) % {"n": rest})
    text = said[0]
    for one in said[1:]:
        text = pgettext("changes of fields", "%(first)s; %(rest)s") % {"first": text, "rest": one}
    return text


def _short(text: str) -> str:
    line = " ".join(text.split()) or gettext("empty")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _gone(actor: Actor, resource: type[Resource], ids: Collection[int]) -> Story | None:
    """A record that was deleted, for whom it was in reach by its last image."""
    if not ids:
        return None
    rows = Change.objects.filter(id__in=list(ids), action=Change.DELETE).order_by("-id")[:1]
    found = as_of_today(rows)
    everything = system_actor(actor.tenant_id)
    if not found or access.visible(everything, resource).filter(pk=found[0].row_id).exists():
        return None  # out of sight, not gone
    image = found[0].old or {}
    if not access.reached(actor, resource, image, "view"):
        return None
    name, who = str(image.get(resource.title) or ""), _who([found[0].actor_id])
    sentence = gettext("%(who)s deleted “%(record)s”") % {"who": who, "record": name}
    return Story(name, "", sentence, who, gettext("deleted it"), gone=True)


def _who(ids: Sequence[UUID | None]) -> str:
    names = people_named(ids)
    return listed(names.get(one, gettext("The system")) if one else gettext("The system") for one in ids)
