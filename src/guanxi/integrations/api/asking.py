"""What a list is asked for: the parameters of its address, and of the saved view that it may name."""

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.resource import listing, viewing
from guanxi.resource.declaration import Resource


def asked(request: HttpRequest, actor: Actor, resource: type[Resource]) -> tuple[QueryDict, int]:
    """The parameters of the request above those of the view it names, each of which gives way to one of its name.

    The view's columns become `fields`. The number is how much of the view is not there any more, or not for this
    actor, and left out. Raises Invalid for a view that is not the actor's to open: whether there is one is not told.
    """
    query = request.GET.copy()
    view_id = parameters.uuid(query, "view")
    query.pop("view", None)
    if view_id is None:
        return query, 0
    named = QueryDict(mutable=True)
    named["view"] = str(view_id)
    try:
        opened = viewing.opened(actor, resource, named)
    except NotFound as error:
        raise Invalid({"view": [Message("unknown_view", _("There is no such view."))]}) from error
    wanted = listing.read(actor, resource, opened.query, forgiving=True)
    held = {
        "q": wanted.text,
        "sort": wanted.sort_text if opened.query.get("sort") else "",
        "fields": ",".join(wanted.chosen),
    }
    found = QueryDict(viewing.refiltered(QueryDict(), wanted.filter), mutable=True)
    found.update({key: value for key, value in held.items() if value})
    for key, values in query.lists():
        found.setlist(key, values)
    return found, wanted.gone
