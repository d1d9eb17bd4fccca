"""Actions on the page: on the record of a card, and on the rows of a list that were chosen."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions import web
from guanxi.foundation.permissions.web import back_to
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.kinds import Kind
from guanxi.resource import access, acting, guards
from guanxi.resource.acting import DELETE, EDIT, Selection
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Resource
from guanxi.resource.jobs import AT_ONCE, act_later
from guanxi.resource.merging import MOST
from guanxi.screens.drawing import show_for
from guanxi.screens.forms import _raw
from guanxi.screens.parts import offered_by

View = Callable[..., HttpResponse]
SHOWN = 3  # records that a form for many names


def accepting(view: View) -> View:
    """A view whose form may say which warnings its reader was shown and goes on in spite of (`accept_warnings`)."""

    @wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with guards.accepting(request.POST.getlist("accept_warnings")):
            return view(request, *args, **kwargs)

    return call


def _selection(request: HttpRequest) -> Selection:
    """The rows a bulk act is for: those ticked, or all that match the list's query."""
    if request.POST.get("all") == "1":
        return Selection(query=request.POST.get("query", ""))
    asked = []
    for text in request.POST.getlist("ids"):
        try:
            asked.append(UUID(text))
        except ValueError:
            continue
    return Selection(tuple(dict.fromkeys(asked)))


@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, resource: type[Resource], key: str) -> HttpResponse:
    """An action on many: first what it asks for, with the count; then the deed, beyond 500 as a job.

    Come to by its address alone (a reload, a way back) there is no selection any more: the list is where one is made.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "GET":
        actor.require(resource.permission("view"))
        return redirect(resource.url())
    action = acting.find(actor, resource, key, form="set")
    selection = _selection(request)
    if action.page:
        rows = selection.rows(actor, resource).order_by("pk").values_list("pk", flat=True)
        query = urlencode([("ids", one) for one in rows[: MOST + 1]])
        return redirect(f"{resource.url(action.page)}?{query}")
    total = selection.total(actor, resource)
    kinds = acting.inputs_of(actor, resource, action)
    offered = kinds if key == EDIT else []
    if key == EDIT:
        kinds = [kind for kind in kinds if kind.name == request.POST.get("field", "")]
    later = total.count > AT_ONCE or not total.exact
    page = _Page(request, resource, action, kinds)
    asks = bool(kinds or offered or action.confirm or later)
    if not (asks and request.POST.get("save") != "1") and (kinds or key != EDIT):
        raw = page.given()
        try:
            if offered:
                page.must_be_meant(raw)
            if later:
                acting.cleaned(actor, resource, action, raw)
                accepted = ",".join(request.POST.getlist("accept_warnings"))
                job = act_later(actor, resource, action, selection, raw, total=total.count, accepted=accepted)
                return HttpResponseRedirect(reverse("job", args=[job.id]))
            with transaction.atomic():
                tally = acting.act_on_many(actor, resource, action, selection, raw)
                if tally.warned and "leave" not in request.POST:
                    transaction.set_rollback(True)
                    page.warned(list(tally.warned.values()))
        except Invalid as error:
            page.wrong(error)
        else:
            if not page.warnings:
                page.tell(acting.said(resource, action, tally), tally.operation_id)
                return HttpResponseRedirect(back_to(request, resource.url()))
    count = resource.count_words(total.count) if total.exact else f"{total.count:,}+"
    values = {"act": action.label, "what": count}
    title = gettext("Change %(what)s") if key == EDIT else gettext("%(act)s: %(what)s")
    return page.answer(
        title=title % values,
        offered=offered,
        ids=[str(one) for one in selection.ids],
        all=request.POST.get("all", ""),
        query=selection.query or "",
        next=back_to(request, resource.url()),
        many=True,
        later=later,
        may_warn=later and guards.may_warn(resource, action.verb),
        may_empty=bool(offered) and any(not kind.required for kind in kinds),
        some=[str(one) for one in selection.rows(actor, resource).order_by("pk")[:SHOWN]],
        others=max(total.count - SHOWN, 0) or not total.exact,
        action_url=request.path,
    )


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, resource: type[Resource], id: UUID, key: str) -> HttpResponse:  # noqa: A002
    """An action on one record: at once where it asks for nothing; the toast undoes it."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        action = acting.find(actor, resource, key)
    except (NotFound, Forbidden):
        access.get(actor, resource, id)  # what is out of sight is not there, whatever is asked of it
        raise
    try:
        record = acting.record_of(actor, resource, action, id)
    except Refused as late:
        web.tell(request, late.words)
        return _go_on(request, resource.url())
    access.require(actor, resource, record, action.verb)
    if key == EDIT:
        return HttpResponseRedirect(resource.url("edit", id=id))
    if elsewhere := _own_page(resource, action, id, request.method or ""):
        return redirect(elsewhere)
    name = str(record)
    page = _Page(request, resource, action, acting.inputs_of(actor, resource, action))
    if action.known:
        page.holds(record)
    asks = bool(page.kinds or action.confirm)
    if request.method == "POST" and (not asks or request.POST.get("save") == "1"):
        try:
            acting.act(actor, resource, action, id, page.given())
        except Invalid as error:
            page.wrong(error)
        except guards.Warned as error:
            page.warned(error.warnings)
        except Refused as error:
            page.refused(error)
        else:
            what = gettext("“%(name)s”") % {"name": name}
            page.tell(str(action.said) % {"what": what}, last_operation_id())
            seen = key != DELETE and access.visible(actor, resource).filter(pk=id).exists()
            then = action.then(actor, id) if action.then is not None else ""
            return _go_on(request, then or (resource.url("card", id=id) if seen else resource.url()))
    if request.method == "POST" and request.headers.get("HX-Request"):
        return _said_there(request, resource, action, page, id)
    title = gettext("%(act)s: %(what)s") % {"act": action.label, "what": name}
    return page.answer(title=title, next=resource.url("card", id=id), record=record, action_url=request.path)


