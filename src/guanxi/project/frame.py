"""What stands around every page, from actor, company and account; made only where a page draws it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from guanxi.activities.queries.today import due_count
from guanxi.foundation.accounts.queries import memberships
from guanxi.foundation.design.frame import Banner, Company, Frame, Language, NavGroup, NavItem, Theme
from guanxi.foundation.design.shapes import Job as JobShape
from guanxi.foundation.design.shapes import MenuItem, Toast
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.labels import doer_named
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import UNDONE, url_of, whose
from guanxi.foundation.tenancy.models import Tenant
from guanxi.privacy.queries.guarding import read
from guanxi.resource.registry import places
from guanxi.screens.making import also_made

# Codes that open the administration: whoever holds one of them finds the way to it.
ADMINISTRATION = (
    "accounts.member.view",
    "permissions.role.manage",
    "ledger.operation.view",
    "jobs.job.manage",
    "settings.company.manage",
    "settings.mail.manage",
    "settings.registry.manage",
    "integrations.token.manage",
    "tailoring.field.manage",
)
_ALSO = (
    ("taken", gettext_lazy("Is this one taken?"), "search", "customers.customer.create"),
    ("pairs", gettext_lazy("Duplicates to decide"), "arrows-join", "customers.customer.edit"),
    ("visits", gettext_lazy("Visits of the day"), "map-pin", "activities.activity.view"),
    ("nearby", gettext_lazy("Customers nearby"), "focus-centered", "customers.customer.view"),
)
_ORDER = (
    "customers", "people", "leads", "pools", "opportunities", "registrations", "activities", "commitments", "reports",
    "products", "price_books", "stocks",
)  # fmt: skip
# On a phone.
_TABS = ("today", "customers", "leads", "opportunities")
_SEARCH, _NOTICES, _JOBS, _SETTINGS = "search", "notices", "jobs_running", "settings"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`, made when a template first asks for it."""
    return {
        "frame": SimpleLazyObject(lambda: build_frame(request)),
        "language_url": url_of("language"),
        "LANGUAGES": settings.LANGUAGES,
    }


def nav_items(actor: Actor) -> tuple[NavGroup, ...]:
    """The places of the sidebar that the actor may go to, by the day's work."""
    groups: list[NavGroup] = []
    items = _with_the_day(actor, _lists(actor, "work"))
    if items:
        groups.append(NavGroup(items=items, label=_("Work")))
    if goods := _lists(actor, "goods"):
        groups.append(NavGroup(items=goods, label=_("What we sell")))
    if any(actor.may(code) for code in ADMINISTRATION) and url_of(_SETTINGS):
        settings_item = NavItem(
            key="settings", label=_("Settings"), icon="settings", url=url_of(_SETTINGS), jump="s"
        )
        groups.append(NavGroup(items=(settings_item,), label=_("Settings")))
    return tuple(groups)


def _tabs(nav: Sequence[NavGroup]) -> tuple[NavItem, ...]:
    """What stands under the thumb on a phone: the work of a day first, filled up from the sidebar."""
    items = [item for group in nav for item in group.items]
    items.sort(key=lambda one: _TABS.index(one.key) if one.key in _TABS else len(_TABS))
    return tuple(items[:4])


def _lists(actor: Actor, stands: str) -> tuple[NavItem, ...]:
    """The lists that stand in a part of the sidebar, by the order of the day's work; those nobody ordered behind."""
    letters = jumps()
    found = [one for one in places() if one.stands == stands and actor.may(one.permission("view"))]
    found.sort(key=lambda one: _ORDER.index(one.key) if one.key in _ORDER else len(_ORDER))
    return tuple(
        NavItem(
            key=resource.key,
            label=str(resource.words()["list_title"]),
            icon=resource.icon,
            url=resource.url(),
            jump=letters[resource.key],
        )
        for resource in found
    )


def also_items(actor: Actor) -> tuple[NavItem, ...]:
    """What a wide page offers beside a list and a phone has no room for there."""
    return tuple(
        NavItem(key=place, label=str(label), icon=icon, url=url_of(place))
        for place, label, icon, code in _ALSO
        if url_of(place) and actor.may(code)
    )


def _with_the_day(actor: Actor, work: tuple[NavItem, ...]) -> tuple[NavItem, ...]:
    """The places of work between Today, with what is due, and the calendar."""
    if not actor.may("activities.activity.view"):
        return work
    due = due_count(actor) or None
    today = NavItem(
        key="today", label=pgettext("place", "Today"), icon="sun", url=url_of("today"), jump="t", count=due
    )
    calendar = NavItem(
        key="calendar", label=_("Calendar"), icon="calendar-event", url=url_of("calendar"), jump="d"
    )
    return (today, *work, calendar)


def jumps() -> dict[str, str]:
    """The letter that leads to each resource after g: the first of its key that no earlier one has, so that it is the
    same for everybody, whatever he may see. Settings (s), notices (n), today (t) and the calendar (d) have theirs."""
    found: dict[str, str] = {}
    for resource in sorted(places(), key=lambda one: one.stands == "settings"):
        taken = {"d", "g", "n", "s", "t", *found.values()}
        found[resource.key] = next(
            (letter for letter in resource.key if letter.isalpha() and letter not in taken), ""
        )
    return found


def create_items(actor: Actor) -> tuple[MenuItem, ...]:
    """What the actor can make from anywhere."""
    records = tuple(
        MenuItem(label=str(resource.words()["new_title"]), url=resource.url("new"), icon=resource.icon)
        for resource in places()
        if resource.stands != "settings" and actor.may(resource.permission("create"))
    )
    return records + also_made(actor)


