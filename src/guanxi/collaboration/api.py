"""Comments and tags through the API. What a record bears and who follows it stand in the record's own fields."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.collaboration.models import Comment, Tag
from guanxi.collaboration.queries.comments import comments_of, find_comment
from guanxi.collaboration.queries.people import record_of
from guanxi.collaboration.queries.tags import find_tag, suggest_tags
from guanxi.collaboration.services.comments import add_comment, delete_comment, edit_comment
from guanxi.collaboration.services.tags import create_tag, delete_tag, edit_tag, merge_tags
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.operations import Operation, declare


@dataclass(frozen=True, kw_only=True)
class OfRecord:
    """Which record's comments: the key of its resource, and its id."""

    resource: str
    record: UUID
    after: UUID | None = None
    limit: int = 20


@dataclass(frozen=True, kw_only=True)
class NewComment:
    """What is said on a record. `@` and a name mention somebody; `mentions` says who is meant where names are equal."""

    resource: str
    record: UUID
    text: str
    mentions: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChangedComment:
    """The comment as it is to be."""

    text: str
    mentions: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Mentioned:
    """Somebody who is mentioned; `told` whether he could see the record."""

    member: UUID
    name: str
    told: bool


@dataclass(frozen=True, kw_only=True)
class CommentOut:
    """A comment."""

    id: UUID
    version: int
    resource: str
    record: UUID
    author: UUID | None
    author_name: str
    text: str
    mentions: list[Mentioned]
    at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Part of a name, pinyin or its initials."""

    q: str = ""
    limit: int = 100


@dataclass(frozen=True, kw_only=True)
class NewTag:
    """A tag's name and colour: blue, orange, teal, red, ochre, or none."""

    name: str
    colour: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangedTag:
    """What is to be changed."""

    name: str | None = None
    colour: str | None = None


@dataclass(frozen=True, kw_only=True)
class Into:
    """The tag that stays."""

    into: UUID


@dataclass(frozen=True, kw_only=True)
class TagOut:
    """A tag."""

    id: UUID
    version: int
    name: str
    colour: str


def register() -> None:
    """Called once at start-up."""
    one, merging = "comments/{id}", "tags/{id}/merge"
    declare(
        Operation(
            area="comments", method="GET", path="comments", act=_comments, query=OfRecord, answer=CommentOut,
            many=True, summary=gettext_noop("Comments of a record"), words=gettext_noop("Newest first."),
        ),
        Operation(
            area="comments", method="POST", path="comments", act=_add, body=NewComment, answer=CommentOut,
            status=201, summary=gettext_noop("Comment on a record"),
            words=gettext_noop("Who is mentioned and sees the record is told; whoever follows it too."),
        ),
        Operation(
            area="comments", method="PATCH", path=one, act=_edit, body=ChangedComment, answer=CommentOut,
            guarded=True, summary=gettext_noop("Change a comment"), words=gettext_noop("One's own only."),
        ),
        Operation(
            area="comments", method="DELETE", path=one, act=_delete, status=204,
            summary=gettext_noop("Delete a comment"),
        ),
        Operation(
            area="tags", method="GET", path="tags", act=_tags, query=Typed, answer=TagOut, many=True,
            summary=gettext_noop("Tags"),
            words=gettext_noop("Records are tagged by the actions `tag` and `untag` of their resource."),
        ),
        Operation(
            area="tags", method="POST", path="tags", act=_create, body=NewTag, answer=TagOut, status=201,
            summary=gettext_noop("Make a tag"), words=gettext_noop("Of one name there is one tag: it is answered."),
        ),
        Operation(
            area="tags", method="PATCH", path="tags/{id}", act=_change, body=ChangedTag, answer=TagOut,
            guarded=True, summary=gettext_noop("Change a tag"),
        ),
        Operation(
            area="tags", method="DELETE", path="tags/{id}", act=_remove, status=204,
            summary=gettext_noop("Delete a tag"),
        ),
        Operation(
            area="tags", method="POST", path=merging, act=_merge, body=Into, answer=TagOut,
            summary=gettext_noop("Merge a tag into another one"),
            words=gettext_noop("Answers with the one that stays."),
        ),
        comments=_("Comments"),
        tags=_("Tags"),
    )  # fmt: skip


def _comments(actor: Actor, query: OfRecord) -> tuple[list[CommentOut], str | None]:
    resource, record = record_of(actor, query.resource, query.record)
    found = comments_of(resource, record, before=query.after, limit=query.limit)
    return [_said(one) for one in found.rows], str(found.before) if found.before else None


def _add(actor: Actor, body: NewComment) -> CommentOut:
    made = add_comment(
        actor, resource=body.resource, record_id=body.record, text=body.text, chosen=body.mentions
    )
    return _said(made)


def _edit(
    actor: Actor, comment_id: UUID, body: ChangedComment, *, expected_version: int | None
) -> CommentOut:
    edit_comment(actor, comment_id, text=body.text, chosen=body.mentions, expected_version=expected_version)
    return _said(find_comment(actor, comment_id)[0])


def _delete(actor: Actor, comment_id: UUID) -> None:
    delete_comment(actor, comment_id)


def _said(comment: Comment) -> CommentOut:
    return CommentOut(
        id=comment.id,
        version=comment.version,
        resource=comment.resource,
        record=comment.record_id,
        author=comment.author_id,
        author_name=comment.author.name if comment.author else "",
        text=comment.text,
        mentions=[
            Mentioned(member=UUID(one["id"]), name=one["name"], told=one["told"]) for one in comment.mentions
        ],
        at=comment.created_at,
        edited_at=comment.edited_at,
    )


def _tags(actor: Actor, query: Typed) -> tuple[list[TagOut], str | None]:
    return [_shown(one) for one in suggest_tags(query.q, limit=query.limit)], None


def _create(actor: Actor, body: NewTag) -> TagOut:
    return _shown(create_tag(actor, name=body.name, colour=body.colour))


def _change(actor: Actor, tag_id: UUID, body: ChangedTag, *, expected_version: int | None) -> TagOut:
    found = find_tag(tag_id)
    name = found.name if body.name is None else body.name
    colour = found.colour if body.colour is None else body.colour
    return _shown(edit_tag(actor, tag_id, name=name, colour=colour, expected_version=expected_version))


def _remove(actor: Actor, tag_id: UUID) -> None:
    delete_tag(actor, tag_id)


def _merge(actor: Actor, tag_id: UUID, body: Into) -> TagOut:
    merge_tags(actor, tag_id, into=body.into)
    return _shown(find_tag(body.into))


def _shown(tag: Tag) -> TagOut:
    return TagOut(id=tag.id, version=tag.version, name=tag.name, colour=tag.colour)
