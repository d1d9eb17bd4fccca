"""What the engine asks of us, answered for the company in scope."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.kinds import Kind
from guanxi.kinds.kind import Declared
from guanxi.resource import registry
from guanxi.tailoring.models import OwnValue
from guanxi.tailoring.queries.arranging import arranged
from guanxi.tailoring.queries.wishes import wishes
from guanxi.tailoring.services import narrow


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
