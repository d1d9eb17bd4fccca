"""Export of a list through the API: what it shows, as a file that is sent while it is read."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_noop
from ninja import Router

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters, receiving
from guanxi.integrations.api.asking import asked
from guanxi.integrations.api.describing import Describer, query_parameter
from guanxi.integrations.api.records import names_of, unknown_field
from guanxi.integrations.exports.formats import formats_of
from guanxi.integrations.exports.streaming import stream
from guanxi.resource import listing
from guanxi.resource.declaration import Resource


def add_export(router: Router, resource: type[Resource]) -> None:
    """The operation that exports a resource's list."""
    keys = sorted(formats_of(resource))
    offered = [
        query_parameter(
            "format", {"type": "string", "enum": keys, "default": "csv"}, gettext_noop("Which file")
        ),
        query_parameter("fields", {"type": "string"}, gettext_noop("Only these fields, joined by commas")),
    ]

    def export(request: HttpRequest) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        actor.require(resource.permission("export"))
        query, _left_out = asked(request, actor, resource)
        kind = parameters.choice(query, "format", keys) or "csv"
        names = names_of(parameters.taken(query, "fields"))
        shown = {one.name for one in listing.showable(actor, resource)}
        for name in names:
            if name not in shown:
                raise unknown_field("fields", name)
        if names:
            query["columns"] = ",".join(names)
        return stream(actor, resource, query, formats_of(resource)[kind], door="api")

    router.get("/export", **Describer(resource)("export", None, parameters=offered))(export)
    receiving.sends_bytes(f"{resource.key}_export")
