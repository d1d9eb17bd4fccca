"""Two fields that every record has without having them: its tags, and whether the viewer follows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.models import Tag, Tagging
from guanxi.collaboration.queries.following import followed_q
from guanxi.collaboration.queries.tags import NEW, suggest_tags, tag_by, tags_of
from guanxi.foundation.design.marks import icon
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kinds.kind import Computed, FieldProblem, Kind, Show, as_text


def tag_mark(tag: Tag) -> str:
    """A tag as it stands in a cell: a dot in its colour and its name."""
    return format_html('<span class="gx-label gx-label-{}">{}</span>', tag.colour or "none", tag.name)


def _tagged(key: str, _actor: Actor, q: Q) -> Q:
    return Q(pk__in=Tagging.objects.filter(q, resource=key).values("record_id"))


def _never(_actor: Actor, _ids: Collection[UUID]) -> dict[UUID, Any]:
    return {}


# Bound to each resource: which of its records are meant is known only then.
_OF_TAGS, _OF_FOLLOWED = Computed(read=_never, path="tag_id"), Computed(read=_never, path="on")


@dataclass(kw_only=True, eq=False)
class Tags(Kind):
    """The tags a record bears; filtered by any of several. Given and taken by actions, never written as a field."""

    computed: Computed | None = _OF_TAGS
    minor: bool = True

    def bind(self, resource: Any) -> None:
        super().bind(resource)
        assert self.computed is not None  # noqa: S101 - for the type checker
        self.computed = replace(self.computed, find=partial(_tagged, resource.key))

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        resource: Any = self.resource
        found = tags_of(resource, [record.pk for record in records])
        for record in records:
            setattr(record, self.column, tuple(found.get(record.pk, ())))

    def blank(self) -> Any:
        return ()

    def clean(self, raw: object, actor: Actor) -> UUID:
        text = as_text(raw, max_length=200)
        found = tag_by(text)
        if found is None:
            raise FieldProblem("tag", _("There is no tag “%(value)s”."), value=text)
        return UUID(str(found.id))

    def text(self, record: Any, show: Show) -> str:
        return listed(tag.name for tag in self.value(record))

    def html(self, record: Any, show: Show) -> str:
        marks = format_html_join("", "{}", ((tag_mark(tag),) for tag in self.value(record)))
        return format_html('<span class="gx-labels">{}</span>', marks) if marks else ""

    def json(self, record: Any, show: Show) -> Any:
        return [tag.name for tag in self.value(record)]

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        """What a filter's picker offers."""
        return [Option(value=str(tag.id), label=tag.name) for tag in suggest_tags(text)]

    def filter_text(self, value: str, show: Show) -> str:
        found = tag_by(value)
        return found.name if found else value


@dataclass(kw_only=True, eq=False)
class TagInput(Kind):
    """A tag that an action asks for: one there is, by id or name; with `new` also one to be made, by its name."""

    new: bool = False

    def blank(self) -> Any:
        return None

    def clean(self, raw: object, actor: Actor) -> UUID | str:
        """The tag's id, or the name of one that is still to be made."""
        text = as_text(raw, max_length=200)
        name = text.removeprefix(NEW)
        found = tag_by(text if name == text else name)
        if found is not None:
            return UUID(str(found.id))
        if self.new and name:
            return name
        raise FieldProblem("tag", _("There is no tag “%(value)s”."), value=name)

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        options = []
        if value:
            found = tag_by(str(value))
            name = found.name if found else str(value).removeprefix(NEW)
            options = [Option(value=str(value), label=name, selected=True)]
        url = reverse("tag_options") if self.new else self.resource.url("options", field=self.name)
        placeholder = gettext("Type to find or create") if self.new else ""
        return super().editor(
            value, show, kind="picker", options=options, url=url, placeholder=placeholder, **more
        )

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        return [Option(value=str(tag.id), label=tag.name) for tag in suggest_tags(text)]


YES, NO = "1", "0"


def _followed_find(resource: Any, actor: Actor, _q: Q) -> Q:
    return followed_q(actor, resource)


@dataclass(kw_only=True, eq=False)
class Followed(Kind):
    """Whether the viewer follows the record."""

    computed: Computed | None = _OF_FOLLOWED
    minor: bool = True
    operators: ClassVar[tuple[str, ...]] = ("is",)

    def bind(self, resource: Any) -> None:
        super().bind(resource)
        assert self.computed is not None  # noqa: S101 - for the type checker
        self.computed = replace(self.computed, find=partial(_followed_find, resource))

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        resource: Any = self.resource
        ids = [record.pk for record in records]
        rows = resource.model._default_manager.filter(followed_q(show.actor, resource), pk__among=ids)
        found = set(rows.values_list("pk", flat=True)) if show.actor.member_id else set()
        for record in records:
            setattr(record, self.column, record.pk in found)

    def blank(self) -> Any:
        return False

    def text(self, record: Any, show: Show) -> str:
        return gettext("followed") if self.value(record) else ""

    def html(self, record: Any, show: Show) -> str:
        return icon("star", gettext("followed"), 14, "acc") if self.value(record) else ""

    def json(self, record: Any, show: Show) -> Any:
        return bool(self.value(record))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator != "is" or len(values) != 1 or values[0] not in (YES, NO):
            raise FieldProblem("value", _("Give 1 or 0."))
        resource: Any = self.resource
        q = followed_q(actor, resource)
        return q if values[0] == YES else ~q

    def filter_options(self, show: Show) -> Sequence[Option]:
        return (Option(value=YES, label=gettext("yes")), Option(value=NO, label=gettext("no")))

    def filter_text(self, value: str, show: Show) -> str:
        return gettext("yes") if value == YES else gettext("no") if value == NO else value
