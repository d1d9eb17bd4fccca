"""Draws pieces of template for the tests."""

from typing import Any

from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from guanxi.foundation.design import samples
from guanxi.foundation.design.frame import Company, Frame, Language, NavGroup, NavItem
from guanxi.foundation.design.shapes import MenuItem, Toast


def draw(source: str, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return Template("{% load gx %}" + source).render(Context(context))


def frame(**changes: Any) -> Frame:
    whole: dict[str, Any] = {
        "company_name": "恒捷包装",
        "home_url": "/",
        "user_name": "林晓雯",
        "nav": (
            NavGroup(
                items=(NavItem(key="a", label="Customers", icon="building-skyscraper", url="/a/", count=3),)
            ),
        ),
        "tabs": (NavItem(key="a", label="Customers", icon="building-skyscraper", url="/a/"),),
        "create": (MenuItem(label="Customer", url="/new/"),),
        "user_menu": (MenuItem(label="Account", url="/me/"),),
        "search_url": "/search/",
        "notices_url": "/notices/",
        "unread": 3,
        "companies": (Company(name="A", url="/c/1/", current=True), Company(name="B", url="/c/2/")),
        "languages": (Language(code="en", name="English", current=True),),
        "language_url": "/language/",
        "theme_url": "/theme/",
        "sign_out_url": "/out/",
        "toasts": (Toast(text="Saved", undo_url="/undo/"),),
    }
    return Frame(**(whole | changes))


def sheet(language: str = "en", **changes: Any) -> str:
    with translation.override(language):
        return render_to_string("gx/sheet.html", {**samples.sheet(), "frame": frame(), **changes})
