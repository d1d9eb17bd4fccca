"""`{% load gx %}`: every component as a tag. README.md beside the package shows each with an example."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.foundation.design import forms, marks, shapes, words
from guanxi.foundation.design.rows import drawn_rows
from guanxi.foundation.design.texts import texts

register = template.Library()

# ---------------------------------------------------------------- marks

register.simple_tag(marks.icon, name="gx_icon")
register.simple_tag(marks.avatar, name="gx_avatar")
register.simple_tag(marks.grade, name="gx_grade")
register.simple_tag(marks.tag, name="gx_tag")
register.simple_tag(marks.toned, name="gx_toned")
register.simple_tag(marks.intent, name="gx_intent")
register.simple_tag(marks.stance, name="gx_stance")
register.simple_tag(marks.bar, name="gx_bar")

register.filter("gx_date", marks.date_mark)
register.filter("gx_month_day", words.month_day)
register.filter("gx_money", marks.money_mark)


@register.simple_tag
def gx_now() -> str:
    """This moment as a page says one."""
    return words.exact(timezone.now())


@register.filter
def gx_json(value: Any) -> str:
    """A plain value as JSON, for an attribute."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def gx_count(value: int | None) -> str:
    """A whole number with thousands separators; nothing for None."""
    return "" if value is None else words.shown_number(value)


# ---------------------------------------------------------------- page


@register.simple_tag
def gx_texts() -> SafeString:
    """The sentences of our JavaScript as a JSON block; `base.html` places it."""
    return json_script(texts(), "gx-texts")


@register.simple_tag(takes_context=True)
def gx_nonce(context: Context) -> str:
    """The nonce of this answer's content security policy, or nothing where no policy is on."""
    nonce = getattr(context.get("request"), "csp_nonce", None)
    # Lazy and false until it is read: a test of its truth would leave it out of the policy.
    return "" if nonce is None else str(nonce)


@register.simple_tag(takes_context=True)
def gx_theme(context: Context) -> str:
    """The reader's theme: of the account, else the cookie set before sign-in, else the system's."""
    frame = context.get("frame")
    request = context.get("request")
    theme = getattr(frame, "theme", "") or (request.COOKIES.get("gx_theme", "") if request else "")
    return theme if theme in {"light", "dark"} else "auto"


@register.simple_tag
def gx_asset(name: str) -> str:
    """The URL of a built file: `gx.css`, `gx.js`, `htmx.js`, `alpine.js`."""
    return static(f"gx/build/{name}")


# ---------------------------------------------------------------- sections, lines, facts


