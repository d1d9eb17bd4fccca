"""Sample values of the component sheet. Names of people and companies are data; words go through gettext."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.foundation.design import marks, words
from guanxi.foundation.design.shapes import (
    Clause,
    Column,
    Fact,
    Field,
    Job,
    MenuItem,
    More,
    Option,
    PanelRow,
    Repair,
    Row,
    Sentence,
    Tab,
    Table,
    Toast,
)
from guanxi.kernel.money import Money


def colours() -> list[tuple[str, str]]:
    """Token and what it is for."""
    return [
        ("bg", pgettext("sheet", "ground")), ("sunk", pgettext("sheet", "sunk")), ("hover", pgettext("sheet", "hovered")), ("press", pgettext("sheet", "pressed")),
        ("line", pgettext("sheet", "hairline")), ("line-ctl", pgettext("sheet", "control edge")), ("ink", pgettext("sheet", "text")), ("ink-2", pgettext("sheet", "second text")),
        ("ink-3", pgettext("sheet", "third text")), ("accent", pgettext("sheet", "accent")), ("accent-soft", pgettext("sheet", "chosen")), ("good", pgettext("sheet", "kept")),
        ("bad", pgettext("sheet", "late, wrong")), ("warn", pgettext("sheet", "soon")), ("s-2", pgettext("sheet", "opposed −2")), ("s-1", "−1"),
        ("s0", pgettext("sheet", "neutral")), ("s1", "+1"),
    ]  # fmt: skip


def options() -> list[Option]:
    """What the palette shows for "lwy"."""
    return [
        Option(
            label=format_html("<mark>{}</mark>{}", "鲁味园", "食品"), sub=_("Linyi, yours"), group=_("Customers"),
            icon="building-skyscraper", url="#luweiyuan",
        ),
        Option(
            label=format_html("<mark>{}</mark>**", "鲁味缘"), sub=_("Chen Hao's, content hidden"), group=_("Customers"),
            icon="building-skyscraper", url="#masked", masked=True,
        ),
        Option(label="梁雯燕", sub="粤佳乳业", group=_("People"), icon="user", url="#person"),
        Option(label=_("New customer"), group=_("Commands"), icon="plus", url="#new"),
    ]  # fmt: skip


def _table(today: date) -> Table:
    columns = (
        Column(key="name", label=_("Customer"), phone="title", sort_url="#name"),
        Column(key="grade", label=_("Grade"), phone="mark"),
        Column(key="owner", label=_("Owner"), minor=True),
        Column(key="touched", label=_("Last touched"), align="num", phone="end", sort_url="#touched", sort="desc"),
    )
    people = (
        ("1", "鲁味园食品", "山东临沂", "A", 0), ("2", "豫厨速冻食品", "河南郑州", "A", 8),
        ("3", "谷本健康科技", "北京", "B", 27), ("4", "Minh Phát Foods", "越南平阳", "C", 400),
    )  # fmt: skip
    rows = [
        Row(
            id=id, url=f"#{id}", label=name, sub=region, meta="林晓雯", selected=id == "3", current=id == "1",
            cells=(name, marks.grade(grade), "林晓雯", marks.date_mark(today - timedelta(days=days))),
        )
        for id, name, region, grade, days in people
    ]  # fmt: skip
    more = More(shown=4, total=2960, more_url="?after=4")
    return Table(id="sample", label=_("Customers"), columns=columns, rows=rows, selectable=True, more=more)


def sheet() -> dict[str, Any]:
    """Everything the sheet shows."""
    today = timezone.localdate()
    grades = [Option(value="A", label=_("A key")), Option(value="B", label=_("B ordinary"), selected=True)]
    return {
        "colours": colours(),
        "options": options(),
        "today": today,
        "late": today - timedelta(days=2),
        "soon": today + timedelta(days=3),
        "tax": Field(
            name="tax", label=_("Tax number"), value="91371302MA3DX5K57O", repair=Repair(label=_("Make it 0"), value="91371302MA3DX5K570"),
            errors=[_("The 18th character is a letter O; the code uses digits there.")],
        ),
        "fields": [
            Field(name="grade", label=_("Grade"), kind="select", options=grades),
            Field(name="day", label=_("Next follow-up"), kind="date", value=(today + timedelta(days=3)).isoformat()),
            Field(name="owner", label=_("Owner"), kind="picker", url="/options/", value="1",
                  options=[Option(value="1", label="林晓雯")], hint=_("Type a name or its initials")),
            Field(name="team", label=_("Collaborators"), kind="picker", url="/options/", multiple=True,
                  options=[Option(value="2", label="陈浩")]),
            Field(name="relation", label=_("Relation"), kind="choices", wide=True, options=[
                Option(value="customer", label=_("Customer"), selected=True), Option(value="supplier", label=_("Supplier")),
                Option(value="partner", label=_("Partner")),
            ]),
            Field(name="remarks", label=_("Remarks"), kind="textarea", wide=True),
        ],
        "facts": [
            Fact(key="short", label=_("Short name"), value="鲁味园", edit_url="#edit"),
            Fact(key="code", label=_("Code"), value="91371300MA3C7XK423"),
            Fact(key="site", label=_("Website"), edit_url="#edit"),
            Fact(key="phone", label=_("Phone"), value="0539-83** ***", masked=True),
        ],
        "table": _table(today),
        "tabs": [
            Tab(label=_("My A and B"), url="#1", current=True, count=128), Tab(label=_("All"), url="#2", count="2,960"),
        ],
        "sentence": Sentence(
            clauses=[
                Clause(key="owner", before=pgettext("sheet", "owner is"), value=pgettext("sheet", "me"), editor_url="/editor/", remove_url="#-owner"),
                Clause(key="grade", before=pgettext("sheet", "grade is"), value=pgettext("sheet", "A or B"), editor_url="/editor/", remove_url="#-grade"),
            ],
            add_url="/editor/",
            sort=Clause(key="sort", before=pgettext("sheet", "by"), value=pgettext("sheet", "last touched"), after=pgettext("sheet", "newest first"), editor_url="/editor/"),
        ),
        "bulk": [MenuItem(label=_("Assign"), url="#assign"), MenuItem(label=_("Delete"), url="#delete", tone="bad")],
        "menu": [
            MenuItem(label=_("Edit"), icon="pencil", url="#edit", key="e"),
            MenuItem(label=_("History"), icon="history", url="#history"),
            MenuItem(label=_("Delete"), icon="trash", dialog="sample-confirm", tone="bad", divided=True),
        ],
        "panel": [
            PanelRow(title="BJ-20261109-004", url="#1", sub=_("Version 2"), end=marks.money_mark(Money(386_000_000)), end_sub=pgettext("sheet", "sent")),
            PanelRow(title="HT-20260212-003", url="#2", sub=_("Acceptance"), end=marks.money_mark(Money(40_400_000)),
                     end_sub=words.relative(today - timedelta(days=12), today, "due"), tone="bad"),
        ],
        "running": Job(id="1", title=_("Import of business cards"), done=1740, total=2825,
                       note=_("About 45 seconds left. You may leave this page."), stop_url="#stop"),
        "ended": Job(id="2", title=_("Import finished"), state="done", result=_("2,611 created, 214 updated, 44 rows rejected.")),
        "toast": Toast(text=_("3 customers returned to the pool"), undo_url="#undo", seconds=0),
    }  # fmt: skip
