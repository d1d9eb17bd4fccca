"""What relationships look like on every door, and on the cards of those they are between."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.customers.choices import FROM, MEANINGS, TO, USUAL_STRENGTH, TieKind, strength_word
from guanxi.customers.models import Relationship
from guanxi.customers.queries.reaching import BothEnds, ByEnds
from guanxi.customers.queries.ties import (
    LINKS,
    TieMatching,
    family_of,
    newcomers,
    other_end,
    shown_links,
    ties_of,
)
from guanxi.customers.services import relationships as services
from guanxi.foundation.design.shapes import Field, Option, PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.text import fold
from guanxi.kinds import Bounded, Choice, Date, DateTime, Show, Text
from guanxi.resource import access
from guanxi.resource.contributions import Alert, Content, Panel, contribute
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.links import MemberLink, RecordLink, look_up
from guanxi.resource.registry import find, register, resource_of

SHOWN = 8  # of a panel
# What a word counts, from the weakest.
_STRENGTHS = (
    (20, ("弱", "weak")),
    (USUAL_STRENGTH, ("中", "fair")),
    (80, ("强", "strong")),
)
_COUNTED = 9  # people whom we know somewhere
FAMILY = 3  # subsidiaries among them


class Strength(Bounded):
    """0 to 100, chosen and said as a word; files and programs have the number."""

    def clean(self, raw: object, actor: Actor) -> int:
        if isinstance(raw, str):
            raw = next((str(least) for least, words in _STRENGTHS if fold(raw) in words), raw)
        return super().clean(raw, actor)

    def said(self, value: Any, language: str) -> str:
        return str(strength_word(value))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        found = super().editor(value, show, **more)
        now = int(found.value) if str(found.value).isdigit() else None
        options = [
            # Who leaves the word as it is leaves the number too.
            Option(value=str(one), label=str(strength_word(one)), selected=now == one)
            for one in (
                now if now is not None and strength_word(now) == strength_word(usual) else usual
                for usual, _words in _STRENGTHS
            )
        ]
        if not found.required:
            options.insert(0, Option(value="", label="", selected=now is None))
        return replace(found, kind="select", options=options, attrs={}, unit="")


@dataclass(kw_only=True, eq=False)
class Note(Text):
    """What is noted of a relationship; where nothing is, a list says the relationship itself."""

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        super().prefetch(records, show)
        bare = [one for one in records if not one.note]
        look_up(access.readable(show.actor, Relationships, (*FROM, *TO)), bare, show)

    def html(self, record: Any, show: Show) -> str:
        return super().html(record, show) or escape(Relationships.subtitle(record, show))


@register
class Relationships(Resource):
    key, code, model = "relationships", "customers.relationship", Relationship
    icon = "affiliate"
    label = pgettext_lazy("tie", "relationship")
    label_plural = pgettext_lazy("tie", "Relationships")
    title = "note"
    asks = "customers.customer"
    reach = ByEnds()
    discretion = BothEnds()

    kinds = (
        RecordLink(name="from_person", to="people", aliases=("甲", "人员甲", "person a", "person")),
        RecordLink(
            name="from_customer", to="customers", aliases=("客户甲", "公司甲", "company a", "company")
        ),
        MemberLink(name="from_member", aliases=("同事", "我方人员", "colleague")),
        Choice(name="kind", choices=TieKind, required=True, aliases=("关系类型", "类型", "type")),
        RecordLink(name="to_person", to="people", aliases=("乙", "人员乙", "person b")),
        RecordLink(name="to_customer", to="customers", aliases=("客户乙", "公司乙", "company b")),
        Strength(name="strength", aliases=("强弱", "亲密度", "weight")),
        Date(name="since", aliases=("从", "认识时间", "from")),
        Note(name="note", wide=True, aliases=("说明", "备注", "remarks")),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = (
        "kind", "from_person", "from_customer", "from_member", "to_person", "to_customer", "strength", "since", "note",
    )  # fmt: skip
    filters = (
        "from_person",
        "to_person",
        "from_customer",
        "to_customer",
        "from_member",
        "kind",
        "updated_at",
    )
    sorts = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
    form = (
        Section(
            pgettext_lazy("relationship", "First"),
            ("from_person", "from_customer", "from_member"),
            key="first",
        ),
        Section(
            pgettext_lazy("relationship", "Relationship"), ("kind", "strength", "since", "note"), key="kind"
        ),
        Section(pgettext_lazy("relationship", "Second"), ("to_person", "to_customer"), key="second"),
    )
    defaults = {"strength": str(USUAL_STRENGTH)}
    bulk_fields = ("strength", "since", "note")
    counted = ngettext_lazy("%(shown)s relationship", "%(shown)s relationships", "n")

    acts = {
        "create": _("added a relationship"),
        "edit": _("changed a relationship"),
        "delete": _("removed a relationship"),
        "import": _("imported relationships"),
    }

    create, create_many = services.create_tie, services.create_ties
    edit, edit_many, edit_each = services.edit_tie, services.edit_ties, services.edit_each
    remove_many, update_imported = services.remove_ties, services.update_imported
    matching = TieMatching()

    @classmethod
    def subtitle(cls, record: Relationship, show: Show) -> str:
        ends = MEANINGS[record.kind].ends
        if not set(ends) <= shown_links(show.actor) or not access.is_open(show.actor, cls.kind("kind")):
            return ""
        kinds = [cls.kind(end) for end in ends]
        look_up(kinds, [record], show)
        first, second = (kind.text(record, show) for kind in kinds)
        return f"{first} {record.get_kind_display()} {second}"

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": pgettext_lazy("tie", "Relationships"),
            "new_title": _("New relationship"),
            "empty_title": _("No relationships yet"),
            "empty_text": _(
                "Who reports to whom, who trusts whom, whom of them we know; who distributes and sells for whom."
            ),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties(Panel):
    """Not there for who may not know between whom relationships are."""

    def there(self, actor: Actor, resource: Any) -> bool:
        return actor.may(find("relationships").permission("view")) and set(
            LINKS[resource.key]
        ) <= shown_links(actor)


def _ties_of(actor: Actor, record: Any, show: Show) -> Content:
    """The relationships of a record, grouped by what the other one is to it."""
    resource, target = resource_of(record), find("relationships")
    found = ties_of(actor, resource.key, record.pk)
    rows = list(found.order_by("kind", F("strength").desc(), "pk")[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else found.count()
    kinds = {kind.name: kind for kind in access.readable(actor, target)}
    look_up(kinds.values(), rows, show)
    is_open = {name for name, kind in kinds.items() if access.is_open(actor, kind)}
    shown, groups = shown_links(actor), dict[str, list[PanelRow]]()
    if resource.key == "customers":
        family, more = _family(actor, record, show)
        groups, count = groups | family, count + more
    for tie in rows[:SHOWN]:
        link, _other, of_first = other_end(tie, record.pk)
        if link not in shown:
            continue
        called = MEANINGS[tie.kind].called(of_first=of_first) if "kind" in is_open else ""
        groups.setdefault(str(called), []).append(_row(target, kinds, tie, link, is_open, show))
    may_add = access.allows(actor, resource, record, "edit")
    return Content(
        count=count,
        url=reverse("ties", args=[resource.key, record.pk]),
        add_url=reverse("tie_new", args=[resource.key, record.pk]) if may_add else "",
        add=Relationships.words()["new_title"],
        empty=_("Who knows whom, and how well: superiors, classmates, distributors, our own people."),
        template="customers/rows.html" if groups else "",
        context={"groups": [(called, "", mine) for called, mine in groups.items()]},
    )


def _family(actor: Actor, record: Any, show: Show) -> tuple[dict[str, list[PanelRow]], int]:
    """The parent company and the first subsidiaries, and how many they are in all."""
    above, children = family_of(actor, record)
    first = list(children[: FAMILY + 1])
    count = (above is not None) + (len(first) if len(first) <= FAMILY else children.count())
    named = ((_("Parent company"), [above] if above else []), (_("Subsidiary"), first[:FAMILY]))
    customers = find("customers")
    groups = {
        str(called): [
            PanelRow(
                title=str(one),
                url=customers.url("card", id=one.pk),
                end=escape(customers.beside_title(one, show)),
            )
            for one in mine
        ]
        for called, mine in named
        if mine
    }
    return groups, count


def _row(
    target: Any, kinds: dict[str, Any], tie: Relationship, link: str, is_open: set[str], show: Show
) -> PanelRow:
    kind = kinds[link]
    said = [kinds[name].text(tie, show) for name in ("since", "note") if name in is_open]
    to = getattr(tie, f"{link}_id")
    word = strength_word(tie.strength) if "strength" in is_open else "…"
    return PanelRow(
        title=kind.text(tie, show),
        url=find(kind.to).url("card", id=to) if isinstance(kind, RecordLink) else "",
        sub=" · ".join(text for text in said if text),
        end=format_html('<a class="gx-lk" href="{}">{}</a>', target.url("card", id=tie.pk), word),
    )


def _somebody_known(actor: Actor, record: Any, show: Show) -> tuple[str, Any, str] | None:
    """Whom we know there who came from another customer lately, in a sentence; the way to the person's card."""
    known = newcomers(actor, record.pk, most=_COUNTED)
    if not known:
        return None
    first = known[0]
    words = {
        "name": first.person.name,
        "customer": first.customer.name,
        "n": len(known) - 1,
        "total": len(known),
    }
    said = _("We know somebody here: %(name)s, formerly at %(customer)s.")
    if len(known) > 1:
        said = _("We know %(n)s people here, among them %(name)s, formerly at %(customer)s.")
    return "good", str(said) % words, find("people").url("card", id=first.person_id)


_PANEL = Ties(key="ties", title=pgettext_lazy("tie", "Relationships"), draw=_ties_of, order=11)
contribute(
    "customers",
    panels=(_PANEL,),
    alerts=(Alert("newcomers", _somebody_known, order=40, code="customers.person.view"),),
)
contribute("people", panels=(_PANEL,))