@register.inclusion_tag("gx/section.html")
def gx_section(
    title: str,
    count: int | str | None = None,
    url: str = "",
    link: str = "",
    anchor: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A section's head over its hairline. `link` (default "All") appears with `url`; `note` is grey text."""
    shown = words.shown_number(count) if isinstance(count, int) else count
    return {
        "title": title,
        "count": shown,
        "url": url,
        "link": link or _("All"),
        "anchor": anchor,
        "note": note,
    }


@register.simple_block_tag
def gx_alert(content: str, tone: str = "bad", icon: str = "alert-triangle", detail: str = "") -> SafeString:
    """A sentence of warning with its icon: `{% gx_alert "warn" "lifebuoy" %}…{% endgx_alert %}`."""
    more = format_html('<div class="gx-s12">{}</div>', detail) if detail else ""
    return format_html(
        '<div class="gx-al gx-{}">{}<div class="gx-fill">{}{}</div></div>',
        tone,
        marks.icon(icon),
        content,
        more,
    )


@register.inclusion_tag("gx/empty.html")
def gx_empty(title: str, text: str = "", url: str = "", action: str = "", dialog: str = "") -> dict[str, Any]:
    """An empty place: what belongs here, why, and one button."""
    return {"title": title, "text": text, "url": url, "action": action, "dialog": dialog}


@register.inclusion_tag("gx/facts.html")
def gx_facts(facts: Sequence[shapes.Fact]) -> dict[str, Any]:
    """Labels and values of a card, each edited in its place where it has an `edit_url`."""
    return {"facts": facts}


@register.inclusion_tag("gx/fact_value.html")
def gx_fact_value(fact: shapes.Fact) -> dict[str, Any]:
    """The value alone: what the server answers after a save or a cancel."""
    return {"fact": fact}


@register.inclusion_tag("gx/li.html")
def gx_li(
    title: str, url: str = "", sub: str = "", lead: str = "", end: str = "", end_sub: str = "", tone: str = ""
) -> dict[str, Any]:
    """A list row: `lead` (a mark), title over sub, `end` over `end_sub` at the right in `tone`."""
    return {
        "title": title,
        "url": url,
        "sub": sub,
        "lead": lead,
        "end": end,
        "end_sub": end_sub,
        "tone": tone,
    }


# ---------------------------------------------------------------- forms


@register.inclusion_tag("gx/field.html")
def gx_field(field: shapes.Field | BoundField, **changes: Any) -> dict[str, Any]:
    """A field with its label, hint and errors. Takes a `Field` or a field of a Django form.

    Keyword arguments change the shape for this place: `{% gx_field form.name wide=True hint=… %}`.
    """
    return {"field": forms.field_of(field, changes)}


@register.inclusion_tag("gx/form_errors.html")
def gx_form_errors(errors: Iterable[str] | BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole, announced as an alert."""
    found = errors.non_field_errors() if isinstance(errors, BaseForm) else errors
    return {"errors": [str(error) for error in found]}


@register.inclusion_tag("gx/field_group.html")
def gx_field_group(group: shapes.FieldGroup) -> dict[str, Any]:
    """A part of a form: name at the left, fields at the right."""
    return {"group": group}


# ---------------------------------------------------------------- lists


@register.inclusion_tag("gx/table.html")
def gx_table(table: shapes.Table) -> dict[str, Any]:
    """A table with sortable heads, selectable rows and the line that says how much is shown."""
    return {"table": table}


register.simple_tag(drawn_rows, name="gx_rows")


@register.inclusion_tag("gx/more.html")
def gx_more(more: shapes.More, table: str = "list") -> dict[str, Any]:
    """How many are shown of how many, and the way to more."""
    return {"more": more, "table": table}


@register.inclusion_tag("gx/total.html")
def gx_total(more: shapes.More, table: str = "list") -> dict[str, Any]:
    """The total alone: what `total_url` and `exact_url` answer with."""
    return {"more": more, "table": table}


@register.inclusion_tag("gx/tabs.html")
def gx_tabs(
    tabs: Sequence[shapes.Tab], label: str = "", add_url: str = "", add_dialog: str = ""
) -> dict[str, Any]:
    """Saved views or parts of a page as text with counts."""
    return {"tabs": tabs, "label": label, "add_url": add_url, "add_dialog": add_dialog}


@register.inclusion_tag("gx/filters.html")
def gx_filters(sentence: shapes.Sentence) -> dict[str, Any]:
    """The filter as a sentence whose values are buttons."""
    return {"sentence": sentence}


@register.inclusion_tag("gx/bulk.html", takes_context=True)
def gx_bulk(
    context: Context,
    actions: Sequence[shapes.MenuItem],
    total: int | str | None = None,
    table: str = "list",
    query: str = "",
) -> dict[str, Any]:
    """The bar of what can be done with the selected rows of `table` (its DOM id).

    The rows arrive as `ids`; "select all" adds `all=1` and `query`, the list's own query string.
    """
    shown = words.shown_number(total) if isinstance(total, int) else total
    return {
        "actions": actions,
        "total": shown,
        "table": table,
        "query": query,
        "csrf_token": context.get("csrf_token"),
    }


# ---------------------------------------------------------------- card


@register.inclusion_tag("gx/panel.html")
def gx_panel(
    title: str,
    rows: Sequence[shapes.PanelRow],
    count: int | str | None = None,
    url: str = "",
    link: str = "",
    empty: str = "",
) -> dict[str, Any]:
    """A related panel: up to three rows, the count, and the way to all of them."""
    shown = words.shown_number(count) if isinstance(count, int) else count
    return {
        "title": title,
        "rows": rows,
        "count": shown,
        "url": url,
        "link": link or _("All"),
        "empty": empty,
    }


@register.simple_block_tag
def gx_event(
    content: str, icon: str, kind: str, title: str = "", time: str = "", tone: str = "", last: bool = False
) -> SafeString:
    """An entry of the timeline; the block is its body. `tone` is "in" or "bad"; `last` ends the line."""
    classes = "gx-ev" + {"in": " gx-in", "bad": " gx-is-bad"}.get(tone, "") + (" gx-last" if last else "")
    return format_html(
        '<div class="{}"><span class="gx-ch">{}</span><div><div class="gx-l1"><span><b>{}</b> {}</span>'
        '<span class="gx-when">{}</span></div>{}</div></div>',
        classes, marks.icon(icon, size=14), kind, title, time, content,
    )  # fmt: skip


@register.simple_tag
def gx_day(text: str) -> SafeString:
    """A day of the timeline in words."""
    return format_html('<h3 class="gx-day">{}</h3>', text)


# ---------------------------------------------------------------- floating


@register.inclusion_tag("gx/menu.html", takes_context=True)
def gx_menu(
    context: Context,
    items: Sequence[shapes.MenuItem],
    label: str,
    icon: str = "",
    text: str = "",
    side: str = "start",
    classes: str = "btn btn-sm",
    above: Sequence[str] = (),
) -> dict[str, Any]:
    """A button that opens a menu. `label` names it to a screen reader where `text` is missing; `above` is HTML of
    lines before the items.
    """
    return {
        "above": above, "items": items, "label": label, "icon": icon, "text": text, "side": side, "classes": classes,
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("gx/menu_item.html", takes_context=True)
def gx_menu_item(context: Context, item: shapes.MenuItem) -> dict[str, Any]:
    """One line of a menu."""
    return {"item": item, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("gx/confirm.html", takes_context=True)
def gx_confirm(
    context: Context,
    dialog: str,
    title: str,
    text: str = "",
    action: str = "",
    url: str = "",
    tone: str = "",
    fields: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A question before what cannot be undone: a POST to `url` on yes. `data-gx-dialog` opens it."""
    return {
        "dialog": dialog,
        "title": title,
        "text": text,
        "action": action or _("Confirm"),
        "url": url,
        "tone": tone,
        "fields": fields or {},
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("gx/job.html", takes_context=True)
def gx_job(context: Context, job: shapes.Job, small: bool = False) -> dict[str, Any]:
    """Long work with its bar, or its result. `small` is for the sidebar's foot."""
    return {"job": job, "small": small, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("gx/toast.html", takes_context=True)
def gx_toast(context: Context, toast: shapes.Toast) -> dict[str, Any]:
    """What was done, with its undo and the seconds left."""
    return {"toast": toast, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("gx/options.html")
def gx_options(options: Sequence[shapes.Option], create: str = "", note: str = "") -> dict[str, Any]:
    """The answer to a picker or the palette: options under their groups, and what may be created."""
    return {"options": options, "create": create, "note": note}


@register.simple_tag
def gx_attrs(attrs: dict[str, str]) -> SafeString:
    """A mapping as HTML attributes."""
    return format_html_join("", ' {}="{}"', attrs.items())