def _own_page(resource: type[Resource], action: Action, record_id: UUID, method: str) -> str:
    """Where an action on a record is asked about that has a page of its own; "" for one with a form."""
    if action.own_page is not None and method == "GET":
        return action.own_page(record_id)
    return f"{resource.url(action.page)}?{urlencode({'ids': record_id})}" if action.page else ""


def _go_on(request: HttpRequest, url: str) -> HttpResponse:
    """The next page: to a button that htmx presses the whole of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _said_there(
    request: HttpRequest, resource: type[Resource], action: Action, page: "_Page", record_id: UUID
) -> HttpResponse:
    """What a button that acts at once is told where nothing came of it: why, on the record as it is by now; what may go
    on in spite of a warning, on the page that asks."""
    if page.warnings or not page.overall:
        return _go_on(request, resource.url("act", id=record_id, key=action.key))
    web.tell(request, " ".join(page.overall))
    return _go_on(request, resource.url("card", id=record_id))


@require_GET
def options(request: HttpRequest, resource: type[Resource], key: str, field: str) -> HttpResponse:
    """What the picker of an action's input offers for `q`."""
    actor = request.actor  # type: ignore[attr-defined]
    action = acting.find(actor, resource, key)
    kind = next((one for one in acting.inputs_of(actor, resource, action) if one.name == field), None)
    if kind is None:
        raise NotFound("no_field")
    return offered_by(request, kind)


class _Page:
    """The form of an action: what it asks for, with what was typed and what is wrong with it."""

    def __init__(
        self, request: HttpRequest, resource: type[Resource], action: Action, kinds: Sequence[Kind]
    ) -> None:
        self.request, self.resource, self.action, self.kinds = request, resource, action, kinds
        self.known: dict[str, Any] = {}
        self.errors: dict[str, list[str]] = {}
        self.overall: list[str] = []
        self.warnings: list[guards.Verdict] = []
        self.status = 200

    def given(self) -> dict[str, Any]:
        return {kind.name: _raw(kind, self.request.POST) for kind in self.kinds}

    def holds(self, record: Any) -> None:
        """Begin with what the record holds already, as far as the reader may read it."""
        actor = self.request.actor  # type: ignore[attr-defined]
        wanted = [kind.name for kind in self.kinds]
        readable = access.readable(actor, self.resource, wanted)
        self.known = {kind.name: kind.value(record) for kind in readable if access.is_open(actor, kind)}

    def must_be_meant(self, raw: dict[str, Any]) -> None:
        """Emptying a field of many records takes a tick of its own: a form left as it was looks the same. Raises
        Invalid."""
        if "empty" in self.request.POST:
            return
        meant = Message("empty", gettext_lazy("Choose a value, or tick that the field is to be emptied."))
        if blank := {name: [meant] for name, value in raw.items() if value in ("", [])}:
            raise Invalid(blank)

    def wrong(self, error: Invalid) -> None:
        self.errors = {name: [str(message) for message in said] for name, said in error.fields.items()}
        shown = {kind.name for kind in self.kinds}
        self.overall = [str(message) for message in error.messages]
        self.overall += [text for name, said in self.errors.items() if name not in shown for text in said]
        self.status = 422

    def refused(self, error: Refused) -> None:
        self.overall, self.status = [error.words], 409

    def warned(self, warnings: Sequence[guards.Verdict]) -> None:
        self.warnings, self.status = list(warnings), 409

    def tell(self, text: str, done: UUID | None) -> None:
        """A toast on the next page: what was done, and the way back."""
        by_ledger = self.action.undo == "ledger"
        web.tell(
            self.request,
            text if by_ledger else f"{text} {self.action.reversal}".rstrip(),
            undo=done if by_ledger else None,
        )

    def answer(self, **context: Any) -> HttpResponse:
        typed = self.given() if self.request.POST.get("save") == "1" else self.known
        show = show_for(self.request)
        fields = [
            kind.editor(
                typed.get(kind.name), show, errors=self.errors.get(kind.name, ()), autofocus=number == 0
            )
            for number, kind in enumerate(self.kinds)
        ]
        context |= {
            "resource": self.resource,
            "active": self.resource.key,
            "action": self.action,
            "fields": fields,
            "chosen": self.kinds[0].name if self.action.key == EDIT and self.kinds else "",
            "overall": self.overall,
            "warnings": self.warnings,
            "codes": ",".join(one.code for one in self.warnings),
        }
        return render(self.request, "screens/act.html", context, status=self.status)
