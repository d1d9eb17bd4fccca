"""Sample values of the component sheet. Names of people and companies are data; words go through gettext."""

# Chinese in code: sample data of the component sheet

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
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
        ("bg", pgettext("sheet", "ground")),
        ("sunk", pgettext("sheet", "sunk")),
        ("hover", pgettext("sheet", "hovered")),
        ("press", pgettext("sheet", "pressed")),
        ("line", pgettext("sheet", "hairline")),
        ("line-ctl", pgettext("sheet", "control edge")),
        ("ink", pgettext("sheet", "text")),
        ("ink-2", pgettext("sheet", "second text")),
        ("ink-3", pgettext("sheet", "third text")),
        ("accent", pgettext("sheet", "accent")),
        ("accent-soft", pgettext("sheet", "chosen")),
        ("good", pgettext("sheet", "kept")),
        ("bad", pgettext("sheet", "late, wrong")),
        ("warn", pgettext("sheet", "soon")),
        ("s-2", pgettext("sheet", "opposed −2")),
        ("s-1", "−1"),
        ("s0", pgettext("sheet", "neutral")),
        ("s1", "+1"),
    ]


def options() -> list[Option]:
    """What the palette shows for "lwy"."""
    return [
        Option(
            label=format_html("<mark>{}</mark>{}", "鲁味园", "食品"),
            sub=pgettext("sheet", "Linyi, yours"),
            group=pgettext("sheet", "Customers"),
            icon="building-skyscraper",
            url="#luweiyuan",
        ),
        Option(
            label=format_html("<mark>{}</mark>**", "鲁味缘"),
            sub=pgettext("sheet", "Chen Hao's, content hidden"),
            group=pgettext("sheet", "Customers"),
            icon="building-skyscraper",
            url="#masked",
            masked=True,
        ),
        Option(label="梁雯燕", sub="粤佳乳业", group=pgettext("sheet", "People"), icon="user", url="#person"),
        Option(
            label=pgettext("sheet", "New customer"),
            group=pgettext("sheet", "Commands"),
            icon="plus",
            url="#new",
        ),
    ]


def _table(today: date) -> Table:
    columns = (
        Column(key="name", label=pgettext("sheet", "Customer"), phone="title", sort_url="#name"),
        Column(key="grade", label=pgettext("sheet", "Grade"), phone="mark"),
        Column(key="owner", label=pgettext("sheet", "Owner"), minor=True),
        Column(
            key="touched",
            label=pgettext("sheet", "Last touched"),
            align="num",
            phone="end",
            sort_url="#touched",
            sort="desc",
        ),
    )
    people = (
        ("1", "鲁味园食品", "山东临沂", "A", 0),
        ("2", "豫厨速冻食品", "河南郑州", "A", 8),
        ("3", "谷本健康科技", "北京", "B", 27),
        ("4", "Minh Phát Foods", "越南平阳", "C", 400),
    )
    rows = [
        Row(
            id=key,
            url=f"#{key}",
            label=name,
            sub=region,
            meta="林晓雯",
            selected=key == "3",
            current=key == "1",
            cells=(name, marks.grade(grade), "林晓雯", marks.date_mark(today - timedelta(days=days))),
        )
        for key, name, region, grade, days in people
    ]
    more = More(shown=4, total=2960, more_url="?after=4")
    return Table(
        id="sample",
        label=pgettext("sheet", "Customers"),
        columns=columns,
        rows=rows,
        selectable=True,
        more=more,
    )


