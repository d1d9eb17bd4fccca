"""Tokens on the screen: one's own, and for administrators everybody's and the programs'; what a token asked for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Field, Option, Tab
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, place_of, place_text, tell, uuid_of
from guanxi.integrations.api import scopes
from guanxi.integrations.api.authentication import PER_MINUTE
from guanxi.integrations.api.calls import KEPT_DAYS, calls_of
from guanxi.integrations.api.tokens import (
    CREATE,
    LIFETIMES,
    MANAGE,
    all_tokens,
    create_application,
    create_token,
    revoke_token,
    tokens_of,
)
from guanxi.integrations.models import ApiToken
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import whole_number

_AREA = "area."  # before the area's key, in names of form fields
_STEP = 100
_OWN, _ALL = "api_tokens", "api_access"


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """The living tokens that act as whoever looks."""
    return _own_page(request)


@never_cache
@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token for oneself and show its secret, this once."""
    draft = Draft(request.POST)
    may = request.POST.get("may", "")
    try:
        token, secret = create_token(
            actor_of(request),
            name=request.POST.get("name", ""),
            may_write=may == "write",
            days=_days_of(request),
            scopes=_areas_of(request) if may == "some" else None,
        )
    except (Invalid, Refused) as error:
        draft.blame(error)
        return _own_page(request, draft, status=422)
    return _own_page(request, made=token, secret=secret)


@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """The programs' tokens and everybody's own. Raises Forbidden without the right to manage them."""
    return _company_page(request)


@never_cache
@require_POST
def new_application(request: HttpRequest) -> HttpResponse:
    """Make a token for a program and show its secret, this once."""
    draft = Draft(request.POST)
    try:
        token, secret = create_application(
            actor_of(request),
            name=request.POST.get("name", ""),
            member_id=uuid_of(request.POST.get("member")),
            scopes=_areas_of(request),
            days=_days_of(request),
        )
    except (Invalid, Refused) as error:
        draft.blame(error)
        return _company_page(request, draft, status=422)
    return _company_page(request, made=token, secret=secret)


