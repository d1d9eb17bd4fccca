"""What the engine asks of us, answered for the company in scope."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Kind
from guanxi.kinds.kind import Declared
from guanxi.resource import registry
from guanxi.resource.own import Wish
from guanxi.tailoring.models import OwnValue
from guanxi.tailoring.queries.arranging import arranged
from guanxi.tailoring.queries.wishes import forget, wishes
from guanxi.tailoring.services import narrow
from guanxi.tailoring.services.fields import MANAGE, add_field, draft_field, has_room

# Chinese in code: what tells a Chinese label from one in another language
_CHINESE = re.compile("[\u3400-\u9fff]")


def _data(wish: Wish) -> dict[str, Any]:
    """What an administrator would have typed."""
    options = [{_language(text): text} for text in wish.options]
    return {f"label_{_language(wish.label)}": wish.label, "places": wish.places, "options": options}


def _language(text: str) -> str:
    return "zh" if _CHINESE.search(text) else "en"


@contextmanager
def _by_label(wish: Wish) -> Iterator[None]:
    """What is wrong with a field is said of its label, for whoever wished for several at once."""
    try:
        yield
    except Invalid as error:
        said = [message for messages in error.fields.values() for message in messages]
        raise Invalid({wish.label: said}, error.messages, code=error.code) from error


class CompanyTailor:
    """See `resource.own.Tailor`."""

    def fields(self, resource: type[Declared]) -> Mapping[str, Kind]:
        return wishes().fields_of(resource.key)

    def former(self, resource: type[Declared]) -> Mapping[str, Kind]:
        return wishes().former_of(resource.key)

    def sections(self, resource: type[Declared], sections: Sequence[Any], place: str) -> Sequence[Any]:
        mine = wishes()
        fields, layout = mine.fields_of(resource.key), mine.layouts.get(resource.key)
        if not fields and layout is None:
            return sections
        return arranged(registry.find(resource.key), fields, layout, place)

    def written(self, resource: type[Declared], ids: Iterable[UUID]) -> None:
        narrow.follow(resource, ids)

    def taken(self, kind: Kind, values: Collection[Any]) -> Collection[Any]:
        index = next(
            (one for one in wishes().indexed.get(kind.resource.key, ()) if one.name == kind.name), None
        )
        if index is None or not index.sole:
            return ()
        packed = {str(kind.pack(value)): value for value in values if not kind.is_blank(value)}
        rows = OwnValue.objects.filter(field_id=index.field_id, sole__in=list(packed))
        return {packed[text] for text in rows.values_list("sole", flat=True) if text is not None}

    def may_add(self, actor: Actor, resource: type[Declared]) -> bool:
        return actor.may(MANAGE) and has_room(registry.find(resource.key))

    def draft(self, actor: Actor, resource: type[Declared], wanted: Sequence[Wish]) -> Sequence[Kind]:
        found: list[Kind] = []
        for wish in wanted:
            with _by_label(wish):
                taken = {kind.name for kind in found}
                found.append(
                    draft_field(
                        actor, resource=resource.key, kind=wish.kind, data=_data(wish), given_out=taken
                    )
                )
        return found

    def add(self, actor: Actor, resource: type[Declared], wanted: Sequence[Wish]) -> Sequence[str]:
        found = []
        for wish in wanted:
            with _by_label(wish):
                found.append(add_field(actor, resource=resource.key, kind=wish.kind, data=_data(wish)).name)
        return found

    def forget(self) -> None:
        forget()