def sheet() -> dict[str, Any]:
    """Everything the sheet shows."""
    today = timezone.localdate()
    grades = [
        Option(value="A", label=pgettext("sheet", "A key")),
        Option(value="B", label=pgettext("sheet", "B ordinary"), selected=True),
    ]
    return {
        "colours": colours(),
        "options": options(),
        "today": today,
        "late": today - timedelta(days=2),
        "soon": today + timedelta(days=3),
        "tax": Field(
            name="tax",
            label=pgettext("sheet", "Tax number"),
            value="91371302MA3DX5K57O",
            repair=Repair(label=pgettext("sheet", "Make it 0"), value="91371302MA3DX5K570"),
            errors=[pgettext("sheet", "The 18th character is a letter O; the code uses digits there.")],
        ),
        "fields": [
            Field(name="grade", label=pgettext("sheet", "Grade"), kind="select", options=grades),
            Field(
                name="day",
                label=pgettext("sheet", "Next follow-up"),
                kind="date",
                value=(today + timedelta(days=3)).isoformat(),
            ),
            Field(
                name="owner",
                label=pgettext("sheet", "Owner"),
                kind="picker",
                url="/options/",
                value="1",
                options=[Option(value="1", label="林晓雯")],
                hint=pgettext("sheet", "Type a name or its initials"),
            ),
            Field(
                name="team",
                label=pgettext("sheet", "Collaborators"),
                kind="picker",
                url="/options/",
                multiple=True,
                options=[Option(value="2", label="陈浩")],
            ),
            Field(
                name="relation",
                label=pgettext("sheet", "Relation"),
                kind="choices",
                wide=True,
                options=[
                    Option(value="customer", label=pgettext("sheet", "Customer"), selected=True),
                    Option(value="supplier", label=pgettext("sheet", "Supplier")),
                    Option(value="partner", label=pgettext("sheet", "Partner")),
                ],
            ),
            Field(name="remarks", label=pgettext("sheet", "Remarks"), kind="textarea", wide=True),
        ],
        "facts": [
            Fact(key="short", label=pgettext("sheet", "Short name"), value="鲁味园", edit_url="#edit"),
            Fact(key="code", label=pgettext("sheet", "Code"), value="91371300MA3C7XK423"),
            Fact(key="site", label=pgettext("sheet", "Website"), edit_url="#edit"),
            Fact(key="phone", label=pgettext("sheet", "Phone"), value="0539-83** ***", masked=True),
        ],
        "table": _table(today),
        "tabs": [
            Tab(label=pgettext("sheet", "My A and B"), url="#1", current=True, count=128),
            Tab(label=pgettext("sheet", "All"), url="#2", count="2,960"),
        ],
        "sentence": Sentence(
            clauses=[
                Clause(
                    key="owner",
                    before=pgettext("sheet", "owner is"),
                    value=pgettext("sheet", "me"),
                    editor_url="/editor/",
                    remove_url="#-owner",
                ),
                Clause(
                    key="grade",
                    before=pgettext("sheet", "grade is"),
                    value=pgettext("sheet", "A or B"),
                    editor_url="/editor/",
                    remove_url="#-grade",
                ),
            ],
            add_url="/editor/",
            sort=Clause(
                key="sort",
                before=pgettext("sheet", "by"),
                value=pgettext("sheet", "last touched"),
                after=pgettext("sheet", "newest first"),
                editor_url="/editor/",
            ),
        ),
        "bulk": [
            MenuItem(label=pgettext("sheet", "Assign"), url="#assign"),
            MenuItem(label=pgettext("sheet", "Delete"), url="#delete", tone="bad"),
        ],
        "menu": [
            MenuItem(label=pgettext("sheet", "Edit"), icon="pencil", url="#edit", key="e"),
            MenuItem(label=pgettext("sheet", "History"), icon="history", url="#history"),
            MenuItem(
                label=pgettext("sheet", "Delete"),
                icon="trash",
                dialog="sample-confirm",
                tone="bad",
                divided=True,
            ),
        ],
        "panel": [
            PanelRow(
                title="BJ-20261109-004",
                url="#1",
                sub=pgettext("sheet", "Version 2"),
                end=marks.money_mark(Money(386_000_000)),
                end_sub=pgettext("sheet", "sent"),
            ),
            PanelRow(
                title="HT-20260212-003",
                url="#2",
                sub=pgettext("sheet", "Acceptance"),
                end=marks.money_mark(Money(40_400_000)),
                end_sub=words.relative(today - timedelta(days=12), today, "due"),
                tone="bad",
            ),
        ],
        "running": Job(
            id="1",
            title=pgettext("sheet", "Import of business cards"),
            done=1740,
            total=2825,
            note=pgettext("sheet", "About 45 seconds left. You may leave this page."),
            stop_url="#stop",
        ),
        "ended": Job(
            id="2",
            title=pgettext("sheet", "Import finished"),
            state="done",
            result=pgettext("sheet", "2,611 created, 214 updated, 44 rows rejected."),
        ),
        "toast": Toast(
            text=pgettext("sheet", "3 customers returned to the pool"), undo_url="#undo", seconds=0
        ),
    }
