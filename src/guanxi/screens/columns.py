"""Which columns a list shows, in which order, how wide, how closely set."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import listing
from guanxi.resource.declaration import Resource
from guanxi.resource.viewing import NARROWEST, WIDEST, is_compact, lasting, widths
from guanxi.screens.filtering import popover, shown_anew


@require_GET
def columns_editor(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The popover of columns; submitted to itself (`__apply`), it answers with the list's new address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    asked = request.GET
    if "__apply" in asked:
        return shown_anew(request, f"{resource.url()}?{_applied(actor, resource, asked)}")
    wanted = listing.read(actor, resource, asked, forgiving=True)
    now, sizes = wanted.columns, widths(asked)
    kinds = {kind.name: kind for kind in listing.showable(actor, resource)}
    lines = [
        {"name": name, "label": kinds[name].label, "shown": name in now, "width": sizes.get(name, "")}
        for name in (*now, *(name for name in kinds if name not in now))
    ]
    context = {
        "title": lines[0],
        "lines": lines[1:],
        "compact": is_compact(asked),
        "chosen": bool(wanted.chosen or sizes or is_compact(asked)),
        "usual_url": f"{resource.url()}?{lasting(asked, columns='', widths='', density='') or 'view=all'}",
        "keep": [(key, value) for key in asked if key not in _OURS for value in asked.getlist(key)],
        "action": resource.url("columns_editor"),
        "narrowest": NARROWEST,
        "widest": WIDEST,
    }
    return popover(request, "screens/columns_editor.html", context | {"resource": resource})


_OURS = ("columns", "widths", "density", "after", "shown", "page", "part")


def _applied(actor: Actor, resource: type[Resource], asked: QueryDict) -> str:
    """The list's query string with what was chosen; what is as usual is not said."""
    known = [kind.name for kind in listing.showable(actor, resource)]
    names = [name for name in dict.fromkeys((resource.title, *asked.getlist("__columns"))) if name in known]
    usual = [name for name in resource.usual_columns() if name in known]
    sizes = QueryDict(mutable=True)
    sizes["widths"] = ",".join(f"{name}:{asked.get(f'__w_{name}', '')}" for name in names)
    kept = {name: size for name, size in widths(sizes).items() if name in names}
    return (
        lasting(
            asked,
            columns="" if names == usual else ",".join(names),
            widths=",".join(f"{name}:{size}" for name, size in kept.items()),
            density="compact" if asked.get("__density") == "compact" else "",
        )
        or "view=all"
    )