@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token. Raises NotFound for one that is neither one's own nor one's to manage."""
    token = revoke_token(actor_of(request), token_id)
    tell(request, _("“%(name)s” does not open anything any more.") % {"name": token.name})
    return redirect(_ALL if request.POST.get("from") == "all" else _OWN)


@require_GET
def calls(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """What a token asked for in the last 30 days, newest first."""
    actor = actor_of(request)
    token, rows = calls_of(actor, token_id)
    only = request.GET.get("show", "")
    if only == "failed":
        rows = rows.filter(status__gte=400)
    place = place_of(request)
    if place is not None:
        moment, behind = place
        rows = rows.filter(created_at__lte=moment).exclude(created_at=moment, id__gte=behind)
    found = list(rows[: _STEP + 1])
    more = ""
    if len(found) > _STEP:
        last = found[_STEP - 1]
        more = "?" + urlencode({"show": only, "after": place_text(last.created_at, last.id)})
    manages = actor.may(MANAGE) and token.member_id != actor.member_id
    context = {
        "token": token,
        "rows": found[:_STEP],
        "more_url": more,
        "days": KEPT_DAYS,
        "limit": PER_MINUTE,
        "back_url": reverse(_ALL if manages else _OWN),
        "may_revoke": token.revoked_at is None and (not token.is_application or actor.may(MANAGE)),
        "kinds": [
            Tab(label=_("All"), url="?", current=only != "failed"),
            Tab(label=_("Failed"), url="?show=failed", current=only == "failed"),
        ],
        "facts": _facts(token),
    }
    return render(request, "api/calls.html", context)


# Drawing


def _own_page(
    request: HttpRequest,
    draft: Draft | None = None,
    *,
    made: ApiToken | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    draft = draft or Draft({"days": "90"})
    may = draft.values.get("may", "")
    context = {
        "tokens": tokens_of(actor),
        "made": made,
        "secret": secret,
        "may_create": actor.may(CREATE) and actor.observer_id is None,
        "overall": draft.overall,
        "fields": [
            draft.field("name", _("What it is for"), required=True, hint=_("The program that will use it.")),
            draft.field(
                "may",
                _("It may"),
                kind="select",
                options=[
                    Option(value="", label=_("Read everything that I may see"), selected=may == ""),
                    Option(value="write", label=_("Read and change all that I may"), selected=may == "write"),
                    Option(value="some", label=_("Only what is chosen below"), selected=may == "some"),
                ],
            ),
            _lifetime(draft),
        ],
        "areas": _area_fields(draft),
        "areas_open": may == "some",
        "areas_errors": draft.errors.get("scopes", ()),
        "docs_url": reverse("api_docs"),
    }
    return render(request, "api/tokens.html", context, status=status)


def _company_page(
    request: HttpRequest,
    draft: Draft | None = None,
    *,
    made: ApiToken | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    rows = list(all_tokens(actor))
    draft = draft or Draft({"days": "365"})
    chosen = str(draft.values.get("member", ""))
    people = Member.objects.filter(left_on__isnull=True).select_related("department")
    context = {
        "applications": [row for row in rows if row.is_application],
        "personal": [row for row in rows if not row.is_application],
        "made": made,
        "secret": secret,
        "may_create": actor.observer_id is None,
        "overall": draft.overall,
        "fields": [
            draft.field(
                "name", _("Program"), required=True, hint=_("What people will know it by: ERP, website.")
            ),
            draft.field(
                "member",
                _("Acts as"),
                kind="select",
                required=True,
                options=[
                    Option(value="", label=_("Choose a person")),
                    *(
                        Option(value=str(one.id), label=_named(one), selected=str(one.id) == chosen)
                        for one in people.order_by("name_sort", "id")
                    ),
                ],
                hint=_("A person without a sign-in, added for the program, keeps its work apart from yours."),
            ),
            _lifetime(draft),
        ],
        "areas": _area_fields(draft),
        "areas_errors": draft.errors.get("scopes", ()),
        "docs_url": reverse("api_docs"),
        "tabs": settings_tabs(actor, _ALL),
        "active": "settings",
    }
    return render(request, "api/access.html", context, status=status)


def _named(member: Member) -> str:
    return f"{member.name} · {member.department.name}" if member.department else member.name


def _lifetime(draft: Draft) -> Field:
    chosen = draft.values.get("days", "")
    options = [
        Option(
            value=str(days),
            label=ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
            selected=str(days) == chosen,
        )
        for days in LIFETIMES
    ]
    options.append(Option(value="", label=_("Until revoked"), selected=chosen == ""))
    return draft.field("days", _("Valid for"), kind="select", options=options)


def _area_fields(draft: Draft) -> Sequence[Field]:
    found = []
    for area in scopes.areas():
        name = _AREA + area.key
        chosen = draft.values.get(name, "")
        options = [
            Option(value=value, label=label, selected=value == chosen)
            for value, label in (
                ("", pgettext("scope", "Nothing")),
                (scopes.READ, pgettext("scope", "Read")),
                (scopes.WRITE, pgettext("scope", "Read and change")),
            )
        ]
        found.append(draft.field(name, area.label, kind="select", options=options))
    return found


def _areas_of(request: HttpRequest) -> list[str]:
    """The scopes that were chosen, field by field."""
    return [
        f"{name.removeprefix(_AREA)}:{value}"
        for name, value in request.POST.items()
        if name.startswith(_AREA) and value
    ]


def _days_of(request: HttpRequest) -> int | None:
    text = request.POST.get("days", "")
    return (whole_number(text) or 0) if text else None


def _facts(token: ApiToken) -> list[tuple[str, Any]]:
    return [(str(area.label), way) for area, way in _ways(token)]


def _ways(token: ApiToken) -> list[tuple[scopes.Area, str]]:
    given = scopes.read(token.scopes) or frozenset()
    words = {scopes.WRITE: pgettext("scope", "Read and change"), scopes.READ: pgettext("scope", "Read")}
    return [
        (area, words[way])
        for area in scopes.areas()
        for way in (scopes.WRITE, scopes.READ)
        if f"{area.key}:{way}" in given
    ]
