"""Pipelines, stages and reasons for losing, on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.kinds import Bounded, Choice, Date, DateTime, YesNo
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.links import RecordLink
from guanxi.resource.reach import Everything
from guanxi.resource.registry import register
from guanxi.sales.choices import Category, StageKind
from guanxi.sales.kinds import Few, Named
from guanxi.sales.models import LostReason, Pipeline, Stage
from guanxi.sales.services import pipelines as services

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_POSITION = Bounded(name="position", most=10_000, aliases=("顺序", "序号", "order"))
_POSITIONS = Sort("position", pgettext_lazy("order", "position"), ("position", "id"))
_RIGHTS = {
    "view": dict.fromkeys(("sales_manager", "salesperson", "marketer", "service_agent", "finance"), "all"),
    "create": {"sales_manager": "all"},
    "edit": {"sales_manager": "all"},
    "delete": {"sales_manager": "all"},
    "export": {"sales_manager": "all"},
    "import": {"sales_manager": "all"},
}


@register
class Pipelines(Resource):
    key, code, model = "pipelines", "sales.pipeline", Pipeline
    stands = "settings"
    icon = "columns-3"
    label = _("pipeline")
    label_plural = _("Pipelines")
    title = "name"
    reach = Everything()

    kinds = (
        Named(name="name", required=True, aliases=("销售流程", "流程名称")),
        RecordLink(name="line", to="product_lines", aliases=("产品线", "product line")),
        _POSITION,
        Date(name="archived_on", minor=True),
        _CHANGED,
    )
    columns = ("name", "line", "position", "archived_on")
    phone = {"name": "title"}
    filters = ("position",)
    sorts = (_POSITIONS,)
    form = (Section(_("Pipeline"), ("name", "line", "position", "archived_on")),)
    defaults = {"position": "0"}
    bulk_fields = ("position",)
    rights = _RIGHTS
    counted = ngettext_lazy("%(shown)s pipeline", "%(shown)s pipelines", "n")
    acts = {
        "create": _("added a pipeline"),
        "edit": _("changed a pipeline"),
        "delete": _("deleted a pipeline"),
        "import": _("imported pipelines"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.pipelines

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "position" in values:
            values["position"] = values["position"] or 0


@register
class Stages(Resource):
    key, code, model = "stages", "sales.stage", Stage
    stands = "settings"
    icon = "list-check"
    label = _("stage")
    label_plural = _("Stages")
    title = "name"
    reach = Everything()

    kinds = (
        Few(name="pipeline", to="pipelines", required=True, aliases=("销售流程",)),
        Named(name="name", required=True, aliases=("阶段", "阶段名称")),
        _POSITION,
        Choice(name="kind", choices=StageKind, aliases=("类型", "type")),
        Bounded(name="probability", places=2, unit="%", most=100, aliases=("赢率", "概率")),
        Choice(name="category", choices=Category),
        YesNo(name="back_asks", minor=True),
        _CHANGED,
    )
    columns = ("name", "pipeline", "probability", "kind", "category", "position")
    phone = {"name": "title", "pipeline": "meta", "probability": "end"}
    filters = ("pipeline",)
    sorts = (_POSITIONS,)
    form = (
        Section(_("Stage"), ("pipeline", "name", "position", "kind", "probability", "category", "back_asks")),
    )
    defaults = {"position": "0", "kind": "open", "probability": "0", "category": "pipeline"}
    bulk_fields = ("probability", "category")
    rights = _RIGHTS
    counted = ngettext_lazy("%(shown)s stage", "%(shown)s stages", "n")
    acts = {
        "create": _("added a stage"),
        "edit": _("changed a stage"),
        "delete": _("deleted a stage"),
        "import": _("imported stages"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.stages

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        for name, usual in (("position", 0), ("probability", 0), ("kind", "open"), ("category", "pipeline")):
            if name in values:
                values[name] = values[name] or usual


@register
class LostReasons(Resource):
    key, code, model = "lost_reasons", "sales.lost_reason", LostReason
    stands = "settings"
    icon = "list-check"
    label = _("reason for losing")
    label_plural = _("Reasons for losing")
    title = "name"
    reach = Everything()

    kinds = (
        Named(name="name", required=True, aliases=("输单原因",)),
        _POSITION,
        Date(name="archived_on", minor=True),
        _CHANGED,
    )
    columns = ("name", "position", "archived_on")
    phone = {"name": "title"}
    filters = ("position",)
    sorts = (_POSITIONS,)
    form = (Section(_("Reason for losing"), ("name", "position", "archived_on")),)
    defaults = {"position": "0"}
    bulk_fields = ("position",)
    rights = _RIGHTS
    counted = ngettext_lazy("%(shown)s reason", "%(shown)s reasons", "n")
    acts = {
        "create": _("added a reason for losing"),
        "edit": _("changed a reason for losing"),
        "delete": _("deleted a reason for losing"),
        "import": _("imported reasons for losing"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.lost_reasons

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "position" in values:
            values["position"] = values["position"] or 0
