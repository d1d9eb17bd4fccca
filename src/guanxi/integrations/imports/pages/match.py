"""Step 2: columns and fields, and what would happen."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design import shapes
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.beside import Slot
from guanxi.integrations.imports.drawing import context_of, job_of, report_links, url_of
from guanxi.integrations.imports.fresh import KINDS, NEW, Fresh
from guanxi.integrations.imports.heads import targets_of
from guanxi.integrations.imports.jobs import IMPORT
from guanxi.integrations.imports.mapping import Column, Mapping
from guanxi.integrations.imports.pages.checking import SHOWN, check, look, preview, to_write
from guanxi.integrations.imports.pages.explaining import Explaining, told
from guanxi.integrations.imports.planning import DUPLICATE_RULES
from guanxi.integrations.imports.reading import HEAD_WITHIN, NO_HEAD, Table
from guanxi.integrations.imports.services import remember_columns
from guanxi.integrations.imports.uploads import Upload, find_upload
from guanxi.integrations.imports.words import said
from guanxi.kernel.errors import GuanxiError, Invalid
from guanxi.kinds import Choice, Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import RecordLink
from guanxi.resource.reach import Everything
from guanxi.resource.registry import find

_WIDE = 40  # columns
_RULES = {
    "skip": (_("Skip them"), _("the record that exists stays as it is")),
    "fill": (_("Fill in what is empty"), _("only empty fields of the existing record are filled")),
    "overwrite": (_("Overwrite"), _("what the file holds replaces what the record holds")),
    "review": (
        _("Create what is doubtful, and ask"),
        _("certainly the same ones stay; the doubtful are put to those who answer for them"),
    ),
    "create": (_("Create them all the same"), _("save those that are certainly the same")),
}


@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """Which column becomes which field, and what would happen; a POST changes the one or starts the other."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    upload = find_upload(actor, resource, id)
    if job_of(upload, IMPORT) is not None:
        return HttpResponseRedirect(url_of(resource, "result", id=id))
    language = get_language() or upload.language
    if language != upload.language:
        upload = replace(upload, language=language).save()  # what is said about the rows is said anew
    problems: list[str] = []
    if request.method == "POST":
        try:
            upload = _chosen(request, actor, resource, upload)
            if request.POST.get("do") == "import" and not upload.move:
                return _begin(actor, resource, upload)
        except GuanxiError as error:
            problems = [said(error)]
        else:
            return HttpResponseRedirect(url_of(resource, "match", id=id))
    return _match_page(request, actor, resource, upload, problems)


def _match_page(
    request: HttpRequest, actor: Actor, resource: type[Resource], upload: Upload, problems: list[str]
) -> HttpResponse:
    checked: dict[str, Any] | None = None
    looked: dict[str, Any] | None = None
    job: shapes.Job | None = None
    table = upload.table(resource)
    columns = _columns_or_none(actor, resource, upload, table)
    try:
        if columns is not None and not problems:
            checked, job = check(actor, resource, upload, table, columns)
            looked = look(actor, resource, upload, table, columns) if job is not None else None
    except GuanxiError as error:
        problems = [said(error)]
    show = Show(actor=actor, language=get_language() or "zh-hans")
    said_of = checked or looked
    explaining = Explaining(columns, targets_of(actor, resource), show)
    context = context_of(
        resource,
        2,
        upload=upload,
        notes=[str(note) for note in table.notes] + _recalled(upload),
        summary=_summary(upload, table),
        rows=_map_rows(actor, resource, upload, columns, table, whole="all" in request.GET),
        bare=_bare(columns) if "all" not in request.GET else [],
        left_out=_left_out(columns),
        unknown=[one for one in columns.left_out if one.fresh] if columns else [],
        sheet=_sheet_field(table),
        head=_head_field(table),
        rule=_rule_field(upload),
        ways=_way_fields(actor, resource, upload, columns),
        rule_hint=_RULES[upload.on_duplicate][1],
        constants=_constant_fields(actor, resource, upload, columns, show),
        problems=problems,
        checked=checked,
        meanings=explaining.said(upload.meanings),
        remarks=explaining.asked(said_of["remarks"][:SHOWN]) if said_of else [],
        **preview(said_of),
        looked_at=looked["rows"] if looked else 0,
        to_write=to_write(checked) if checked else 0,
        job=job,
        reports=report_links(resource, upload, "check", checked),
        url=url_of(resource, "match", id=upload.id),
        start_url=reverse("move", args=[upload.move]) if upload.move else url_of(resource, "start"),
    )
    return render(
        request,
        "integrations/import_match.html",
        context,
        status=422 if problems and request.method == "POST" else 200,
    )


def _columns_or_none(actor: Actor, resource: type[Resource], upload: Upload, table: Table) -> Mapping | None:
    try:
        return upload.columns(actor, resource, table)
    except Invalid:
        return None


