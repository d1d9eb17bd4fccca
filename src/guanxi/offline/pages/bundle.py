"""The one operation that gives a phone what it reads without network."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from guanxi.foundation.permissions.web import actor_of, whose
from guanxi.kernel.distances import Point
from guanxi.kernel.errors import Forbidden
from guanxi.offline.queries.bundle import bundle

_MILLION = 1_000_000


@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """Customers of the week and those around `at` (degrees, "39.9087,116.3975"), as JSON. Who signed in meanwhile as
    somebody else is told to sign in (`Gx-Who`): what was kept then goes.

    Raises Forbidden to whoever looks through somebody's eyes: what that one may read stays off this device.
    """
    actor = actor_of(request)
    if actor.observer_id is not None:
        raise Forbidden
    if request.headers.get("Gx-Who", whose(actor)) != whose(actor):
        return HttpResponse(status=401)
    found = bundle(actor, _place(request.GET.get("at", "")))
    answer = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _place(text: str) -> Point | None:
    """A position out of an address; None for what is none."""
    north, _comma, east = text[:40].partition(",")
    try:
        latitude, longitude = float(north), float(east)
    except ValueError:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Point(round(latitude * _MILLION), round(longitude * _MILLION))
