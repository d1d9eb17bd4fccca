"""What parts of bundles, and options of machines, look like on every door."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.catalog.choices import SEE_COST
from guanxi.catalog.models import BundlePart, Option, OptionGroup
from guanxi.catalog.queries.matching import by_links
from guanxi.catalog.services import parts as services
from guanxi.kinds import Bounded, DateTime, Quantity, Text, UnitPrice, YesNo
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import register
from guanxi.resource.related import Related

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_POSITION = Sort("position", pgettext_lazy("option", "position"), ("position", "name", "id"))


@register
class BundleParts(Resource):
    key, code, model = "bundle_parts", "catalog.part", BundlePart
    icon = "packages"
    label = _("part of a bundle")
    label_plural = _("Parts of bundles")
    title = "remark"
    asks = "catalog.product"
    kinds = (
        RecordLink(name="bundle", to="products", required=True),
        RecordLink(name="product", to="products", required=True),
        Quantity(name="quantity", required=True, unit_of="product.unit"),
        Text(name="remark", minor=True),
        _CHANGED,
    )
    columns = ("bundle", "product", "quantity", "remark")
    phone = {"product": "title", "bundle": "meta", "quantity": "end"}
    filters = ("bundle", "product", "updated_at")
    sorts = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
    form = (Section(_("Part of a bundle"), ("bundle", "product", "quantity", "remark")),)
    bulk_fields = ("remark", "quantity")
    defaults = {"quantity": "1"}
    counted = ngettext_lazy("%(shown)s part", "%(shown)s parts", "n")
    matching = by_links("bundle_parts", ("bundle_id", "product_id"), text="remark")
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.parts

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Parts of bundles"),
            "new_title": _("New part of a bundle"),
            "empty_title": _("No parts yet"),
            "empty_text": _("What a bundle is made of, and how much of each."),
        }


@register
class OptionGroups(Resource):
    key, code, model = "option_groups", "catalog.option_group", OptionGroup
    icon = "stack-2"
    label = _("option group")
    label_plural = _("Option groups")
    asks = "catalog.product"
    kinds = (
        Text(name="name", required=True),
        RecordLink(name="product", to="products", required=True),
        YesNo(name="required"),
        YesNo(name="several"),
        Bounded(name="position", least=-100_000, most=100_000, minor=True),
        _CHANGED,
    )
    columns = ("name", "product", "required", "several", "position")
    phone = {"name": "title", "product": "meta"}
    filters = ("product",)
    sorts = (_POSITION,)
    form = (Section(_("Option group"), ("product", "name", "required", "several", "position")),)
    bulk_fields = ("position", "required", "several")
    defaults = {"position": "0"}
    counted = ngettext_lazy("%(shown)s option group", "%(shown)s option groups", "n")
    panels = (
        Related(
            title=_("Options"),
            to="options",
            by="group",
            sub=("product", "excludes"),
            end="price",
            empty=_("What can be chosen."),
        ),
    )
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.groups

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Option groups"),
            "new_title": _("New option group"),
            "empty_title": _("No option groups yet"),
            "empty_text": _("What is to be chosen of a machine: voltage, size of the box, printer."),
        }


@register
class Options(Resource):
    key, code, model = "options", "catalog.option", Option
    icon = "puzzle"
    label = _("option")
    label_plural = _("Options")
    asks = "catalog.product"
    kinds = (
        Text(name="name", required=True),
        RecordLink(name="group", to="option_groups", required=True),
        RecordLink(name="product", to="products", minor=True),
        UnitPrice(name="price", required=True),
        UnitPrice(name="cost", code=SEE_COST, minor=True),
        RecordLink(name="excludes", to="options", minor=True),
        RecordLink(name="needs", to="options", minor=True),
        Bounded(name="position", least=-100_000, most=100_000, minor=True),
        _CHANGED,
    )
    columns = ("name", "group", "price", "product", "excludes", "needs", "position")
    phone = {"name": "title", "group": "meta", "price": "end"}
    filters = ("group",)
    sorts = (_POSITION,)
    form = (
        Section(_("Option"), ("group", "name", "price", "cost", "product", "excludes", "needs", "position")),
    )
    bulk_fields = ("position", "price")
    defaults = {"price": "0", "position": "0"}
    counted = ngettext_lazy("%(shown)s option", "%(shown)s options", "n")
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.options

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Options"),
            "new_title": _("New option"),
            "empty_title": _("No options yet"),
            "empty_text": _(
                "What can be chosen of machines, what it adds to the price, and what it excludes."
            ),
        }
