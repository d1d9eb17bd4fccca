"""What a stage asks for, plans and wants to know, on every door: evidence, steps, questions."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.activities.choices import What
from guanxi.customers.queries.hanging import RowMatching
from guanxi.kinds import Bounded, Choice, DateTime, Text
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.reach import Everything
from guanxi.resource.registry import register
from guanxi.sales.choices import HAND, GoesTo, Whose
from guanxi.sales.kinds import Few, Knowing, Named
from guanxi.sales.models import Evidence, PlanStep, Question
from guanxi.sales.services import pipelines as services

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_POSITIONS = Sort("position", pgettext_lazy("order", "position"), ("position", "id"))


def _position() -> Bounded:
    return Bounded(name="position", most=10_000, aliases=("顺序", "序号", "order"))


def _stage() -> Few:
    return Few(name="stage", to="stages", required=True, aliases=("阶段", "商机阶段"))


def _usual(values: dict[str, Any], **usual: Any) -> None:
    for name, value in usual.items():
        if name in values and values[name] in (None, ""):
            values[name] = value


@register
class EvidenceOfStages(Resource):
    key, code, model = "evidence", "sales.evidence", Evidence
    icon = "circle-check"
    label = pgettext_lazy("stage", "evidence")
    label_plural = pgettext_lazy("stage", "Evidence")
    title = "name"
    asks = "sales.pipeline"
    reach = Everything()

    kinds = (
        _stage(),
        Named(name="name", required=True, aliases=("证据", "名称")),
        Knowing(name="how"),
        _position(),
        _CHANGED,
    )
    columns = ("name", "stage", "how", "position")
    phone = {"name": "title", "stage": "meta"}
    filters = ("stage", "position")
    sorts = (_POSITIONS,)
    form = (Section(pgettext_lazy("stage", "Evidence"), ("stage", "name", "how", "position")),)
    defaults = {"position": "0", "how": HAND}
    bulk_fields = ("position",)
    counted = ngettext_lazy("%(shown)s piece of evidence", "%(shown)s pieces of evidence", "n")
    acts = {
        "create": _("added evidence to a stage"),
        "edit": _("changed the evidence of a stage"),
        "delete": _("removed evidence from a stage"),
        "import": _("imported evidence of stages"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.evidence
    matching = RowMatching("evidence", ("stage_id",), "name")

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        _usual(values, position=0, how=HAND)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": pgettext_lazy("stage", "Evidence"),
            "new_title": _("New evidence"),
            "empty_title": _("No evidence is asked for yet"),
            "empty_text": _(
                "What must be there before an opportunity enters a stage: said by hand, or counted."
            ),
        }


@register
class PlanSteps(Resource):
    key, code, model = "plan_steps", "sales.plan", PlanStep
    icon = "clipboard"
    label = _("step of a plan")
    label_plural = _("Activity plans")
    title = "subject"
    asks = "sales.pipeline"
    reach = Everything()

    kinds = (
        _stage(),
        Choice(name="kind", choices=What, required=True, aliases=("类型", "跟进方式")),
        Text(name="subject", required=True, aliases=("主题", "内容", "动作")),
        Bounded(name="days", most=365, aliases=("天数", "第几天")),
        Choice(name="whose", choices=Whose),
        Text(
            name="whom",
            aliases=("对方角色", "对象"),
            help=_("A post or part: the buyer, the head of production."),
        ),
        _position(),
        _CHANGED,
    )
    columns = ("subject", "stage", "kind", "days", "whose", "whom")
    phone = {"subject": "title", "stage": "meta", "days": "end"}
    filters = ("stage", "position")
    sorts = (_POSITIONS,)
    form = (Section(_("Step of a plan"), ("stage", "subject", "kind", "days", "whose", "whom", "position")),)
    defaults = {"position": "0", "days": "1", "kind": "call", "whose": "owner"}
    bulk_fields = ("position",)
    counted = ngettext_lazy("%(shown)s step", "%(shown)s steps", "n")
    acts = {
        "create": _("added a step to a plan"),
        "edit": _("changed a step of a plan"),
        "delete": _("removed a step of a plan"),
        "import": _("imported plans"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.plan_steps
    matching = RowMatching("plan_steps", ("stage_id",), "subject")

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        _usual(values, position=0, days=1, kind="call", whose="owner")

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Activity plans"),
            "new_title": _("New step of a plan"),
            "empty_title": _("No plans yet"),
            "empty_text": _(
                "What is to be done in a stage: what, by whom of us, how many days after it began."
            ),
        }


@register
class Questions(Resource):
    key, code, model = "questions", "sales.question", Question
    icon = "help-circle"
    label = _("question of an interview guide")
    label_plural = _("Interview guides")
    title = "text"
    asks = "sales.pipeline"
    reach = Everything()

    kinds = (
        _stage(),
        Text(name="text", required=True, wide=True, aliases=("问题",)),
        Choice(name="goes_to", choices=GoesTo),
        Text(name="field", help=_("Its name in the API.")),
        _position(),
        _CHANGED,
    )
    columns = ("text", "stage", "goes_to", "field", "position")
    phone = {"text": "title", "stage": "meta"}
    filters = ("stage", "position")
    sorts = (_POSITIONS,)
    form = (
        Section(pgettext_lazy("interview", "Question"), ("stage", "text", "goes_to", "field", "position")),
    )
    defaults = {"position": "0", "goes_to": "nothing"}
    bulk_fields = ("position",)
    counted = ngettext_lazy("%(shown)s question", "%(shown)s questions", "n")
    acts = {
        "create": _("added a question to a guide"),
        "edit": _("changed a question of a guide"),
        "delete": _("removed a question of a guide"),
        "import": _("imported interview guides"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.questions
    matching = RowMatching("questions", ("stage_id",), "text")

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        _usual(values, position=0, goes_to="nothing")

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Interview guides"),
            "new_title": _("New question"),
            "empty_title": _("No questions yet"),
            "empty_text": _(
                "What is to be asked in a stage; answers become fields of the opportunity, or promises."
            ),
        }
