"""Writing an e-mail from a card, answering one, and keeping one to oneself."""

from collections.abc import Sequence
from email.utils import getaddresses
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.activities.pages.timeline import timeline_record
from guanxi.activities.queries.letters import Shown, message_of, messages_of, tells_addresses
from guanxi.activities.queries.proposals import customer_of
from guanxi.activities.queries.subjects import is_subject
from guanxi.activities.queries.touches import touches_of
from guanxi.activities.services.hiding import hide_mail
from guanxi.channels.choices import Direction, Standing
from guanxi.channels.models import Message
from guanxi.channels.queries.mailboxes import mailbox_of
from guanxi.channels.rules.threads import answering_subject
from guanxi.channels.services.mailboxes import CONNECT
from guanxi.channels.services.sending import Draft as Mail
from guanxi.channels.services.sending import write
from guanxi.foundation.design import marks
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find, resource_of

_NAMES = ("to", "cc", "subject", "text")
_MOST_FILES = 20
_OFFERED = 50
_LOOKED_AT, _ANSWERABLE = 20, 5
# Chinese in code: by what people part addresses
_MARKS = "，；、;\n"


@require_http_methods(["GET", "POST"])
def mail_write(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """The composer; `answer` names the e-mail of the timeline that is answered."""
    actor = actor_of(request)
    actor.require(CONNECT)
    kind, record = timeline_record(actor, resource, id)
    answered = _answered(request, actor)
    connected = mailbox_of(actor)
    draft = Draft(_proposed(actor, kind, record, answered))
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "") for name in _NAMES})
        try:
            write(actor, _typed(draft, answered, kind.key, record), files=_files(request))
            tell(request, _("The e-mail is being sent. Once it has left it stands on the timeline."))
            return HttpResponseRedirect(kind.url("card", id=id))
        except (Invalid, Refused) as error:
            draft.blame(error)
    context = {
        "resource": kind,
        "record": record,
        "draft": draft,
        "to": draft.field(
            "to", pgettext("e-mail", "To"), required=True, wide=True, hint=_("Several with commas.")
        ),
        "cc": draft.field("cc", pgettext("e-mail", "Copy to"), wide=True),
        "subject": draft.field("subject", _("Subject"), required=True, wide=True, maxlength=500),
        "text": draft.field(
            "text", pgettext("e-mail", "Text"), "textarea", required=True, wide=True, rows=12
        ),
        "offered": _offered(actor, kind, record),
        "waiting": [] if answered else _received(actor, kind, record),
        "connected": connected is not None and connected.state != Standing.OFF,
        "address": connected.address if connected is not None else "",
        "answered": answered,
        "answer": request.GET.get("answer") or request.POST.get("answer") or "",
        "card_url": kind.url("card", id=id),
        "active": kind.key,
    }
    wrong = bool(draft.errors or draft.overall)
    return render(request, "activities/mail_write.html", context, status=422 if wrong else 200)


mail_write.takes_files = True  # type: ignore[attr-defined]


@require_POST
def mail_hide(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Keep an e-mail of one's own mailbox to oneself."""
    actor = actor_of(request)
    activity, _message = message_of(actor, id)
    back = find("customers").url("card", id=activity.customer_id) if activity.customer_id else reverse("home")
    hide_mail(actor, id)
    tell(request, _("Taken off the cards, with all that was kept of it."))
    return HttpResponseRedirect(back)


def _answered(request: HttpRequest, actor: Actor) -> Message | None:
    wanted = uuid_of(request.GET.get("answer") or request.POST.get("answer"))
    return message_of(actor, wanted)[1] if wanted is not None else None


def _proposed(actor: Actor, kind: type[Resource], record: Any, answered: Message | None) -> dict[str, str]:
    if answered is None:
        return {"to": next(iter(_addresses(actor, kind, record)), "")}
    if not tells_addresses(actor):
        return {"subject": answering_subject(answered.subject)}
    if answered.direction == Direction.OUT:
        to = [one["mail"] for one in answered.recipients if one["as"] == "to"]
    else:
        to = [answered.sender]
    own = mailbox_of(actor)
    mine = own.address if own is not None else ""
    copies = [
        one["mail"] for one in answered.recipients if one["mail"] not in (*to, mine) and one["as"] == "cc"
    ]
    return {"to": ", ".join(to), "cc": ", ".join(copies), "subject": answering_subject(answered.subject)}


def _typed(draft: Draft, answered: Message | None, key: str, record: Any) -> Mail:
    return Mail(
        to=_people(draft.values["to"]),
        cc=_people(draft.values["cc"]),
        subject=" ".join(draft.values["subject"].split()),
        text=draft.values["text"].replace("\r\n", "\n"),
        answers=answered.pk if answered is not None else None,
        resource=key,
        record_id=record.pk,
    )


def _people(text: str) -> list[tuple[str, str]]:
    """Addresses as people type them, with commas of both kinds."""
    folded = text[:5000]
    for mark in _MARKS:
        folded = folded.replace(mark, ",")
    found = {mail.strip().casefold(): name.strip() for name, mail in getaddresses([folded]) if mail.strip()}
    return [(name, mail) for mail, name in found.items()]


def _files(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(one.name or "", one.chunks()) for one in request.FILES.getlist("file")[:_MOST_FILES]]


def _offered(actor: Actor, kind: type[Resource], record: Any) -> list[tuple[str, str]]:
    """The customer's people with their addresses, as far as the actor reads them."""
    people = find("people")
    shown = {
        one.name for one in access.readable(actor, people, ("name", "email")) if access.is_open(actor, one)
    }
    customer = customer_of(actor, kind, record)
    if shown != {"name", "email"} or customer is None:
        return []
    rows = access.visible(actor, people).filter(customer_id=customer.pk).exclude(email="")
    return list(rows.order_by("name_sort", "pk").values_list("email", "name")[:_OFFERED])


def _addresses(actor: Actor, kind: type[Resource], record: Any) -> Sequence[str]:
    """The record's own address, else that of the person it is with, as far as the actor reads them."""
    if found := _address(actor, kind, record):
        return [found]
    people = find("people")
    linked = [one for one in access.readable(actor, kind, ("person",)) if access.is_open(actor, one)]
    with_whom = getattr(record, "person_id", None) if linked else None
    person = access.visible(actor, people).filter(pk=with_whom).first() if with_whom else None
    found = _address(actor, people, person)
    return [found] if found else []


def _address(actor: Actor, kind: type[Resource], record: Any) -> str:
    open_kinds = [one for one in access.readable(actor, kind, ("email",)) if access.is_open(actor, one)]
    return str(getattr(record, "email", "") or "") if open_kinds else ""


def _received(actor: Actor, kind: type[Resource], record: Any) -> list[Shown]:
    """What the customer of a sale wrote last: answered from the sale's card, its thread is about the sale."""
    customer = customer_of(actor, kind, record) if is_subject(kind.key) else None
    if customer is None:
        return []
    touches = touches_of(actor, find("customers"), customer)
    return [one for one in messages_of(actor, touches, limit=_LOOKED_AT) if one.received][:_ANSWERABLE]


def write_item(actor: Actor, record: Any, show: Show) -> str:
    """The way here, in the menu of a card."""
    if actor.member_id is None or not actor.may(CONNECT):
        return ""
    url = reverse("mail_write", args=[resource_of(record).key, record.pk])
    name = format_html('<span class="gx-fill">{}</span>', _("Write an e-mail"))
    return format_html('<a class="gx-item" href="{}">{}{}</a>', url, marks.icon("mail"), name)
