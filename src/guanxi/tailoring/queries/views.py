"""Which saved views there are for somebody, and what the address of a list means to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment
from guanxi.kernel.errors import NotFound
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find_by_key
from guanxi.resource.viewing import ALL, Opened, ready_tabs, same
from guanxi.tailoring.models import RoleStart, SavedView, ViewChoice, ViewShare

CREATE, SHARE, MANAGE = "tailoring.view.create", "tailoring.view.share", "tailoring.view.manage"
# What of an address says nothing of the list itself.
_BESIDE = ("view", "from", "after", "shown", "part", "lang")
# A look alone is one press away.
_NOT_WORTH = (*_BESIDE, "look")


def me(actor: Actor) -> UUID:
    """The member who acts; an id that no row has for the system, which has no views."""
    return actor.member_id or UUID(int=0)


def shared_with(actor: Actor) -> Q:
    """The condition of views that others share with the actor."""
    roles = Assignment.objects.filter(member_id=me(actor)).values("role_id")
    shares = ViewShare.objects.filter(view_id=OuterRef("pk")).filter(
        Q(member_id=me(actor)) | Q(role_id__in=roles)
    )
    return Q(everyone=True) | Q(Exists(shares))


def usable(actor: Actor, resource: type[Resource]) -> QuerySet[SavedView]:
    """The views the actor may open: his own and those shared with him, also by somebody who has left."""
    return SavedView.objects.filter(resource=resource.key).filter(Q(owner_id=me(actor)) | shared_with(actor))


def known(actor: Actor) -> QuerySet[SavedView]:
    """The views the actor may know of: with `tailoring.view.manage` also what others share, and all views of people
    who have left."""
    found = Q(owner_id=me(actor)) | shared_with(actor)
    if actor.may(MANAGE):
        shares = ViewShare.objects.filter(view_id=OuterRef("pk"))
        found |= Q(owner__left_on__isnull=False) | Q(Exists(shares))
    return SavedView.objects.filter(found).select_related("owner")


def get(actor: Actor, view_id: UUID, *, lock: bool = False) -> SavedView:
    """One view the actor may know of. Raises NotFound."""
    rows = known(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=view_id).first()
    if found is None:
        raise NotFound("view_not_found")
    resource_of(actor, found.resource)
    return found


def resource_of(actor: Actor, key: str) -> type[Resource]:
    """The resource of a view. Raises NotFound where it is not there or its list not for the actor."""
    resource = find_by_key(key)
    if resource is None or not actor.may(resource.permission("view")):
        raise NotFound("view_not_found")
    return resource


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whether the view is the actor's own, or one that is not private, for whoever manages views."""
    if actor.observer_id is not None:
        return False
    return (actor.may(CREATE) and view.owner_id == actor.member_id) or actor.may(MANAGE)


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody chose for a list, or his role: the view it opens with ("" for all), and the order of its tabs."""

    view: str
    order: Sequence[str] = ()


def start_of(actor: Actor, resource: type[Resource]) -> Start:
    """One's own choice, else what a role opens with; of several roles the one that stands first."""
    choice = ViewChoice.objects.filter(resource=resource.key, member_id=me(actor)).first()
    order = choice.order if choice else ()
    if choice and choice.start:
        return Start("" if choice.start == ALL else choice.start, order)
    held = Assignment.objects.filter(member_id=me(actor)).values("role_id")
    starts = RoleStart.objects.filter(resource=resource.key, role_id__in=held)
    first = starts.order_by("role__position", "role__name", "id").values_list("view_id", flat=True).first()
    return Start(str(first or ""), order)


def in_order(views: Sequence[SavedView], order: Sequence[str]) -> list[SavedView]:
    """Views as somebody ordered them; those he has not placed follow by name."""
    places = {view_id: place for place, view_id in enumerate(order)}
    return sorted(views, key=lambda view: (places.get(str(view.pk), len(places)), view.name, view.pk))


class Keeper:
    """What a list asks of saved views."""

    def opened(self, actor: Actor, resource: type[Resource], query: QueryDict) -> Opened:
        """The view an address asks for. Raises NotFound for one that is not the actor's to open."""
        chosen = start_of(actor, resource)
        views = in_order(list(usable(actor, resource)), chosen.order)
        by_id = {str(view.pk): view for view in views}
        asked, was = query.get("view", ""), query.get("from", "")
        start = chosen.view if chosen.view in by_id else ""
        plain = query.copy()
        plain.pop("view", None)
        plain.pop("from", None)
        if asked and asked != ALL and asked not in by_id:
            raise NotFound("view_not_found")
        if not asked and not was and start and not any(key not in _BESIDE for key in query):
            asked = start
        current = by_id.get(asked if asked != ALL else "") or by_id.get(was)
        if current is None:
            tabs = ready_tabs(actor, resource, plain, start=start)
            return self._opened(actor, resource, plain, None, [*tabs, *self._tabs(resource, views, None)])
        held = QueryDict(current.query, mutable=True)
        if asked:
            plain = held.copy()
            for key in ("after", "shown"):
                if query.get(key):
                    plain[key] = query.get(key, "")
        changed = not same(plain, held)
        plain["from"] = str(current.pk)
        tabs = ready_tabs(actor, resource, plain, plain=False, start=start)
        tabs += self._tabs(resource, views, current)
        return self._opened(actor, resource, plain, current, tabs, changed=changed)

    def _tabs(
        self, resource: type[Resource], views: Sequence[SavedView], current: SavedView | None
    ) -> list[Tab]:
        return [
            Tab(label=view.name, url=f"{resource.url()}?view={view.pk}", current=view is current)
            for view in views
        ]

    def _opened(
        self,
        actor: Actor,
        resource: type[Resource],
        query: QueryDict,
        view: SavedView | None,
        tabs: Sequence[Tab],
        *,
        changed: bool = False,
    ) -> Opened:
        return Opened(
            query,
            tabs=tabs,
            saved=view is not None,
            template="tailoring/view_bar.html",
            context={
                "resource": resource.key,
                "view": view,
                "changed": changed,
                "may_save": view is not None and may_change(actor, view),
                "may_share": actor.may(SHARE),
                "may_create": actor.may(CREATE),
                "discard_url": f"{resource.url()}?view={view.pk}" if view else "",
                # Whether there is anything to save: everything in the usual order is a view already.
                "worth": changed or (view is None and any(key not in _NOT_WORTH for key in query)),
            },
        )
