"""Sample pages for the preview: the measure pages of the design reference, with made-up data."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.foundation.design import marks, pages, samples
from guanxi.foundation.design.shapes import (
    Clause,
    Column,
    Fact,
    Field,
    FieldGroup,
    MenuItem,
    More,
    Option,
    PanelRow,
    Repair,
    Row,
    Sentence,
    Tab,
    Table,
)
from guanxi.foundation.design.tests.preview_frame import zh

ROWS = [
    ("鲁味园食品", "山东临沂", "A", "展会", "林晓雯", "昨天"),
    ("粤佳乳业", "广东佛山", "A", "转介绍", "林晓雯", "3 天前"),
    ("皖香粮油集团", "安徽合肥", "A", "展会", "林晓雯", "今天"),
    ("康泽药业", "江苏泰州", "A", "老客户", "林晓雯", "4 天前"),
    ("津港冷链", "天津", "B", "搜索引擎", "林晓雯", "6 天前"),
    ("蜀椒调味品", "四川成都", "A", "展会", "陈浩", "2 天前"),
    ("豫厨速冻食品", "河南郑州", "A", "展会", "林晓雯", "8 天前"),
    ("冀康制药", "河北石家庄", "A", "陌拜", "林晓雯", "7 天前"),
    ("谷本健康科技", "北京", "B", "线上询价", "林晓雯", "27 天前"),
    ("Minh Phát Foods", "越南平阳", "B", "展会", "陈浩", "14 天前"),
    ("沐颜日化", "江苏昆山", "B", "转介绍", "林晓雯", "5 天前"),
    ("赣橙果业", "江西赣州", "B", "展会", "林晓雯", "19 天前"),
    ("渝火食品", "重庆", "B", "电话咨询", "陈浩", "12 天前"),
    ("楚韵酒业", "湖北宜昌", "B", "上门", "林晓雯", "41 天前"),
    ("滇山咖啡", "云南普洱", "B", "展会", "林晓雯", "29 天前"),
    ("闽海水产", "福建宁德", "C", "经销商", "林晓雯", "9 天前"),
    ("天目山茶业", "浙江杭州", "B", "展会", "林晓雯", "28 天前"),
]


def table(start: int = 0) -> Table:
    columns = (
        Column(key="name", label=zh("客户", "Customer"), phone="title", sort_url="?sort=name"),
        Column(key="grade", label=zh("级别", "Grade"), phone="mark", sort_url="?sort=grade"),
        Column(key="source", label=zh("来源", "Source"), minor=True),
        Column(key="owner", label=zh("负责人", "Owner"), phone="end"),
        Column(
            key="at",
            label=zh("最近更新", "Updated"),
            align="num",
            phone="end2",
            sort_url="?sort=at",
            sort="desc",
        ),
    )
    rows = [
        Row(
            id=str(start + n),
            url="/card/",
            label=r[0],
            sub=r[1],
            preview_url="/preview/",
            edit_url="/form/",
            cells=(r[0], marks.grade(r[2]), r[3], r[4], r[5]),
            selected=start == 0 and n in {8, 14},
            current=start + n == 0,
        )
        for n, r in enumerate(ROWS)
    ]
    more = More(shown=start + len(rows), total_url="/total/", more_url=f"?after={start + len(rows)}")
    return Table(columns=columns, rows=rows, selectable=True, more=more, label=zh("客户", "Customers"))


def list_page(request: HttpRequest) -> HttpResponse:
    sentence = Sentence(
        clauses=(
            Clause(
                key="owner",
                before=zh("负责人是", "owner is"),
                value=zh("我", "me"),
                editor_url="/editor/",
                remove_url="?",
            ),
            Clause(
                key="grade",
                before=zh("级别是", "grade is"),
                value=zh("A 或 B", "A or B"),
                editor_url="/editor/",
                remove_url="?",
            ),
        ),
        add_url="/editor/",
        sort=Clause(
            key="sort",
            before=zh("按", "by"),
            value=zh("最近更新", "updated"),
            after=zh("从新到旧", "newest first"),
            editor_url="/editor/",
        ),
    )
    tabs = (
        Tab(label=zh("我的 A、B 级", "My A and B"), url="?", current=True, count=128),
        Tab(label=zh("华东二部", "East 2"), url="?", count=412),
        Tab(label=zh("全部", "All"), url="?", count="2,960"),
    )
    actions = (
        MenuItem(label=zh("分配", "Assign"), dialog="confirm"),
        MenuItem(label=zh("改级别", "Change grade"), url="/bulk/"),
        MenuItem(
            label=zh("删除", "Delete"),
            url="/bulk/",
            tone="bad",
            hint=zh("删除所选客户？", "Delete the selected customers?"),
        ),
    )
    return render(
        request,
        "preview/list.html",
        {
            "table": table(int(request.GET.get("after", "0"))),
            "tabs": tabs,
            "sentence": sentence,
            "actions": actions,
            "active": "customers",
            "preview": request.GET.get("pv"),
        },
    )


def form_page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and "fail" in request.POST:
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    o = Option
    first = FieldGroup(
        title=zh("公司", "Company"),
        fields=[
            Field(
                name="name",
                label=zh("客户名称", "Customer name"),
                wide=True,
                required=True,
                value="鲁味园食品（临沂）有限公司",
                hint=zh(
                    "字号「鲁味园」，地区「临沂」，已按名称猜出行业和地区",
                    "Core name and region are guessed from the name",
                ),
            ),
            Field(
                name="code",
                label=zh("统一社会信用代码", "Credit code"),
                wide=True,
                value="91371302MA3DX5K57O",
                errors=[
                    zh(
                        "第 18 位不对：信用代码不用字母 O，多半是数字 0。",
                        "The 18th character is a letter O; most likely the digit 0.",
                    )
                ],
                repair=Repair(label=zh("改成 0", "Make it 0"), value="91371302MA3DX5K570"),
            ),
            Field(
                name="relation",
                label=zh("关系", "Relation"),
                kind="select",
                options=[o(value="c", label=zh("客户", "Customer"))],
            ),
            Field(
                name="size", label=zh("规模", "Size"), kind="select", options=[o(value="c", label="100–499")]
            ),
            Field(
                name="industry",
                label=zh("行业", "Industry"),
                kind="picker",
                url="/options/",
                value="14",
                options=[o(value="14", label="14 食品制造业")],
            ),
            Field(
                name="region",
                label=zh("地区", "Region"),
                kind="picker",
                url="/options/",
                placeholder=zh("选填", "Optional"),
            ),
        ],
    )
    second = FieldGroup(
        title=zh("怎么跟", "Follow-up"),
        fields=[
            Field(
                name="source",
                label=zh("来源", "Source"),
                kind="select",
                options=[o(value="c", label=zh("展会", "Exhibition"))],
            ),
            Field(
                name="grade",
                label=zh("级别", "Grade"),
                kind="select",
                options=[o(value="c", label=zh("B 普通", "B ordinary"))],
            ),
            Field(
                name="owner",
                label=zh("负责人", "Owner"),
                kind="picker",
                url="/options/",
                value="1",
                options=[o(value="1", label="林晓雯")],
            ),
            Field(name="next", label=zh("下次跟进", "Next follow-up"), kind="date", value="2026-11-20"),
            Field(name="remarks", label=zh("备注", "Remarks"), kind="textarea", wide=True),
        ],
    )
    return render(request, "preview/form.html", {"groups": [first, second], "active": "customers"})


def card_page(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "preview/card.html",
        {
            "facts": [
                Fact(key="short", label=zh("简称", "Short name"), value="鲁味园", edit_url="/edit/"),
                Fact(
                    key="code",
                    label=zh("信用代码", "Credit code"),
                    value="91371300MA3C7XK423",
                    edit_url="/edit/",
                ),
                Fact(key="industry", label=zh("行业", "Industry"), value="14 食品制造业", edit_url="/edit/"),
                Fact(key="phone", label=zh("电话", "Phone"), value="0539-83** ***", masked=True),
                Fact(key="site", label=zh("官网", "Website"), edit_url="/edit/"),
                Fact(
                    key="address",
                    label=zh("地址", "Address"),
                    value="临沂市兰山区义堂镇工业二路 18 号",
                    edit_url="/edit/",
                ),
            ],
            "children": [
                PanelRow(
                    title="鲁味园食品（德州）有限公司", url="/card/", sub="山东德州", end=marks.grade("B")
                )
            ],
            "menu": [MenuItem(label=zh("删除", "Delete"), icon="trash", dialog="confirm", tone="bad")],
            "active": "customers",
        },
    )


def edit_fact(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" or "cancel" in request.GET:
        value = request.POST.get("short", "鲁味园")
        fact = Fact(key="short", label=zh("简称", "Short name"), value=value, edit_url="/edit/")
        answer = render(request, "preview/fact.html", {"fact": fact})
        if request.method == "POST":
            answer["HX-Trigger"] = json.dumps(
                {"gx:toast": {"text": _("Draft saved"), "undo": "/undo/", "seconds": 12}}
            )
        return answer
    field = Field(name="short", label=zh("简称", "Short name"), value="鲁味园")
    return render(
        request, "gx/fact_editor.html", {"field": field, "url": "/edit/", "cancel_url": "/edit/?cancel"}
    )


def options_part(request: HttpRequest) -> HttpResponse:
    found = [
        Option(value=str(n), label=name, sub="华东二部")
        for n, name in enumerate(("林晓雯", "陈浩", "王雨桐", "赵明"))
        if request.GET.get("q", "") in name
    ]
    return render(
        request,
        "preview/options.html",
        {"options": found, "create": request.GET.get("q", "") if not found else ""},
    )


def search_part(request: HttpRequest) -> HttpResponse:
    return render(request, "preview/options.html", {"options": samples.options()})


def total_part(request: HttpRequest) -> HttpResponse:
    return render(request, "preview/total.html", {"more": More(shown=0, total=2960)})


def part(html: str) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(SafeString(html))

    return view


def editor_part(request: HttpRequest) -> HttpResponse:
    field = Field(
        name="grade",
        label=zh("级别", "Grade"),
        kind="choices",
        prefix="editor_",
        options=[Option(value=g, label=g, selected=g in "AB") for g in "ABCD"],
    )
    return render(request, "preview/editor.html", {"field": field})


def signin_page(request: HttpRequest) -> HttpResponse:
    password = Field(
        name="password",
        label=zh("密码", "Password"),
        kind="password",
        autocomplete="current-password",
        errors=[zh("密码不对，还可以试 4 次。", "Wrong password; 4 tries left.")],
    )
    login = Field(
        name="login",
        label=zh("手机号、邮箱或用户名", "E-mail, phone or name"),
        value="linxw@hengjie.example",
        autocomplete="username",
    )
    return render(request, "preview/signin.html", {"login": login, "password": password})


def error_page(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": zh("没有这个页面", "No such page"),
        "text": zh(
            "地址可能写错了，也可能你看不到这条记录。",
            "The address may be wrong, or you may not see this record.",
        ),
        "error_id": "7F3K-22QD",
        "frame": None,
    }
    return render(request, "gx/error.html", context)


def status(request: HttpRequest, code: int) -> HttpResponse:
    return HttpResponse(
        format_html("{}", code), status=code, headers={"Retry-After": "1", "X-Request-Id": "R-1"}
    )


urlpatterns = [
    path("", pages.sheet),
    path("list/", list_page),
    path("form/", form_page),
    path("card/", card_page),
    path("signin/", signin_page),
    path("error/", error_page),
    path("options/", options_part),
    path("search/", search_part),
    path("editor/", editor_part),
    path("total/", total_part),
    path("edit/", edit_fact),
    path("preview/", lambda request: render(request, "preview/aside.html")),
    path("undo/", part("undone")),
    path("theme/", part("")),
    path("bulk/", lambda r: HttpResponse(",".join(r.POST.getlist("ids")))),
    path("status/<int:code>/", status),
]
