"""The frame of the preview, filled with made-up values."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from guanxi.foundation.design import frame as parts
from guanxi.foundation.design.shapes import Job, MenuItem, Toast


def zh(chinese: str, english: str) -> str:
    return chinese if (get_language() or "").startswith("zh") else english


def frame(request: HttpRequest) -> dict[str, Any]:
    request.csp_nonce = "preview"  # type: ignore[attr-defined]
    item = parts.NavItem
    groups = (
        parts.NavGroup(
            items=(
                item(
                    key="customers", label=zh("客户", "Customers"), icon="building-skyscraper", url="/list/"
                ),
                item(
                    key="recent", label=zh("最近的操作", "Recent changes"), icon="history", url="#r", count=6
                ),
            )
        ),
        parts.NavGroup(
            items=(
                item(key="sheet", label=zh("组件", "Components"), icon="box", url="/"),
                item(key="settings", label=zh("设置", "Settings"), icon="settings", url="#s"),
            )
        ),
    )
    return {
        "frame": parts.Frame(
            company_name=zh("恒捷包装", "Hengjie Packaging"),
            home_url="/",
            user_name="林晓雯",
            nav=groups,
            tabs=tuple(one for group in groups for one in group.items)[:4],
            create=(MenuItem(label=zh("客户", "Customer"), icon="building-skyscraper", url="/form/"),),
            user_menu=(
                MenuItem(label=zh("账号与安全", "Account and security"), icon="shield-lock", url="#a"),
            ),
            search_url="/search/",
            notices_url="#n",
            unread=3,
            companies=(
                parts.Company(name="恒捷包装", url="#1", current=True),
                parts.Company(name="恒捷贸易", url="#2"),
            ),
            jobs=(Job(id="side", title=zh("导入客户", "Import of customers"), done=62, total=100),),
            languages=(
                parts.Language(code="zh-hans", name="简体中文", current=get_language() == "zh-hans"),
                parts.Language(code="en", name="English", current=get_language() == "en"),
            ),
            language_url="/language/",
            theme=request.GET.get("theme", "light"),  # type: ignore[arg-type]
            theme_url="/theme/",
            sign_in_url="/signin/",
            sign_out_url="/out/",
            toasts=(Toast(text=zh("已保存", "Saved"), undo_url="/undo/"),) if "toast" in request.GET else (),
        ),
        "language_url": "/language/",
        "LANGUAGES": settings.LANGUAGES,
    }