def _chosen(request: HttpRequest, actor: Actor, resource: type[Resource], upload: Upload) -> Upload:
    """The upload with what the form says. Raises Invalid where it cannot be."""
    table = upload.table(resource)
    sheet = request.POST.get("sheet", table.sheet)
    if sheet != table.sheet:
        # Another sheet has other columns: begin its matching anew.
        upload = replace(upload, sheet=sheet, head=None).begun(actor, resource)
        return upload.save()
    head = request.POST.get("head", "")
    if head.isdecimal() and int(head) != table.head_line:
        # Another row of headings: the columns are called otherwise.
        return replace(upload, head=int(head)).begun(actor, resource).save()
    chosen = {
        header: request.POST[f"map-{index}"]
        for index, header in enumerate(table.headers)
        if f"map-{index}" in request.POST
    }
    if request.POST.get("do") == "fields":
        known = upload.columns(actor, resource, table).left_out
        chosen |= {one.header: NEW + one.fresh for one in known if one.fresh and not chosen.get(one.header)}
    at, _sep, kind = request.POST.get("new", "").partition(":")
    if at.isdecimal() and int(at) < len(table.headers):
        chosen[table.headers[int(at)]] = NEW + kind
    rule = request.POST.get("on_duplicate", upload.on_duplicate)
    given = {
        name.removeprefix("constant-"): value.strip()
        for name, value in request.POST.items()
        if name.startswith("constant-") and isinstance(value, str) and value.strip()
    }
    upload = replace(
        upload,
        chosen={**upload.chosen, **chosen},
        meanings=told(request.POST, upload.meanings),
        dates=request.POST.get("dates", upload.dates),
        unclear=request.POST.get("unclear", upload.unclear),
        recalled=upload.recalled and all(upload.chosen.get(h, f) == f for h, f in chosen.items()),
        on_duplicate=rule if rule in DUPLICATE_RULES else upload.on_duplicate,
        constants=given if any(name.startswith("constant-") for name in request.POST) else upload.constants,
    )
    upload.options.check()
    upload.columns(actor, resource, table)
    return upload.save()


def _begin(actor: Actor, resource: type[Resource], upload: Upload) -> HttpResponse:
    if job_of(upload, IMPORT) is None:
        remember_columns(resource, upload.columns(actor, resource, upload.table(resource)), upload.meanings)
        enqueue(
            actor, IMPORT, label=upload.name, total=upload.rows, upload=str(upload.id), resource=resource.key
        )
    return HttpResponseRedirect(url_of(resource, "result", id=upload.id))


def _summary(upload: Upload, table: Table) -> str:
    """What came in, in one sentence."""
    rows = ngettext("%(n)s row", "%(n)s rows", upload.rows) % {"n": f"{upload.rows:,}"}
    width = len(table.headers)
    columns = ngettext("%(n)s column", "%(n)s columns", width) % {"n": width}
    named = {"name": upload.name, "how": _read_as(table), "rows": rows, "columns": columns}
    if named["how"]:
        return gettext("%(name)s (%(how)s), %(rows)s, %(columns)s. Nothing has been written yet.") % named
    return gettext("%(name)s, %(rows)s, %(columns)s. Nothing has been written yet.") % named


def _recalled(upload: Upload) -> list[str]:
    if not upload.recalled:
        return []
    return [gettext("The columns are matched as they were for the last file with this head.")]


def _left_out(columns: Mapping | None) -> str:
    if columns is None or not columns.left_out:
        return ""
    names = [column.header for column in columns.left_out if column not in _bare(columns)]
    return gettext("Not imported: %(columns)s") % {"columns": listed(names)} if names else ""


def _bare(columns: Mapping | None) -> list[Column]:
    """Of a wide file, as programs give it out, the columns of which the first rows say nothing."""
    if columns is None or len(columns.columns) <= _WIDE:
        return []
    return [column for column in columns.columns if not column.sample]


def _read_as(table: Table) -> str:
    if table.sheet:
        return gettext("sheet “%(sheet)s”") % {"sheet": table.sheet} if len(table.sheets) > 1 else ""
    names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "GB18030", "big5": "Big5"}
    return names.get(table.encoding, table.encoding.upper())