def home(request: HttpRequest) -> HttpResponseRedirect:
    """The first page after signing in: the first list the person works with."""
    actor: Actor = cast("Any", request).actor
    for group in nav_items(actor):
        for item in group.items:
            return HttpResponseRedirect(item.url)
    return HttpResponseRedirect(reverse("account"))


def build_frame(request: HttpRequest) -> Frame:
    """The frame of this request; a bare one for a page outside any company."""
    actor: Actor | None = getattr(request, "actor", None)
    bare = Frame(
        company_name="",
        home_url="/",
        user_name="",
        languages=languages(),
        language_url=url_of("language"),
        theme=theme_of(request),
        toasts=toasts(request),
        sign_in_url=url_of("account_login"),
    )
    if actor is None:
        return bare
    own = actor.observer_id is None
    nav = nav_items(actor)
    return replace(
        bare,
        company_name=cast("Any", request).tenant.name,
        user_name=actor.name,
        who=whose(actor),
        nav=nav,
        also=also_items(actor),
        tabs=_tabs(nav),
        create=create_items(actor),
        user_menu=_user_menu() if own else (),
        search_url=url_of(_SEARCH),
        notices_url=url_of(_NOTICES),
        notices_latest_url=url_of("notices_latest"),
        unread=unread(actor) if url_of(_NOTICES) else 0,
        companies=companies(actor) if own else (),
        jobs=running_jobs(actor),
        jobs_url=url_of(_JOBS),
        theme_url=url_of("theme"),
        sign_out_url=url_of("account_logout"),
        manifest_url=url_of("manifest"),
        banner=banner(actor),
        watermark=_watermark(cast("Any", request).tenant, actor),
    )


def _watermark(tenant: Tenant, actor: Actor) -> str:
    """Who really looks, and when; where the company wants it."""
    if not read(tenant.settings).watermark:
        return ""
    name = doer_named(actor.observer_id) if actor.observer_id else actor.name
    return f"{name} {timezone.localtime():%Y-%m-%d %H:%M}"


def _user_menu() -> tuple[MenuItem, ...]:
    items = [MenuItem(label=_("Account and security"), url=url_of("account"), icon="user")]
    if url_of("following"):
        items.append(MenuItem(label=_("What I follow"), url=url_of("following"), icon="star"))
    if url_of("calendar_feed"):
        items.append(
            MenuItem(label=_("Calendar address"), url=url_of("calendar_feed"), icon="calendar-event")
        )
    if url_of("offline"):
        items.append(MenuItem(label=_("Without network"), url=url_of("offline"), icon="device-mobile"))
    if url_of("api_tokens"):
        items.append(MenuItem(label=_("API tokens"), url=url_of("api_tokens"), icon="key"))
    return tuple(items)


def languages() -> tuple[Language, ...]:
    """The languages of the screens."""
    now = get_language()
    names = {"zh-hans": "简体中文", "en": "English"}
    return tuple(
        Language(code=code, name=names.get(code, code), current=code == now)
        for code, _name in settings.LANGUAGES
    )


def theme_of(request: HttpRequest) -> Theme:
    """The account's theme, else the cookie's."""
    user = request.user
    choice = user.theme if user.is_authenticated else request.COOKIES.get("gx_theme", "")
    return cast("Theme", choice) if choice in ("light", "dark") else "auto"


def toasts(request: HttpRequest) -> tuple[Toast, ...]:
    """Django's messages as toasts, as `foundation.permissions.web.tell` puts them."""
    if not hasattr(request, "_messages"):
        return ()
    found = []
    for message in get_messages(request):
        url, _space, mark = str(message.extra_tags or "").partition(" ")
        way = url if url.startswith("/") else ""
        found.append(Toast(text=str(message), undo_url=way, undone=mark == UNDONE))
    return tuple(found)


def unread(actor: Actor) -> int:
    """How many notices the member has not read: one query over the index of unread ones."""
    if actor.member_id is None:
        return 0
    return Notice.objects.filter(member_id=actor.member_id, read_at__isnull=True).count()


def companies(actor: Actor) -> tuple[Company, ...]:
    """The companies the account can switch to."""
    return tuple(
        Company(
            name=one.company,
            url=reverse("company", args=[one.tenant_id]),
            current=one.tenant_id == actor.tenant_id,
        )
        for one in (memberships(actor.account_id) if actor.account_id else ())
    )


_STATES = {Job.State.QUEUED: "waiting", Job.State.RUNNING: "running"}


def running_jobs(actor: Actor) -> tuple[JobShape, ...]:
    """The member's own long work that is not over."""
    # Of the last day only: the index is by time, and a member's older jobs may be many.
    since = timezone.now() - timedelta(days=1)
    jobs = Job.objects.filter(actor_id=actor.member_id, created_at__gte=since)
    jobs = jobs.filter(shown=True, state__in=list(_STATES)).order_by("-created_at")
    return tuple(
        JobShape(
            id=str(job.id),
            title=job.shown_label,
            done=job.done,
            total=job.total,
            state=_STATES[Job.State(job.state)],  # type: ignore[arg-type]
            url=url_of("job", job.id),
        )
        for job in jobs[:3]
    )


def banner(actor: Actor) -> Banner | None:
    """The line above every page while an administrator sees as somebody else."""
    if actor.observer_id is None:
        return None
    return Banner(
        text=_("You see Guanxi as %(name)s. Nothing can be changed meanwhile.") % {"name": actor.name},
        action_text=_("Stop"),
        action_url=url_of("see_as_stop"),
    )
