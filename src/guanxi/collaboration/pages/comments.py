"""Comments on a card: read, written, put otherwise and taken away where they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.collaboration.models import Comment
from guanxi.collaboration.pages.answers import is_part, part, told
from guanxi.collaboration.queries.comments import ADD, comments_of, find_comment, may_delete, may_edit
from guanxi.collaboration.queries.drawing import drawn
from guanxi.collaboration.queries.people import record_of, suggest_people
from guanxi.collaboration.rules import LONGEST
from guanxi.collaboration.services.comments import add_comment, delete_comment, edit_comment
from guanxi.foundation.design.shapes import Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, listed, tell, uuid_of, version_of
from guanxi.kernel.errors import Forbidden, Invalid, Stale
from guanxi.kernel.text import clean_text
from guanxi.kinds import Show
from guanxi.resource.contributions import Content
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import resource_of


@dataclass(frozen=True, slots=True)
class Line:
    """A comment as it is drawn; `unseeing` names who was mentioned and cannot see the record."""

    comment: Comment
    html: str
    unseeing: str
    may_edit: bool
    may_delete: bool


def line(actor: Actor, comment: Comment) -> Line:
    """One comment for whoever looks."""
    unseeing = listed(one["name"] for one in comment.mentions if not one["told"])
    return Line(
        comment,
        drawn(comment.text, comment.mentions),
        unseeing,
        may_edit(actor, comment),
        may_delete(actor, comment),
    )


def section(
    actor: Actor,
    resource: type[Resource],
    record: Any,
    *,
    text: str = "",
    errors: Sequence[str] = (),
    before: UUID | None = None,
) -> dict[str, Any]:
    """What the template of the section needs."""
    found = comments_of(resource, record, before=before)
    return {
        "record": record,
        "resource": resource,
        "lines": [line(actor, comment) for comment in found.rows],
        "count": found.count,
        "before": found.before,
        "may_add": actor.may(ADD),
        "text": text,
        "errors": errors,
        "longest": LONGEST,
        "card_url": resource.url("card", id=record.pk),
        "draft": f"comment-{resource.key}-{record.pk}",
    }


def panel(actor: Actor, record: Any, show: Show) -> Content:
    """The section in the middle of a card, above the history."""
    context = section(actor, resource_of(record), record)
    note = "comment-text" if context["may_add"] else ""
    return Content(template="collaboration/comments.html", bare=True, note=note, context=context)


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """Earlier ones (`before`), or one more. Without htmx a page of their own."""
    actor = actor_of(request)
    kind, record = record_of(actor, resource, id)
    if request.method == "GET":
        context = section(actor, kind, record, before=uuid_of(request.GET.get("before")))
        if is_part(request) and request.GET.get("before"):
            return part(request, "comment_lines.html", context)
        return part(request, "comments.html" if is_part(request) else "comments_page.html", context)
    text = request.POST.get("text", "")
    try:
        made = add_comment(actor, resource=kind.key, record_id=id, text=text, chosen=_chosen(request))
    except Invalid as error:
        context = section(actor, kind, record, text=text, errors=_said(error))
        return part(
            request, "comments.html" if is_part(request) else "comments_page.html", context, status=422
        )
    context = section(actor, kind, record)
    words = _told_words(made)
    if not is_part(request):
        tell(request, words)
        return HttpResponseRedirect(f"{kind.url('card', id=id)}#comment-{made.id}")
    return told(part(request, "comments.html", context), words, saved=context["draft"])


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """One comment: itself, or with `edit` its editor; a POST puts it otherwise."""
    actor = actor_of(request)
    found, kind, record = find_comment(actor, comment_id)
    if not is_part(request) and request.method == "GET":
        return HttpResponseRedirect(f"{kind.url('card', id=record.pk)}#comment-{comment_id}")
    context: dict[str, Any] = {"record": record, "resource": kind, "longest": LONGEST, "errors": ()}
    if request.method == "GET":
        context |= {"line": line(actor, found), "text": found.text, "version": found.version}
        editing = request.GET.get("edit") == "1"
        if editing and not context["line"].may_edit:
            raise Forbidden(ADD)
        return part(request, "comment_edit.html" if editing else "comment.html", context)
    text = request.POST.get("text", "")
    try:
        version = version_of(request)
        edit_comment(actor, comment_id, text=text, chosen=_chosen(request), expected_version=version)
    except (Invalid, Stale) as error:
        fresh, _kind, _record = find_comment(actor, comment_id)
        said = (
            _said(error)
            if isinstance(error, Invalid)
            else [_("You have changed it in another window meanwhile.")]
        )
        context |= {"line": line(actor, fresh), "text": text, "version": fresh.version, "errors": said}
        return part(request, "comment_edit.html", context, status=422 if isinstance(error, Invalid) else 409)
    fresh, _kind, _record = find_comment(actor, comment_id)
    if not is_part(request):
        tell(request, _("Comment changed"))
        return HttpResponseRedirect(f"{kind.url('card', id=record.pk)}#comment-{comment_id}")
    answer = part(request, "comment.html", {**context, "line": line(actor, fresh)})
    return told(answer, _("Comment changed"))


@require_POST
def remove(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Take a comment away; its toast brings it back."""
    actor = actor_of(request)
    _found, kind, record = find_comment(actor, comment_id)
    delete_comment(actor, comment_id)
    if is_part(request) and request.headers.get("HX-Target") != "comments":
        # It stood somewhere else, in a timeline say: there it goes by itself.
        answer = told(HttpResponse(), _("Comment deleted"))
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#comment-{comment_id}", "delete"
        return answer
    if not is_part(request):
        tell(request, _("Comment deleted"))
        return HttpResponseRedirect(kind.url("card", id=record.pk) + "#comments")
    return told(part(request, "comments.html", section(actor, kind, record)), _("Comment deleted"))


@require_GET
def people(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """Whom an `@` may mean, by what was typed behind it; who cannot see the record is marked so."""
    actor = actor_of(request)
    kind, record = record_of(actor, resource, id)
    found = suggest_people(actor, kind, record, clean_text(request.GET.get("q", ""))[:40])
    options = [
        Option(
            value=str(one.id),
            label=one.name,
            sub=one.department if one.sees else _("Cannot see this record"),
        )
        for one in found
    ]
    return render(request, "collaboration/people.html", {"options": options})


def _chosen(request: HttpRequest) -> Collection[UUID]:
    found = []
    for text in request.POST.getlist("mention")[:200]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _said(error: Invalid) -> list[str]:
    return [str(message) for said in error.fields.values() for message in said]


def _told_words(made: Comment) -> str:
    count = sum(1 for one in made.mentions if one["told"])
    if count:
        return ngettext("Comment added, %(n)s person told", "Comment added, %(n)s people told", count) % {
            "n": count
        }
    return _("Comment added")
