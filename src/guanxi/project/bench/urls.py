"""The product's addresses and two views that do nothing: outside the sign-in, and behind it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from guanxi.project.urls import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from guanxi.project.urls import (
    urlpatterns as product,
)

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """What the stack costs by itself."""
    return HttpResponse("ok")


def empty_inside(request: HttpRequest) -> HttpResponse:
    """What it costs to know who asks: session, account, company, rights."""
    return HttpResponse("ok")


urlpatterns = [path("bench/empty/", empty), path("bench/inside/", empty_inside), *product]
