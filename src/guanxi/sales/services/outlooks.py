"""Saying what one expects of a month, beside what is worked out."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, Malformed, Message, NotFound
from guanxi.kernel.figures import parse_figure
from guanxi.kernel.money import currency_digits
from guanxi.kernel.text import clean_text
from guanxi.sales.choices import EXPECT, MOST
from guanxi.sales.models import Outlook
from guanxi.sales.queries.forecasting import may_forecast
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.outlooks import reaches


def read_amount(text: str) -> int | None:
    """An amount in the company's own currency as people write it, in its minor units; None for nothing. Raises Invalid
    beside the field."""
    if not text.strip():
        return None
    try:
        return parse_figure(text, places=currency_digits(own_currency()))
    except Malformed as error:
        raise Invalid({"amount": [Message("amount", _("This is not an amount."))]}) from error


def say_outlook(
    actor: Actor,
    *,
    month: date,
    amount: int | None,
    reason: str,
    member: UUID | None = None,
    department: UUID | None = None,
) -> Outlook:
    """Say what a member or a department will win in a month in all, in minor units of the company's own currency, and
    why; it takes the place of what was said before. Raises Forbidden, Invalid for no amount, an absurd one, no reason,
    and for neither or both of member and department."""
    actor.require(EXPECT)
    if not may_forecast(actor):
        raise Forbidden(EXPECT)
    why = clean_text(reason, multiline=False).strip()[:300]
    problems = Invalid()
    if (member is None) == (department is None):
        problems.add("whose", Message("whose", _("Say of whom: a person or a department.")))
    if amount is None:
        problems.add("amount", Message("required", _("Say how much.")))
    elif not 0 <= amount <= MOST:
        problems.add("amount", Message("absurd", _("An amount is not negative, and not beyond all measure.")))
    if not why:
        problems.add("reason", Message("required", _("Say why: whoever reads it sees it beside the figure.")))
    if problems:
        raise problems
    if not reaches(actor, EXPECT, member, department):
        raise Forbidden(EXPECT)
    model: type[Member] | type[Department] = Member if member is not None else Department
    named = (
        model._default_manager.filter(pk__in=[member or department]).values_list("name", flat=True).first()
    )
    if named is None:
        raise Invalid({"whose": [Message("whose", _("Say of whom: a person or a department."))]})
    first = month.replace(day=1)
    with operation(actor, EXPECT, record_id=member or department, label=named, summary={"reason": why}):
        rows = Outlook.objects.select_for_update(of=("self",))
        found = rows.filter(month=first, member=member, department=department).first()
        one = found or Outlook(month=first, member_id=member, department_id=department)
        one.amount, one.reason, one.by_id = int(amount or 0), why, actor.member_id
        one.save()
    return one


def withdraw_outlook(actor: Actor, outlook_id: UUID) -> None:
    """Take it back: the figure that is worked out stands alone again. Raises NotFound, Forbidden."""
    if not may_forecast(actor):
        raise Forbidden(EXPECT)
    one = Outlook.objects.filter(pk=outlook_id).select_related("member", "department").first()
    if one is None or not reaches(actor, "sales.opportunity.view", one.member_id, one.department_id):
        raise NotFound("no_outlook")
    if not (actor.may(EXPECT) and reaches(actor, EXPECT, one.member_id, one.department_id)):
        raise Forbidden(EXPECT)
    with operation(
        actor, EXPECT, record_id=one.member_id or one.department_id, label=str(one.member or one.department)
    ):
        one.delete()
