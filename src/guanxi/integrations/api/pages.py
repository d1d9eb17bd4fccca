"""One's own tokens, and the documentation of the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.design.shapes import Option
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.integrations.api import reading
from guanxi.integrations.api.tokens import (
    CREATE,
    LIFETIMES,
    create_token,
    limits_for,
    revoke_token,
    tokens_of,
)
from guanxi.integrations.models import ApiToken
from guanxi.kernel.errors import Invalid, Refused


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """The living tokens of whoever looks."""
    return _page(request)


@never_cache
@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, this once."""
    actor = actor_of(request)
    days = request.POST.get("days", "")
    draft = Draft(request.POST)
    try:
        token, secret = create_token(
            actor,
            name=request.POST.get("name", ""),
            may_write=request.POST.get("may_write") == "1",
            days=int(days) if days.isdecimal() and len(days) < 6 else None,
            codes=request.POST.getlist("codes"),
        )
    except (Invalid, Refused) as error:
        draft.blame(error)
        return _page(request, draft, status=422)
    return _page(request, made=token, secret=secret)


@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own tokens. Raises NotFound for anybody else's."""
    token = revoke_token(actor_of(request), token_id)
    tell(request, _("“%(name)s” does not open anything any more.") % {"name": token.name})
    return redirect("api_tokens")


def _page(
    request: HttpRequest,
    draft: Draft | None = None,
    *,
    made: ApiToken | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    draft = draft or Draft({"days": "90"})
    chosen = draft.values.get("days", "90")
    lifetimes = [
        Option(
            value=str(days),
            label=ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
            selected=str(days) == chosen,
        )
        for days in LIFETIMES
    ]
    lifetimes.append(Option(value="", label=_("Until revoked"), selected=chosen == ""))
    may = [
        Option(value="", label=_("Read only"), selected=draft.values.get("may_write") != "1"),
        Option(value="1", label=_("Read and change"), selected=draft.values.get("may_write") == "1"),
    ]
    picked = set(request.POST.getlist("codes")) if draft.errors or draft.overall else set()
    limits = [
        Option(value=code.key, label=f"{code.group} · {code.label}", selected=code.key in picked)
        for code in limits_for(actor)
    ]
    context = {
        "tokens": tokens_of(actor),
        "made": made,
        "secret": secret,
        "may_create": actor.may(CREATE) and actor.observer_id is None,
        "overall": draft.overall,
        "fields": [
            draft.field("name", _("What it is for"), required=True, hint=_("The program that will use it.")),
            draft.field("may_write", _("It may"), kind="select", options=may),
            draft.field("days", _("Valid for"), kind="select", options=lifetimes),
        ],
        "limits": draft.field(
            "codes", _("Only these rights"), kind="choices", options=limits, wide=True,
            hint=_("None chosen: all that you may do yourself, no more."),
        ),
        "docs_url": reverse("api_docs"),
    }  # fmt: skip
    return render(request, "api/tokens.html", context, status=status)


def documentation(request: HttpRequest, document: dict[str, Any]) -> HttpResponse:
    """The API for people: every operation, what it takes, what it answers, and every kind of problem."""
    context = {
        "groups": reading.groups(document),
        "problems": reading.problems(),
        "document_url": reverse("api_document"),
        "tokens_url": reverse("api_tokens"),
        "base": request.build_absolute_uri("/api/v1"),
    }
    return render(request, "api/docs.html", context)