def _map_rows(
    actor: Actor,
    resource: type[Resource],
    upload: Upload,
    columns: Mapping | None,
    table: Table,
    *,
    whole: bool,
) -> list[dict[str, Any]]:
    """One line for each column: what it is called, its first value, the field it becomes; those that say nothing only
    where the `whole` is asked for."""
    found = (
        columns.columns
        if columns
        else tuple(
            Column(i, header, field=upload.chosen.get(header, "")) for i, header in enumerate(table.headers)
        )
    )
    groups = _groups(actor, resource, columns.beside if columns else ())
    rows = []
    aside = [] if whole else _bare(columns)
    for column in found:
        if column in aside:
            continue
        hint = str(column.why or "")
        if column.guess:
            hint = gettext("looks like %(field)s") % {"field": resource.kind(column.guess).label}
        rows.append(
            {
                "name": f"map-{column.index}",
                "header": column.header,
                "sample": column.sample,
                "field": column.field,
                "groups": groups,
                "hint": hint,
                "fresh": f"{column.index}:{column.fresh}" if column.fresh else "",
                "fresh_label": KINDS[column.fresh] if column.fresh else "",
            }
        )
    return rows


def _groups(
    actor: Actor, resource: type[Resource], used: Collection[str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields to choose from, those of each kind of record under its name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, kind in targets_of(actor, resource).items():
        place = name.partition(".")[0] if "." in name else resource.key
        key, _sign, number = place.partition("#")
        if number.isdecimal() and place not in used:
            continue  # a second and third of each is offered where the file has one
        label = str(kind.label)
        if isinstance(kind, Fresh):
            label = label[:1].upper() + label[1:]
        if number.isdecimal():
            label = gettext("%(field)s (%(of)s, no. %(number)s)") % {
                "of": find(key).label_plural,
                "field": label,
                "number": number,
            }
        elif key != resource.key and not isinstance(kind, Slot):
            label = gettext("%(field)s (%(of)s)") % {"of": find(key).label_plural, "field": label}
        groups.setdefault(str(find(key).label_plural), []).append((name, label))
    return list(groups.items())


def _sheet_field(table: Table) -> shapes.Field | None:
    if len(table.sheets) < 2:
        return None
    return _choice("sheet", gettext("Sheet"), table.sheet, {name: name for name in table.sheets})


def _head_field(table: Table) -> shapes.Field | None:
    """Which row says what the columns are."""
    if table.form is not None:
        return None
    rows = sorted({*range(1, HEAD_WITHIN + 1), table.head_line} - {NO_HEAD})
    words = {str(row): gettext("Row %(number)s") % {"number": row} for row in rows}
    words[str(NO_HEAD)] = gettext("There are none")
    return _choice("head", gettext("Headings"), str(table.head_line), words)


def _rule_field(upload: Upload) -> shapes.Field:
    asks = find(upload.resource).review is not None
    words = {rule: str(label) for rule, (label, _hint) in _RULES.items() if asks or rule != "review"}
    field = _choice("on_duplicate", gettext("What exists already"), upload.on_duplicate, words)
    return replace(field, hint=str(_RULES[upload.on_duplicate][1]))


def _way_fields(
    actor: Actor, resource: type[Resource], upload: Upload, columns: Mapping | None
) -> list[shapes.Field]:
    """What becomes of values that cannot be read, and what figures mean that are days."""
    found = [
        _choice(
            "unclear",
            gettext("Values that cannot be read"),
            upload.unclear,
            {"empty": gettext("Leave empty, and list them"), "reject": gettext("Do not import their row")},
        )
    ]
    if columns is not None and columns.days(actor, resource):
        words = {
            "": gettext("As the file shows"),
            "dmy": gettext("Day, month, year"),
            "mdy": gettext("Month, day, year"),
            "ymd": gettext("Year, month, day"),
        }
        found.append(_choice("dates", gettext("Dates such as 3/5/24"), upload.dates, words))
    return found


def _choice(name: str, label: str, now: str, words: dict[str, str]) -> shapes.Field:
    options = [shapes.Option(value=code, label=text, selected=code == now) for code, text in words.items()]
    return shapes.Field(name=name, label=label, kind="select", options=options)


def _constant_fields(
    actor: Actor, resource: type[Resource], upload: Upload, columns: Mapping | None, show: Show
) -> list[shapes.Field]:
    """The same value for every row: lists to choose from, and who answers for them."""
    used = columns.used if columns else {}
    found = []
    for kind in access.writable(actor, resource):
        owner = kind.name == resource.owner and actor.may(resource.permission("assign"))
        # Of what is nobody's in particular there are few, such as pools.
        few = isinstance(kind, RecordLink) and isinstance(find(kind.to).reach, Everything)
        if kind.name in used or not (isinstance(kind, Choice) or owner or few):
            continue
        raw = upload.constants.get(kind.name, "")
        shape = kind.editor(_stored(kind, raw, actor), show)
        found.append(replace(shape, name=f"constant-{kind.name}", required=False, hint=""))
    return found


def _stored(kind: Kind, raw: str, actor: Actor) -> Any:
    try:
        return kind.clean(raw, actor) if raw else kind.blank()
    except ValueError:
        return kind.blank()
