"""Saved views: saving the list one looks at, whom a view is shared with, which one opens by itself, their order."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.commands import Asked, Command, in_each_language
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of, version_of
from guanxi.kernel.errors import GuanxiError, Invalid, Refused, Stale
from guanxi.kernel.text import clean_text
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find_by_key
from guanxi.resource.viewing import ALL
from guanxi.tailoring.models import RoleStart, SavedView, ViewChoice, ViewShare
from guanxi.tailoring.queries import views as queries
from guanxi.tailoring.services import views as services
from guanxi.tailoring.services.views import Sharing


def _list_url(resource: type[Resource], view: SavedView) -> str:
    return f"{resource.url()}?view={view.pk}"


def save_command(asked: Asked) -> Iterator[Command]:
    """Saving the list the palette was opened on, where the list offers it."""
    resource = find_by_key(asked.listed) if asked.listed else None
    actor = actor_of(asked.request)
    if resource is None or not actor.may(queries.CREATE) or not actor.may(resource.permission("view")):
        return
    group = str(resource.label_plural)
    for text, press in (
        (gettext_lazy("Save this view"), "[data-gx-view-save]"),
        (gettext_lazy("Save as a view"), "[data-gx-view-new]"),
    ):
        words = (*in_each_language(text), *in_each_language(gettext_lazy("Save this view")))
        yield Command(label=str(text), icon="bookmark", press=press, words=words, group=group)


@require_http_methods(["GET", "POST"])
def view_new(request: HttpRequest) -> HttpResponse:
    """Save the list one looks at under a name."""
    actor = actor_of(request)
    actor.require(queries.CREATE)
    given = request.POST if request.method == "POST" else request.GET
    resource = queries.resource_of(actor, given.get("resource", ""))
    draft = Draft({"name": clean_text(given.get("name", ""))})
    if request.method == "POST":
        try:
            view = services.create_view(
                actor, resource=resource.key, name=given.get("name", ""), query=given.get("query", "")
            )
        except (Invalid, Refused) as error:
            draft.blame(error)
        else:
            tell(request, gettext("View “%(name)s” saved") % {"name": view.name}, undo=last_operation_id())
            return HttpResponseRedirect(_list_url(resource, view))
    wrong = bool(draft.errors or draft.overall)
    context = {
        "active": resource.key,
        "resource": resource,
        "query": given.get("query", ""),
        "name": draft.field("name", gettext("Name of the view"), required=True, maxlength=60, autofocus=True),
        "overall": draft.overall,
        "back": f"{resource.url()}?{given.get('query', '')}",
    }
    return render(request, "tailoring/view_new.html", context, status=422 if wrong else 200)


@require_POST
def view_save(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Put the list one looks at into the view it came from."""
    actor = actor_of(request)
    view = services.change_view(actor, view_id, query=request.POST.get("query", ""))
    tell(request, gettext("View “%(name)s” changed") % {"name": view.name}, undo=last_operation_id())
    return HttpResponseRedirect(_list_url(queries.resource_of(actor, view.resource), view))


