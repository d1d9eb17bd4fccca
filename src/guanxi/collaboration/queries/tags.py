"""Tags: those there are, and those that records bear."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Count

from guanxi.collaboration.models import Tag, Tagging
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kernel.pinyin import readings
from guanxi.kernel.text import fold
from guanxi.resource import access, registry
from guanxi.resource.declaration import Resource

NEW = "new:"  # begins the value of a tag that is made when it is given
USE, MANAGE = "collaboration.tag.use", "collaboration.tag.manage"


def name_key(name: str) -> str:
    """What two names of tags are compared by: neither case nor width nor spaces make another tag."""
    return (fold(name) or name.casefold())[:40]


def tags_of(resource: type[Resource], ids: Collection[UUID]) -> Mapping[UUID, Sequence[Tag]]:
    """The tags of records that the caller may see, by record, in the order of their names."""
    rows = Tagging.objects.filter(resource=resource.key, record_id__among=list(ids)).select_related("tag")
    found: dict[UUID, list[Tag]] = defaultdict(list)
    for one in rows.order_by("tag__name_sort", "tag_id"):
        found[one.record_id].append(one.tag)
    return found


def find_tag(tag_id: UUID | str, *, lock: bool = False) -> Tag:
    """Raises NotFound."""
    rows = Tag.objects.filter(id=tag_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("tag_not_found")
    return found


def tag_named(name: str) -> Tag | None:
    """The tag of this name, however it is written."""
    return Tag.objects.filter(name_key=name_key(name)).first()


def tag_by(text: str) -> Tag | None:
    """The tag with this id or name."""
    try:
        return Tag.objects.filter(id=UUID(text)).first()
    except ValueError:
        return tag_named(text)


def suggest_tags(text: str, *, limit: int = 20) -> list[Tag]:
    """Tags by part of the name, pinyin or its initials; those of a company are some dozens."""
    wanted = fold(text)
    found = []
    for tag in Tag.objects.order_by("name_sort", "id"):
        if not wanted or wanted in tag.name_key or _begins(tag.name, wanted):
            found.append(tag)
            if len(found) == limit:
                break
    return found


def _begins(name: str, wanted: str) -> bool:
    ways = readings(name)
    return any(one.startswith(wanted) for one in (*ways.full, *ways.initials))


def uses(actor: Actor) -> Mapping[UUID, Mapping[str, int]]:
    """On how many records of each kind that the actor sees a tag stands: tag → resource key → count."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for resource in registry.every():
        if not actor.may(resource.permission("view")):
            continue
        rows = Tagging.objects.filter(
            resource=resource.key, record_id__in=access.visible(actor, resource).values("pk")
        )
        for tag_id, count in rows.order_by().values_list("tag_id").annotate(n=Count("id")):
            found[tag_id][resource.key] = count
    return found
