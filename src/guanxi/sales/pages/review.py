"""What of sales is to be cleared up: texts that suggest a product, answered once for all lines of a text, and sales
without a customer, one by one or many at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design import shapes
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, tell, uuid_of
from guanxi.integrations.imports.words import said as words
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.kernel.text import whole_number
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.links import look_up
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.queries import review
from guanxi.sales.queries.money import own_money
from guanxi.sales.services.review import answer_customer, answer_text
from guanxi.screens.looks import look_tabs

_TEXTS, _SALES, _PAGES = 50, 50, 2_000
_BESIDE = ("external_number", "stage", "amount", "owner")


@require_http_methods(["GET", "POST"])
def opportunities_review(request: HttpRequest) -> HttpResponse:
    """What is to be cleared up; a POST answers. Raises Forbidden."""
    actor = actor_of(request)
    actor.require(find("opportunities").permission("view"))
    problems: list[str] = []
    if request.method == "POST":
        try:
            _answer(request, actor)
        except (Invalid, Refused) as error:
            problems = [words(error)]
        else:
            return HttpResponseRedirect(reverse("opportunities_review"))
    status = 422 if problems else 200
    return render(request, "sales/review.html", _context(actor, request, problems), status=status)


def _answer(request: HttpRequest, actor: Actor) -> None:
    posted, do = request.POST, request.POST.get("do", "")
    if do in ("take", "product", "leave_text"):
        of = uuid_of(posted.get("suggested"))
        product = {"take": of, "product": uuid_of(posted.get("product"))}.get(do)
        if of is None or (do == "product" and product is None):
            raise Invalid({"product": [Message("required", _("Choose a product."))]})
        count = answer_text(actor, text=posted.get("text", ""), suggested=of, product=product)
        said = ngettext("%(n)s line answered", "%(n)s lines answered", count) % {"n": f"{count:,}"}
    elif do in ("customer", "leave_sale"):
        customer = uuid_of(posted.get("customer")) if do == "customer" else None
        if do == "customer" and customer is None:
            raise Invalid({"customer": [Message("required", _("Choose a customer."))]})
        chosen = [one for one in map(uuid_of, posted.getlist("id")) if one is not None]
        if posted.get("all") == "1":
            chosen = list(review.customerless(actor).values_list("pk", flat=True))
        if not chosen:
            raise Invalid({"id": [Message("required", _("Choose the sales first."))]})
        count = answer_customer(actor, ids=chosen, customer=customer)
        said = ngettext("%(n)s sale answered", "%(n)s sales answered", count) % {"n": f"{count:,}"}
    else:
        return
    tell(request, said, undo=last_operation_id() if count else None)


def _context(actor: Actor, request: HttpRequest, problems: list[str]) -> dict[str, Any]:
    resource, show = find("opportunities"), Show(actor, get_language() or "zh-hans")
    sales, lines = review.totals(actor)
    page = whole_number(request.GET.get("page", ""), most=_PAGES) or 1
    start = (page - 1) * _SALES
    found = review.customerless(actor).select_related("owner").order_by("-created_at", "-id")
    rows = list(found[start : start + _SALES])
    kinds = [kind for kind in access.readable(actor, resource, _BESIDE) if access.is_open(actor, kind)]
    look_up(kinds, rows, show)
    worth = review.worth(actor)
    return {
        "active": "opportunities",
        "problems": problems,
        "looks": look_tabs(actor, resource, QueryDict(), page="opportunities_review"),
        "lines": lines,
        "sales": sales,
        "worth": own_money(worth) if worth else None,
        "texts": _texts(actor),
        "rows": [(one, resource.url("card", id=one.pk), _beside(one, kinds, show)) for one in rows],
        "more": max(0, sales - start - len(rows)),
        "next": f"?page={page + 1}",
        "customer": _picker("customer", gettext("Customer"), "opportunities", "customer"),
    }


def _texts(actor: Actor) -> list[dict[str, Any]]:
    said = review.texts(actor, _TEXTS)
    products = find("products")
    names = dict(
        access.visible(actor, products)
        .filter(pk__in=[one.suggested for one in said])
        .values_list("pk", "name")
    )
    return [
        {
            "said": one,
            "name": names.get(one.suggested, ""),
            "url": find("opportunities").url("card", id=one.sale),
            "product": _picker("product", gettext("Another product"), "sale_lines", "product", f"{at}-"),
        }
        for at, one in enumerate(said)
    ]


def _beside(one: Opportunity, kinds: list[Any], show: Show) -> str:
    return " · ".join(text for kind in kinds if (text := kind.text(one, show)))


def _picker(name: str, label: str, key: str, field: str, prefix: str = "") -> shapes.Field:
    url = find(key).url("options", field=field)
    return shapes.Field(name=name, label=label, kind="picker", url=url, prefix=prefix, placeholder=label)