@require_http_methods(["GET", "POST"])
def view_page(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """A view's settings. Whoever it is only shared with may let his own list begin with it."""
    actor = actor_of(request)
    view = queries.get(actor, view_id)
    resource = queries.resource_of(actor, view.resource)
    draft, wrong, version = Draft({"name": view.name}), False, view.version
    if request.method == "POST":
        draft = Draft({"name": request.POST.get("name", "")})
        try:
            _arrange(actor, view, request.POST, version_of(request))
        except (Invalid, Refused) as error:
            draft.blame(error)
            wrong = True
        except Stale:
            draft.overall = (
                gettext("Somebody changed this view meanwhile. Saving again puts yours in its place."),
            )
            view, wrong = queries.get(actor, view_id), True
            version = view.version
        else:
            tell(request, gettext("View “%(name)s” changed") % {"name": view.name}, undo=last_operation_id())
            return HttpResponseRedirect(_list_url(resource, view))
    context = _settings(actor, resource, view, draft) | {"version": version}
    return render(request, "tailoring/view.html", context, status=422 if wrong else 200)


def _arrange(actor: Actor, view: SavedView, given: QueryDict, version: int | None) -> None:
    may_change = queries.may_change(actor, view)
    sharing = None
    if may_change and actor.may(queries.SHARE) and "who" in given:
        some = given["who"] == "some"
        people = [*given.getlist("people")] if some else []
        roles = [*given.getlist("roles")] if some else []
        sharing = Sharing(
            everyone=given["who"] == "everyone",
            members=[one for text in people if (one := uuid_of(text))],
            roles=[one for text in roles if (one := uuid_of(text))],
        )
    starts = [one for text in given.getlist("start_roles") if (one := uuid_of(text))]
    services.arrange_view(
        actor,
        view.pk,
        name=given.get("name", "") if may_change else None,
        sharing=sharing,
        start_roles=starts if actor.may(queries.MANAGE) and "starts" in given else None,
        start=given.get("start") == "1",
        expected_version=version,
    )


def _settings(actor: Actor, resource: type[Resource], view: SavedView, draft: Draft) -> dict[str, Any]:
    shares = list(ViewShare.objects.filter(view=view).select_related("member"))
    starts = set(RoleStart.objects.filter(view=view).values_list("role_id", flat=True))
    roles = list(Role.objects.order_by("position", "name"))
    people = [
        Option(value=str(one.member_id), label=one.member.name, selected=True) for one in shares if one.member
    ]
    shared_roles = {one.role_id for one in shares if one.role_id}
    choice = ViewChoice.objects.filter(resource=view.resource, member_id=queries.me(actor)).first()
    may_change = queries.may_change(actor, view)
    return {
        "active": resource.key,
        "resource": resource,
        "view": view,
        "overall": draft.overall,
        "may_change": may_change,
        "may_share": may_change and actor.may(queries.SHARE),
        "may_manage": actor.may(queries.MANAGE),
        "may_take": actor.may(queries.MANAGE) and view.owner_id != actor.member_id,
        "mine": view.owner_id == actor.member_id,
        "who": "everyone" if view.everyone else "some" if shares else "nobody",
        "name": draft.field("name", gettext("Name of the view"), required=True, maxlength=60),
        "people": Field(
            name="people",
            label=gettext("People"),
            kind="picker",
            multiple=True,
            options=people,
            url=reverse("view_people"),
            placeholder=gettext("Type to search"),
        ),
        "roles": [(one.pk, one.shown_name, one.pk in shared_roles) for one in roles],
        "start_roles": [(one.pk, one.shown_name, one.pk in starts) for one in roles],
        "starts_mine": bool(choice and choice.start == str(view.pk)),
        "back": _list_url(resource, view),
    }


@require_GET
def view_people(request: HttpRequest) -> HttpResponse:
    """The people a view can be shared with, as a picker's answer."""
    actor = actor_of(request)
    actor.require(queries.SHARE)
    text = clean_text(request.GET.get("q", ""))[:100]
    rows = Member.objects.filter(left_on__isnull=True).select_related("department")
    found = rows.filter(name__icontains=text) | rows.filter(name_sort__istartswith=text)
    options = [
        Option(value=str(one.pk), label=one.name, sub=one.department.name if one.department else "")
        for one in found.order_by("name_sort", "pk")[:20]
    ]
    return render(request, "screens/options.html", {"options": options})


@require_POST
def view_delete(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Delete a view for everybody who has it; the toast undoes it."""
    actor = actor_of(request)
    view = queries.get(actor, view_id)
    services.delete_view(actor, view_id)
    tell(request, gettext("View “%(name)s” deleted") % {"name": view.name}, undo=last_operation_id())
    return HttpResponseRedirect(queries.resource_of(actor, view.resource).url())


@require_POST
def view_take(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Make the view of somebody who has left, or a shared one, one's own."""
    actor = actor_of(request)
    view = services.take_over(actor, view_id)
    tell(request, gettext("“%(name)s” is your view now") % {"name": view.name}, undo=last_operation_id())
    return HttpResponseRedirect(reverse("view", args=[view.pk]))


@require_http_methods(["GET", "POST"])
def views_page(request: HttpRequest, key: str) -> HttpResponse:
    """All views of one list: their order, and what the list begins with."""
    actor = actor_of(request)
    resource = queries.resource_of(actor, key)
    chosen = queries.start_of(actor, resource)
    usable = queries.in_order(list(queries.usable(actor, resource).select_related("owner")), chosen.order)
    if request.method == "POST":
        try:
            _choose(actor, resource, usable, request.POST)
        except GuanxiError as error:
            if not isinstance(error, Invalid | Refused):
                raise
        return HttpResponseRedirect(reverse("views", args=[key]))
    ids = {view.pk for view in usable}
    others = queries.known(actor).filter(resource=key).exclude(pk__in=ids).order_by("name", "pk")
    shared = set(ViewShare.objects.filter(view__in=ids).values_list("view_id", flat=True))
    context = {
        "active": resource.key,
        "resource": resource,
        "lines": [
            {
                "view": view,
                "url": _list_url(resource, view),
                "mine": view.owner_id == actor.member_id,
                "shared": view.everyone or view.pk in shared,
                "start": chosen.view == str(view.pk),
            }
            for view in usable
        ],
        "others": list(others),
        "start_all": chosen.view not in {str(pk) for pk in ids},
        "all": ALL,
    }
    return render(request, "tailoring/views.html", context)


def _choose(actor: Actor, resource: type[Resource], usable: list[SavedView], given: QueryDict) -> None:
    """A submitted button: `start` makes a view the first, `up` and `down` move it by one."""
    if "start" in given:
        services.choose(actor, resource=resource.key, start=given.get("start") or ALL)
        return
    order = [str(view.pk) for view in usable]
    for name, by in (("up", -1), ("down", 1)):
        if (view_id := given.get(name, "")) in order:
            at = order.index(view_id)
            to = min(max(at + by, 0), len(order) - 1)
            order[at], order[to] = order[to], order[at]
            services.choose(actor, resource=resource.key, order=order)
