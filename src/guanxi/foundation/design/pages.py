"""The component sheet: every part on one page, for looking and for tests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.foundation.design import samples


def sheet(request: HttpRequest) -> HttpResponse:
    """Colours, type, marks and every component with sample values. Needs `frame` from a context processor."""
    return render(request, "gx/sheet.html", samples.sheet())
