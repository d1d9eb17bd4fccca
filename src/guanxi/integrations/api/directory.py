"""The company's people by name, and one search over every kind of record."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters, schemas
from guanxi.integrations.api.describing import described, limit_parameter, query_parameter
from guanxi.integrations.api.expanding import member_card
from guanxi.integrations.api.records import reply
from guanxi.kernel.text import bare, clean_text
from guanxi.resource import access
from guanxi.resource.registry import every

_MOST = 200
_EACH = 20  # hits of one kind of record


def routers() -> list[tuple[str, Router]]:
    """Operations by prefix."""
    people, finding = Router(tags=["members"]), Router(tags=["search"])
    typed = query_parameter(
        "q", {"type": "string", "maxLength": 100}, gettext_noop("Part of a name, or its initials")
    )
    gone = query_parameter(
        "left", {"type": "string", "enum": ["0", "1"]}, gettext_noop("1: those who have left too")
    )
    people.get(
        "", **described("members", schemas.MemberList, name="", parameters=[typed, gone, limit_parameter()])
    )(read_members)
    finding.get("", **described("search", schemas.FoundList, name="", parameters=[typed]))(search)
    return [("/members", people), ("/search", finding)]


def read_members(request: HttpRequest) -> HttpResponse:
    """Who can be named in a link: what every picker of people offers."""
    query = request.GET.copy()
    limit = parameters.number(query, "limit", most=_MOST) or 50
    rows = Member.objects.select_related("department").order_by("name_sort", "id")
    if not parameters.flag(query, "left"):
        rows = rows.filter(left_on__isnull=True)
    wanted = bare(clean_text(query.get("q", ""))[:100])
    found = []
    for member in rows.iterator(chunk_size=500):
        initials = "".join(part[:1] for part in member.name_sort.split())
        if (
            wanted in bare(member.name)
            or member.name_sort.replace(" ", "").startswith(wanted)
            or initials.startswith(wanted)
        ):
            found.append(member_card(member))
        if len(found) == limit:
            break
    return reply({"items": found})


def search(request: HttpRequest) -> HttpResponse:
    """Records of every kind that the caller may see, found by a piece of text."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = clean_text(request.GET.get("q", ""))[:100]
    found: list[dict[str, Any]] = []
    for resource in every() if text else ():
        found += [
            {"resource": resource.key, "id": str(hit.id), "title": hit.title, "detail": hit.detail}
            for hit in access.search(actor, resource, text, limit=_EACH)
        ]
    return reply({"items": found})
