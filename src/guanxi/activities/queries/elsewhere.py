"""What lower contexts have to tell on a timeline: comments of colleagues, and changes of the record."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.activities.queries.timeline import Asked, Chip, Entry, Source
from guanxi.collaboration.models import Comment
from guanxi.collaboration.queries.comments import may_delete, may_edit
from guanxi.collaboration.queries.drawing import drawn
from guanxi.foundation.permissions.web import listed
from guanxi.resource.history import history_of
from guanxi.resource.withholding import is_bare

_COMMENTS, _CHANGES = 20, 90
COMMENT, CHANGE = "comment", "change"


def _comments(asked: Asked) -> list[Entry]:
    if asked.kind not in ("", COMMENT) or asked.person is not None or is_bare(asked.record):
        return []
    rows = Comment.objects.filter(resource=asked.resource.key, record_id=asked.record.pk)
    if asked.member is not None:
        rows = rows.filter(author_id=asked.member)
    rows = rows.filter(asked.before(_COMMENTS, at="created_at"))
    found = rows.select_related("author").order_by("-created_at", "-id")[: asked.limit + 1]
    return [_said(asked, one) for one in found]


def _said(asked: Asked, one: Comment) -> Entry:
    unseeing = listed(each["name"] for each in one.mentions if not each["told"])
    return Entry(
        source="comments",
        id=str(one.pk),
        kind=COMMENT,
        at=one.created_at,
        icon="message",
        label=pgettext_lazy("timeline", "Comment"),
        who=one.author.name if one.author else "",
        text=one.text,
        html=drawn(one.text, one.mentions),
        template="collaboration/comment.html",
        context={
            "line": {
                "comment": one,
                "html": drawn(one.text, one.mentions),
                "unseeing": unseeing,
                "may_edit": may_edit(asked.actor, one),
                "may_delete": may_delete(asked.actor, one),
            }
        },
    )


def _how_many(asked: Asked, given: Sequence[Entry]) -> list[Chip]:
    if not asked.kind and asked.behind is None and len(given) <= asked.limit:
        return [Chip(COMMENT, _("Comments"), len(given))]
    rows = Comment.objects.filter(resource=asked.resource.key, record_id=asked.record.pk)
    if asked.person is not None or is_bare(asked.record):
        return []
    if asked.member is not None:
        rows = rows.filter(author_id=asked.member)
    return [Chip(COMMENT, _("Comments"), rows.count())]


def _changes(asked: Asked) -> list[Entry]:
    """Changes of the record itself; of one moment those come first that were made last."""
    if asked.kind not in ("", CHANGE) or asked.person is not None or asked.member is not None:
        return []
    behind = asked.behind
    before = (
        int(behind.id) if behind is not None and behind.rank == _CHANGES and behind.id.isdigit() else None
    )
    until = behind.at if behind is not None and before is None else None
    found, _more = history_of(
        asked.actor,
        asked.resource,
        asked.record,
        asked.show,
        limit=asked.limit + 1,
        before=before,
        until=until,
    )
    return [
        Entry(
            source="changes",
            id=str(one.id),
            kind=CHANGE,
            at=one.at,
            icon="pencil",
            label=pgettext_lazy("timeline", "Change"),
            who=one.who,
            text="; ".join(f"{each.label}: {each.old} → {each.new}" for each in one.fields),
            template="screens/entries.html",
            context={"entries": [one]},
        )
        for one in found
    ]


def _uncounted(asked: Asked, given: Sequence[Entry]) -> list[Chip]:
    if asked.person is not None or asked.member is not None:
        return []
    return [Chip(CHANGE, pgettext_lazy("timeline", "Changes"))]


COMMENTS = Source(key="comments", rank=_COMMENTS, read=_comments, chips=_how_many)
CHANGES = Source(key="changes", rank=_CHANGES, read=_changes, chips=_uncounted)
