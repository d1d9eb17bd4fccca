"""Choosing the company that is open, and seeing as another person of it."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.accounts.queries import memberships
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services.integrity import may_see_as
from guanxi.kernel.errors import NotFound, Refused
from guanxi.project.middleware import COMPANY, COMPANY_COOKIE
from guanxi.project.observing import CODE, SEEN


@require_POST
def switch(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Open another company of one's own. Raises NotFound for any other."""
    account = cast("Account", request.user)
    for one in memberships(account.id):
        if one.tenant_id == tenant_id:
            request.session[COMPANY] = [str(one.tenant_id), str(one.member_id)]
            request.session.pop(SEEN, None)
            response = redirect("/")
            response.set_cookie(
                COMPANY_COOKIE,
                str(tenant_id),
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                httponly=True,
                secure=settings.SECURE,
            )
            return response
    raise NotFound("company_not_found", {})


@require_POST
def see_as(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """See the product as this member does; the ledger keeps it. Raises Forbidden, NotFound, Refused."""
    actor = cast("Actor", cast("Any", request).actor)
    actor.require(CODE)
    member = Member.objects.filter(id=member_id, left_on__isnull=True).first()
    if member is None:
        raise NotFound("member_not_found", {})
    if not may_see_as(actor, member_id):
        raise Refused("may_not_observe", _("You can only see as somebody who has no rights beyond your own."))
    with operation(actor, CODE, record_id=member.id, label=member.name):
        request.session[SEEN] = str(member.id)
    return redirect("/")


@require_POST
def stop_seeing(request: HttpRequest) -> HttpResponse:
    """Back to one's own eyes."""
    request.session.pop(SEEN, None)
    return redirect("/")


stop_seeing.while_observing = True  # type: ignore[attr-defined]
