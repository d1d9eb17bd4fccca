from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CatalogConfig(AppConfig):
    name = "guanxi.catalog"
    label = "catalog"
    verbose_name = _("Catalog")

    def ready(self) -> None:
        from guanxi.catalog import api, moving, resources  # noqa: F401  registers the declarations
        from guanxi.catalog.pages import lookup
        from guanxi.catalog.pages.grid import GRID_BUTTON
        from guanxi.catalog.services.defaults import make_rates
        from guanxi.catalog.services.prices import rates_restored
        from guanxi.foundation.ledger.undo import on_restored
        from guanxi.foundation.permissions.beginnings import begins_with
        from guanxi.foundation.permissions.settings_index import register_page
        from guanxi.resource.contributions import contribute
        from guanxi.resource.registry import find
        from guanxi.screens.lists import list_tool

        on_restored(rates_restored)
        api.register()
        moving.register()
        begins_with("catalog.tax_rates", make_rates)
        list_tool(lookup.tool)
        list_tool(lookup.books_tool)
        contribute("price_books", buttons=(GRID_BUTTON,))
        pages = (
            ("product_lines", _("Families of products, by which pipelines and price lists go")),
            ("price_books", _("What products cost, for whom, in which currency")),
            ("tax_rates", _("Value-added tax at its rates, each from the day it holds")),
            ("exchange_rates", _("What other currencies are worth in ours, day by day")),
            ("warehouses", _("Where goods lie, and what was last told of them")),
        )
        for position, (key, note) in enumerate(pages):
            resource = find(key)
            register_page(
                f"{key}:list",
                resource.label_plural,
                note,
                codes=(resource.permission("edit"),),
                group=pgettext_lazy("settings", "Products and prices"),
                icon=resource.icon,
                position=60 + position,
            )
