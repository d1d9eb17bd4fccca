"""Administration of own fields."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guanxi.foundation.permissions.web import actor_of
from guanxi.tailoring.services.fields import MANAGE, tailorable


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The resources that can have fields of one's own."""
    actor_of(request).require(MANAGE)
    return render(request, "tailoring/index.html", {"resources": tailorable()})
