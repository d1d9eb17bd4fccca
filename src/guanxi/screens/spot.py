"""Creating a record on the spot: a small form over the one where it was missing, which then refers to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import clean_text
from guanxi.resource import access, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.guards import codes_of
from guanxi.screens.drawing import show_for
from guanxi.screens.forms import drawn_duplicates, may_confirm, posted
from guanxi.screens.replies import toast


@require_http_methods(["GET", "POST"])
def spot(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The title (`text` is what was searched for) and what else must be filled in; the answer names the record."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("create"))
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return HttpResponseRedirect(resource.url("new"))
    writable = {kind.name: kind for kind in access.writable(actor, resource)}
    asked = [kind for kind in writable.values() if kind.required or kind.name == resource.title]
    usual = resource.defaults | writing.Cleaner(actor, resource).usual(())
    values: dict[str, Any] = {name: value for name, value in usual.items() if name in writable}
    if resource.owner in writable:
        values[resource.owner] = actor.member_id
    if resource.title in writable:
        values[resource.title] = clean_text(request.GET.get("text", ""))[:200]
    messages: dict[str, list[str]] = {}
    overall: list[str] = []
    found: Any = ()
    warned = ""
    status = 200
    if request.method == "POST":
        values |= posted(actor, resource, request.POST)
        try:
            record = resource.create(
                actor, data=values, allow_duplicate=request.POST.get("allow_duplicate") == "1"
            )
        except Invalid as error:
            messages = {name: [str(text) for text in said] for name, said in error.fields.items()}
            elsewhere = [name for name in messages if name not in {kind.name for kind in asked}]
            overall = [*map(str, error.messages), *(text for name in elsewhere for text in messages[name])]
            status = 422
        except Refused as error:
            overall, found, status = [str(error.reason)], error.params.get("duplicates", ()), 409
            warned = codes_of(error)
        else:
            said = gettext("“%(name)s” created") % {"name": record}
            return toast(render(request, "screens/made.html", {"record": record}, status=201), said)
    show = show_for(request)
    context = {
        "fields": [
            kind.editor(values.get(kind.name), show, errors=messages.get(kind.name, ())) for kind in asked
        ],
        "overall": overall,
        "warned": warned,
        "action": resource.url("spot"),
        "duplicates": drawn_duplicates(actor, resource, found, show),
        "duplicates_url": resource.url("duplicates") + "?use=1",
        "may_confirm": may_confirm(found),
        **resource.words(),
    }
    return render(request, "screens/spot.html", context, status=status)
